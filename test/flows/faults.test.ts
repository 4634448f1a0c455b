import { createServer } from 'node:net';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { setUp } from '../support/app.js';

const ada = 'ada@example.com';
type Respond = Parameters<LocalTenant['fault']>[0]['respond'];

const json = (status: number, body: unknown, headers = {}): Respond => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

/** What may happen to any call, whatever it asks. */
const FAULTS: [name: string, respond: Respond, status: number, code: string][] = [
  ['reset', 'reset', 503, 'transport_error'],
  ['never answered', 'timeout', 504, 'timeout'],
  ['truncated', 'truncate', 503, 'transport_error'],
  [
    'a page of HTML with 503',
    { status: 503, headers: { 'content-type': 'text/html' }, body: '<h1>503</h1>' },
    502,
    'unexpected_response',
  ],
  ['500', json(500, { error: 'server_error' }), 502, 'unexpected_response'],
  ['a 403 that is no JSON', { status: 403, body: 'Forbidden' }, 502, 'unexpected_response'],
  ['a 200 that is no JSON', { status: 200, body: '<html>' }, 502, 'unexpected_response'],
  ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:9/' } }, 502, 'unexpected_response'],
  ['8 MB', { status: 200, body: `"${'x'.repeat(8 * 1024 * 1024)}"` }, 502, 'unexpected_response'],
  [
    'wrong secret',
    json(401, { error: 'access_denied', error_description: 'Unauthorized' }),
    500,
    'configuration_error',
  ],
  [
    'invalid_client',
    json(401, { error: 'invalid_client', error_description: 'Client authentication failed' }),
    500,
    'configuration_error',
  ],
];

describe.each([
  ['/passwordless/start', '/login'],
  ['/oauth/token', '/code'],
])('%s', (path, route) => {
  test.each(FAULTS)('%s ends in an error, and the pending login is kept', async (_name, respond, status, code) => {
    const { browser, code: latest, sent, tenant } = await setUp({ strategy: { timeout: 300 } });
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    const otp = latest(ada);
    const before = sent(path).length;
    tenant.fault({ path, respond });

    const response = await agent.post(route).send({ email: 'bob@example.com', otp });
    expect(response.body).toMatchObject({ error: { code, status } });
    expect(response.status).toBe(status);
    expect(JSON.stringify(response.body)).not.toMatch(/@example|secret/);
    expect(sent(path)).toHaveLength(before + 1);
    if (route === '/code')
      expect((await agent.post('/code').send({ otp })).body).toMatchObject({ user: { name: ada } });
  });

  test.each([
    [
      'with the facts',
      {
        'retry-after': '7',
        'x-ratelimit-limit': '50',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1900000000',
      },
      { retryAfter: 7, limit: 50, remaining: 0, resetAt: 1900000000 },
    ],
    ['without any', {}, {}],
    ['with nonsense', { 'retry-after': 'soon', 'x-ratelimit-limit': '-1' }, {}],
  ])('429 %s is rate_limited, and the pending login is kept', async (_name, headers, facts) => {
    const { browser, code, tenant } = await setUp();
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    tenant.fault({
      path,
      respond: json(429, { error: 'too_many_requests', error_description: 'Global limit has been reached' }, headers),
    });
    const response = await agent.post(route).send({ email: 'bob@example.com', otp: code(ada) });
    expect(response.status).toBe(429);
    expect(response.body).toEqual({
      failed: { code: 'rate_limited', message: expect.any(String) as string, ...facts },
    });
    expect((await agent.post('/code').send({ otp: code(ada) })).status).toBe(200);
  });
});

describe('a setting that is wrong is a configuration_error that names it', () => {
  test('the secret', async () => {
    const { browser } = await setUp({ strategy: { clientSecret: 'another secret' } });
    const response = await browser().post('/login').send({ email: ada });
    expect(response.status).toBe(500);
    expect(response.body).toMatchObject({
      error: { code: 'configuration_error', message: expect.stringContaining('clientSecret') as string },
    });
    expect(JSON.stringify(response.body)).not.toContain('another secret');
  });

  test('the grant', async () => {
    const clients = [{ clientID: 'c', clientSecret: 's'.repeat(64), grantTypes: ['authorization_code'] }];
    const { browser, code } = await setUp({ tenant: { clients } });
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    const response = await agent.post('/code').send({ otp: code(ada) });
    expect(response.body).toMatchObject({
      error: { code: 'configuration_error', message: expect.stringContaining('Passwordless OTP') as string },
    });
  });

  test('the connection', async () => {
    const { browser } = await setUp({ tenant: { connections: [{ name: 'sms', strategy: 'sms' }] } });
    const response = await browser().post('/login').send({ email: ada });
    expect(response.body).toMatchObject({
      error: { code: 'configuration_error', message: expect.stringContaining('connection') as string },
    });
  });

  test('the audience', async () => {
    const { browser, code } = await setUp({
      tenant: { apis: ['https://api.example.com'] },
      strategy: { audience: 'https://other.example.com' },
    });
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    const response = await agent.post('/code').send({ otp: code(ada) });
    expect(response.body).toMatchObject({
      error: { code: 'configuration_error', message: expect.stringContaining('audience') as string },
    });
  });
});

test('nobody at the other end is a transport_error with its cause', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as { port: number };
  await new Promise((resolve) => closed.close(resolve));
  const { browser, strategy } = await setUp({ strategy: { domain: `http://127.0.0.1:${port}` } });
  const response = await browser().post('/login').send({ email: ada });
  expect(response.status).toBe(503);
  expect(response.body).toMatchObject({ error: { code: 'transport_error' } });
  await expect(strategy.auth0.userInfo('x')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
});

describe('once Auth0 took the code, nothing is pending any more', () => {
  test.each([
    [
      'without an ID token',
      json(200, { access_token: 'a', token_type: 'Bearer', expires_in: 1 }),
      'unexpected_response',
    ],
    [
      'with an ID token of nobody',
      json(200, { access_token: 'a', id_token: 'a.b.c', token_type: 'Bearer', expires_in: 1 }),
      'id_token_invalid',
    ],
    [
      'with tokens of the wrong types',
      json(200, { access_token: 1, id_token: 'a.b.c', token_type: 'Bearer', expires_in: 1 }),
      'unexpected_response',
    ],
  ])('%s', async (_name, respond, code) => {
    const { browser, tenant } = await setUp();
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    tenant.fault({ path: '/oauth/token', respond });
    const response = await agent.post('/code').send({ otp: '123456' });
    expect(response.status).toBe(502);
    expect(response.body).toMatchObject({ error: { code } });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('when the keys cannot be fetched', async () => {
    const { browser, code, tenant } = await setUp();
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    tenant.fault({ path: '/.well-known/jwks.json', respond: 'reset' });
    expect((await agent.post('/code').send({ otp: code(ada) })).body).toMatchObject({
      error: { code: 'transport_error' },
    });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('when verify refuses the user', async () => {
    const { browser, code } = await setUp({
      verify: (_tokens, _profile, done) => {
        done(null, false, { message: 'Not you.', reason: 'staff only' });
      },
    });
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    const response = await agent.post('/code').send({ otp: code(ada) });
    expect(response.status).toBe(401);
    expect(response.body).toEqual({ failed: { code: 'refused', message: 'Not you.', reason: 'staff only' } });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });
});

describe('fetchUserInfo', () => {
  test('lays the claims of /userinfo over those of the ID token', async () => {
    const { browser, code, tenant } = await setUp({ strategy: { fetchUserInfo: true } });
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    expect((await agent.post('/code').send({ otp: code(ada) })).body).toMatchObject({ user: { name: ada } });
    expect(tenant.requests.at(-1)).toMatchObject({ method: 'GET', path: '/userinfo' });
  });

  test('refuses an answer about somebody else', async () => {
    const { browser, code, tenant } = await setUp({ strategy: { fetchUserInfo: true } });
    const agent = browser();
    await agent.post('/login').send({ email: ada });
    tenant.fault({ path: '/userinfo', respond: json(200, { sub: 'email|eve', name: 'Eve' }) });
    const response = await agent.post('/code').send({ otp: code(ada) });
    expect(response.status).toBe(502);
    expect(response.body).toMatchObject({ error: { code: 'unexpected_response' } });
  });
});
