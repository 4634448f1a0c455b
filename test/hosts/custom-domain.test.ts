import { readFileSync } from 'node:fs';
import { startLocalTenant, type LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { express } from './adapters/express.js';
import { koa } from './adapters/koa.js';
import { ada, openApp } from '../support/app.js';
import type { Host } from '../support/host.js';

const fixture = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
const tls = { key: fixture('key'), cert: fixture('cert') };

/** An app that knows its tenant by a custom domain, and nothing of the other. */
async function setUp(host: Host, customDomain: string, tenantOptions: LocalTenantOptions = {}) {
  const tenant = await startLocalTenant({ customDomains: [customDomain], ...tenantOptions });
  const { clientID, clientSecret } = tenant;
  const { port, protocol } = new URL(tenant.domain);
  const domain = `${protocol}//${customDomain}:${port}`;
  // There is no name server for it, and no certificate.
  const lookup = (_name: string, _options: object, found: (error: null, addresses: object[]) => void) => {
    found(null, [{ address: '127.0.0.1', family: 4 }]);
  };
  const dispatcher = new Agent({ connect: { ca: tls.cert, servername: 'localhost', lookup: lookup as never } });
  onTestFinished(async () => {
    await dispatcher.close();
    await tenant.close();
  });
  const { browser } = await openApp(
    { domain, clientID, clientSecret },
    { host, strategy: { dispatcher }, verify: ({ claims: { iss } }, { id }) => Promise.resolve({ id, iss }) },
  );
  return { tenant, domain, browser: browser(), sent: () => tenant.inbox.latest(ada) };
}

describe.each([
  ['Express', express],
  ['Koa', koa],
])('a custom domain on %s', (_name, host) => {
  test('is the issuer of a login by code, whose ID token is verified with its keys', async () => {
    const { browser, domain, sent } = await setUp(host, 'localhost');
    await browser.post('/start').send({ email: ada });
    const { body } = await browser.post('/code').send({ otp: sent()?.code });
    expect(body).toMatchObject({ user: { iss: `${domain}/` }, info: { method: 'code' } });
  });

  test('is where a link leads to, and whose tokens it brings', async () => {
    const { browser, domain, sent } = await setUp(host, 'localhost');
    await browser.post('/link').send({ email: ada });
    expect(sent()?.link?.startsWith(`${domain}/`)).toBe(true);
    const opened = await fetch(sent()?.link ?? '', { redirect: 'manual' });
    const { search } = new URL(opened.headers.get('location') ?? '');
    expect((await browser.get(`/callback${search}`)).body).toMatchObject({ user: { iss: `${domain}/` } });
  });

  test('asks for the second factor, and takes it', async () => {
    const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
    const { browser, domain, sent, tenant } = await setUp(host, 'localhost', { mfa: 'always', users });
    await browser.post('/start').send({ email: ada });
    expect((await browser.post('/code').send({ otp: sent()?.code })).body).toMatchObject({ code: 'mfa_required' });
    expect((await browser.get('/mfa/list')).body).toContainEqual(expect.objectContaining({ type: 'otp' }));
    const { body } = await browser.post('/mfa').send({ otp: tenant.totp(ada) });
    expect(body).toMatchObject({ user: { iss: `${domain}/` }, info: { mfa: { factor: 'otp' } } });
  });

  test('is called over TLS, as every one that is not on this machine', async () => {
    const { browser, domain, sent } = await setUp(host, 'login.example.com', { tls });
    await browser.post('/start').send({ email: ada });
    const { body } = await browser.post('/code').send({ otp: sent()?.code });
    expect(body).toMatchObject({ user: { iss: `${domain}/` } });
    expect(domain).toMatch(/^https:\/\/login\.example\.com:/);
  });

  test('that the tenant does not know is one whose ID tokens are not believed', async () => {
    const { browser, sent } = await setUp(host, 'localhost', { customDomains: [] });
    await browser.post('/start').send({ email: ada });
    const { status, body } = await browser.post('/code').send({ otp: sent()?.code });
    expect([status, body]).toMatchObject([502, { error: { code: 'id_token_invalid' } }]);
  });
});
