import { request } from 'undici';
import { expect, test } from 'vitest';
import { createContext } from '../../lib/testing/context.js';
import { createListener } from '../../lib/testing/listener.js';
import { readSettings } from '../../lib/testing/settings.js';
import { serve } from '../support/servers.js';

test.each([
  ['https://localhost:443', 'https://'],
  ['http://127.0.0.1:80', 'http://'],
])('a local tenant at %s and its custom domain have issuers without the port', async (address, scheme) => {
  const context = createContext(readSettings({ customDomains: ['login.example.com'] }), address);
  const { origin } = await serve(createListener(context, []));
  for (const host of [new URL(address).hostname, 'login.example.com']) {
    const { body } = await request(`${origin}/.well-known/openid-configuration`, { headers: { host } });
    expect(await body.json()).toMatchObject({ issuer: `${scheme}${host}/` });
  }
});
