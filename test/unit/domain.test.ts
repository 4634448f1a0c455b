import { describe, expect, test } from 'vitest';
import { readSettings } from '../../lib/settings.js';
import { errorFrom } from '../support/errors.js';

const read = (domain: string) => readSettings({ domain, clientID: 'the-client', clientSecret: 'the-secret' });

describe('a domain', () => {
  test.each([
    ['acme.eu.auth0.com', 'https://acme.eu.auth0.com'],
    ['ACME.EU.Auth0.COM', 'https://acme.eu.auth0.com'],
    ['login.example.com', 'https://login.example.com'],
    ['https://acme.eu.auth0.com', 'https://acme.eu.auth0.com'],
    ['https://acme.eu.auth0.com/', 'https://acme.eu.auth0.com'],
    ['acme.eu.auth0.com/', 'https://acme.eu.auth0.com'],
    ['HTTPS://ACME.EU.AUTH0.COM/', 'https://acme.eu.auth0.com'],
    ['acme.eu.auth0.com:443', 'https://acme.eu.auth0.com'],
    ['acme.eu.auth0.com:8443', 'https://acme.eu.auth0.com:8443'],
    ['localhost:3000', 'https://localhost:3000'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://127.255.0.9', 'http://127.255.0.9'],
    ['http://[::1]:3000/', 'http://[::1]:3000'],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]'],
    ['bücher.example', 'https://xn--bcher-kva.example'],
  ])('may be %s', (domain, origin) => {
    expect(read(domain)).toMatchObject({ origin, issuer: `${origin}/` });
  });

  test.each([
    'http://acme.eu.auth0.com',
    'http://localhost.evil.example',
    'http://127.0.0.1.evil.example',
    'http://evil.example#localhost',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'http://[::ffff:127.0.0.1]',
    'http://[::]',
    'http://localhost@evil.example',
    'acme.eu.auth0.com/path',
    'https://acme.eu.auth0.com/path',
    'https://acme.eu.auth0.com//',
    'https://acme.eu.auth0.com?x',
    'https://acme.eu.auth0.com/?',
    'https://acme.eu.auth0.com#',
    'acme.eu.auth0.com\\path',
    'https://user@acme.eu.auth0.com',
    'https://user:password@acme.eu.auth0.com',
    'user@acme.eu.auth0.com',
    'acme.eu.auth0.com:99999',
    'acme.eu.auth0.com:port',
    'acme auth0.com',
    'https://',
    'ftp://acme.eu.auth0.com',
    'ws://localhost',
    'file:///etc/passwd',
    'acme://eu',
    '[::1',
  ])('may not be %s', async (domain) => {
    const error = await errorFrom(() => read(domain));
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/^TypeError: PasswordlessStrategy: domain must be/);
  });
});
