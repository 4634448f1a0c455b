import { PasswordlessError } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { ada, setUp, setUpCode } from '../support/app.js';
import { passTime } from '../support/time.js';

test('the address is normalised before it is sent and sealed', async () => {
  const { browser, sent } = await setUp();
  await browser().post('/start').send({ email: '  Ada@EXAMPLE.com ' });
  await browser().post('/start').send({ phone_number: '+44 (20) 7946-0000' });
  await browser().post('/start').send({ email: ' ', phone_number: '+44.20.7946.0001' });
  expect(sent('/passwordless/start').map(({ body }) => body)).toMatchObject([
    { connection: 'email', email: ada },
    { connection: 'sms', phone_number: '+442079460000' },
    { connection: 'sms', phone_number: '+442079460001' },
  ]);
});

test('pending returns times and a masked address', async () => {
  const { browser } = await setUp({ strategy: { resendCooldown: 30 } });
  const agent = browser();
  const before = Math.floor(Date.now() / 1000);
  const { body } = await agent.post('/start').send({ email: ada });
  const { sentAt } = (body as { pending: { sentAt: number } }).pending;
  expect(sentAt).toBeGreaterThanOrEqual(before);
  expect(body).toEqual({
    pending: {
      stage: 'code',
      connection: 'email',
      to: 'a•••@example.com',
      sentAt,
      expiresAt: sentAt + 600,
      resendAt: sentAt + 30,
    },
  });
  expect((await agent.get('/pending')).body).toEqual(body);
});

describe('an invalid address', () => {
  test.each([
    ['nothing', {}, 'identifier_missing'],
    ['no @', { email: 'ada.example.com' }, 'invalid_email'],
    ['a national number', { phone_number: '020 7946 0000' }, 'invalid_phone_number'],
  ])('%s (%j) is answered with 400, and Auth0 is not asked', async (_name, body, code) => {
    const { browser, tenant } = await setUp();
    const response = await browser().post('/start').send(body);
    expect(response.status).toBe(400);
    expect(response.body).toEqual({ code, message: expect.any(String) as string });
    expect(response.headers['set-cookie']).toBeUndefined();
    expect(tenant.requests).toHaveLength(0);
  });
});

test('a start to the address that is pending waits for resendCooldown; one to another address does not', async () => {
  const { agent, tenant } = await setUpCode({ strategy: { resendCooldown: 30 } });

  const soon = await agent.post('/start').send({ email: 'ADA@example.com' });
  expect(soon).toMatchObject({
    status: 429,
    body: { code: 'resend_too_soon', retryAfter: expect.any(Number) as number },
  });
  expect((soon.body as { retryAfter: number }).retryAfter).toBeLessThanOrEqual(30);
  expect((await agent.post('/start').send({ email: 'bob@example.com' })).status).toBe(200);
  passTime(30);
  expect((await agent.post('/start').send({ email: 'bob@example.com' })).status).toBe(200);
  expect(tenant.inbox.messages).toHaveLength(3);
});

test('a failed start leaves the transaction as it was', async () => {
  const { agent, code, tenant } = await setUpCode();
  tenant.fault({ path: '/passwordless/start', respond: { status: 500, body: 'oops' } });
  expect((await agent.post('/start').send({ email: 'bob@example.com' })).status).toBe(502);
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ user: { name: ada } });
});

test('a start that times out keeps its transaction, since the message may still arrive', async () => {
  const { browser, tenant } = await setUp({ strategy: { timeout: 200 } });
  const agent = browser();
  tenant.fault({ path: '/passwordless/start', respond: 'timeout' });
  const response = await agent.post('/start').send({ email: ada });
  expect(response).toMatchObject({ status: 504, body: { error: { code: 'timeout' } } });
  expect((await agent.get('/pending')).body).toMatchObject({ pending: { to: 'a•••@example.com' } });
});

test('an address that Auth0 refuses has a pending login that no code finishes', async () => {
  const { agent } = await setUpCode({ tenant: { disableSignup: true } });
  expect((await agent.get('/pending')).body).toMatchObject({ pending: { to: 'a•••@example.com' } });
  expect((await agent.post('/code').send({ otp: '123456' })).body).toMatchObject({ code: 'wrong_code' });
});

test.each([
  ['wrong credentials, in whatever words', 401, 'configuration_error'],
  ['a fault of its own', 500, 'unexpected_response'],
])('access_denied on a start is an error for %s', async (_what, status, code) => {
  const { browser, tenant } = await setUp();
  const body = { error: 'access_denied', error_description: 'Not you.' };
  tenant.fault({ path: '/passwordless/start', respond: { status, body } });
  expect((await browser().post('/start').send({ email: ada })).body).toMatchObject({ error: { code } });

  const users = await setUp({ route: { connection: { database: 'users' } } });
  users.tenant.fault({ path: '/otp/challenge', respond: { status, body } });
  expect((await users.browser().post('/start').send({ email: ada })).body).toMatchObject({ error: { code } });
});

test('a message that cannot be delivered is delivery_failed, and keeps no transaction', async () => {
  const { browser, tenant } = await setUp();
  const agent = browser();
  const body = JSON.stringify({
    error: 'sms_provider_error',
    error_description: 'Not a valid phone number. (Code: 21211)',
  });
  tenant.fault({
    path: '/passwordless/start',
    respond: { status: 400, headers: { 'content-type': 'application/json' }, body },
  });
  const response = await agent.post('/start').send({ phone_number: '+12025550123' });
  expect(response).toMatchObject({ status: 502, body: { code: 'delivery_failed' } });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
});

test("a start over the limit is rate_limited, with Auth0's figures", async () => {
  const { browser } = await setUp({ tenant: { startLimit: 1 } });
  expect((await browser().post('/start').send({ email: ada })).status).toBe(200);
  const limited = await browser().post('/start').send({ email: 'bob@example.com' });
  expect(limited).toMatchObject({
    status: 429,
    body: {
      code: 'rate_limited',
      retryAfter: expect.any(Number) as number,
      limit: 1,
      remaining: 0,
      resetAt: expect.any(Number) as number,
    },
  });
});

describe('auth0-forwarded-for', () => {
  const header = async (forwardedFor: boolean | (() => string)) => {
    const { agent, sent, code } = await setUpCode({ strategy: { forwardedFor } });
    await agent.post('/resend');
    await agent.post('/code').send({ otp: code() });
    return [...sent('/passwordless/start'), ...sent('/oauth/token')].map(
      ({ headers }) => headers['auth0-forwarded-for'],
    );
  };

  test('is sent on start, resend and the code exchange', async () => {
    expect(await header(() => '203.0.114.7')).toEqual(['203.0.114.7', '203.0.114.7', '203.0.114.7']);
  });

  test('is not sent for a loopback address', async () => {
    expect(await header(true)).toEqual([undefined, undefined, undefined]);
  });

  test('can be switched off', async () => {
    expect(await header(false)).toEqual([undefined, undefined, undefined]);
  });
});

describe('the language of the message', () => {
  test("is the strategy's, the route's, or a function of the request", async () => {
    const { browser, tenant } = await setUp({ strategy: { language: 'de' } });
    await browser().post('/start').send({ email: ada });
    expect(tenant.inbox.latest(ada)?.language).toBe('de');

    const perRequest = await setUp({ route: { language: (req) => String(req.headers['accept-language']) } });
    await perRequest.browser().post('/start').set('accept-language', 'fr-CA').send({ email: ada });
    expect(perRequest.tenant.inbox.latest(ada)?.language).toBe('fr-CA');
  });
});

test('scope and audience of the route reach the exchange, and appState comes back', async () => {
  const { browser, code, sent } = await setUp({
    route: {
      scope: ['openid', 'email'],
      audience: () => 'https://api.example.com',
      appState: (req) => ({ returnTo: req.query.returnTo }),
    },
  });
  const agent = browser();
  await agent.post('/start?returnTo=/orders').send({ email: ada });
  const verified = await agent.post('/code').send({ otp: code() });
  expect(verified.body).toMatchObject({ info: { appState: { returnTo: '/orders' } } });
  expect(sent('/oauth/token')[0]?.body).toMatchObject({ scope: 'openid email', audience: 'https://api.example.com' });
});

test('a custom connection is the connection of the start and the realm of the exchange', async () => {
  const { agent, code, sent } = await setUpCode({
    tenant: { connections: [{ name: 'staff-email', strategy: 'email' }] },
    route: { connection: 'staff-email' },
  });
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({
    info: { connection: 'staff-email' },
  });
  expect(sent('/passwordless/start')[0]?.body).toMatchObject({ connection: 'staff-email' });
  expect(sent('/oauth/token')[0]?.body).toMatchObject({ realm: 'staff-email' });
});

describe('a configuration_error names the mistake of the app:', () => {
  test.each([
    ['appState over 1 kB', { appState: { long: 'x'.repeat(1024) } }, /appState .* 1 kB/],
    [
      'a promise of appState',
      { appState: () => Promise.resolve({}) as unknown as Record<string, unknown> },
      /appState .* promise/,
    ],
    ['a stage that does not exist', { stage: 'codes' as 'code' }, /stage must be/],
    ['a scope without openid', { scope: 'profile' }, /scope .*openid/],
    ['an organization with a code', { organization: 'org_1' }, /organization/],
    ['an audience that is no string', { audience: () => ['a'] as unknown as string }, /audience .* string/],
    ['a send that does not exist', { send: () => 'fax' as 'code' }, /send must be/],
    ['a link with a relative callbackURL', { send: 'link' as const, callbackURL: '/cb' }, /callbackURL .*absolute/],
  ])('%s', async (_name, route, message) => {
    const { browser, tenant } = await setUp({ route });
    const started = await browser().post('/start').send({ email: ada });
    expect(started).toMatchObject({
      status: 500,
      body: {
        error: { code: 'configuration_error', message: expect.stringMatching(message) as string },
      },
    });
    expect(tenant.requests).toHaveLength(0);
  });

  test("a PasswordlessError of an option's function reaches the app unchanged, and nothing is sent", async () => {
    const mine = new PasswordlessError('user_blocked');
    const { browser, tenant } = await setUp({
      strategy: {
        language: () => {
          throw mine;
        },
      },
    });
    const response = await browser().post('/start').send({ email: ada });
    expect([response.status, response.body]).toMatchObject([403, { error: { code: 'user_blocked' } }]);
    expect(tenant.requests).toHaveLength(0);
  });

  test("an error of an option's function reaches the app unchanged", async () => {
    const { browser } = await setUp({
      route: {
        appState: () => {
          throw new RangeError('mine');
        },
      },
    });
    const response = await browser().post('/start').send({ email: ada });
    expect(response.body).toEqual({ error: { message: 'mine' } });
  });
});
