import type { DatabaseConnection, StrategyOptions } from 'passport-auth0-passwordless';
import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { ada, phone, setUp } from '../support/app.js';

const connection: DatabaseConnection = { database: 'users' };
const bob = 'bob@example.com';

/** An app whose routes sign in users of a database connection, of whom there is Ada. */
function setUpDatabase(over: object = {}, tenant: LocalTenantOptions = {}, strategy: Partial<StrategyOptions> = {}) {
  return setUp({
    tenant: {
      connections: [
        { name: 'email', strategy: 'email' },
        { name: 'users', strategy: 'auth0', otp: true },
      ],
      users: [{ email: ada, phoneNumber: phone, connection: 'users', userID: 'auth0|ada' }],
      ...tenant,
    },
    strategy,
    route: { connection: { ...connection, ...over } },
  });
}

describe('a user of a database connection', () => {
  test.each([
    ['email', { email: ada }, ada, 'email'],
    ['text', { phone_number: phone }, phone, 'sms'],
  ])('receives a code by %s, which is exchanged without the address', async (_how, body, to, channel) => {
    const { browser, code, sent, tenant } = await setUpDatabase();
    const agent = browser();
    expect((await agent.post('/start').send(body)).status).toBe(200);
    expect(tenant.inbox.latest(to)?.channel).toBe(channel);
    expect((await agent.post('/code').send({ otp: code(to) })).body).toMatchObject({ user: { id: 'auth0|ada' } });
    const [exchanged] = sent('/oauth/token');
    expect(exchanged?.body).not.toHaveProperty('username');
    expect(exchanged?.body).not.toHaveProperty('realm');
  });

  test('receives a call if the route says so', async () => {
    const { browser, tenant } = await setUpDatabase({ deliveryMethod: 'voice' });
    await browser().post('/start').send({ phone_number: phone });
    expect(tenant.inbox.latest(phone)?.channel).toBe('voice');
  });

  test('can have the code resent, and only the newest works', async () => {
    const { browser, code } = await setUpDatabase();
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    const first = code();
    expect((await agent.post('/resend').send({})).status).toBe(200);
    expect((await agent.post('/code').send({ otp: first })).body).toMatchObject({ code: 'wrong_code' });
    expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
  });

  test('keeps the code that was sent if a resend is denied', async () => {
    const { browser, code, tenant } = await setUpDatabase();
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    const otp = code();
    tenant.fault({
      path: '/otp/challenge',
      respond: { status: 401, body: { error: 'unauthorized', error_description: 'user is blocked' } },
    });
    expect((await agent.post('/resend').send({})).status).toBe(200);
    expect((await agent.post('/code').send({ otp })).body).toMatchObject({ user: { id: 'auth0|ada' } });
  });

  test('is asked for a second factor like anybody else', async () => {
    const users = [{ email: ada, connection: 'users', userID: 'auth0|ada', factors: [{ type: 'otp' as const }] }];
    const { browser, code, tenant } = await setUpDatabase({}, { mfa: 'always', users });
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ code: 'mfa_required' });
    expect((await agent.post('/mfa').send({ otp: tenant.totp(ada) })).body).toMatchObject({
      user: { id: 'auth0|ada' },
      info: { connection: 'users', method: 'code', mfa: { factor: 'otp' } },
    });
  });

  test('is told if the account was blocked meanwhile', async () => {
    const { browser, code, tenant } = await setUpDatabase();
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    for (const user of tenant.users) user.blocked = true;
    const { status, body } = await agent.post('/code').send({ otp: code() });
    expect([status, body]).toMatchObject([403, { code: 'user_blocked' }]);
  });

  test.each([
    [500, 'User is blocked'],
    [403, 'User is blocked until the invoice is paid.'],
  ])('receives the text of an Action that denies the login: %i, %s', async (status, description) => {
    const { browser, code, tenant } = await setUpDatabase();
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    const body = { error: 'access_denied', error_description: description };
    tenant.fault({ path: '/oauth/token', respond: { status, body } });
    expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({
      code: 'access_denied',
      description,
    });
  });

  test('receives a code even if the strategy sends links', async () => {
    const { browser, code } = await setUpDatabase({}, {}, { send: 'link' });
    const agent = browser();
    expect((await agent.post('/start').send({ email: ada })).body).toMatchObject({ pending: { stage: 'code' } });
    expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
  });
});

describe('an unknown address on a database connection', () => {
  test('looks like any other at the start, and no code works', async () => {
    const { browser, tenant } = await setUpDatabase();
    const agent = browser();
    const known = await agent.post('/start').send({ email: ada });
    const unknown = await browser().post('/start').send({ email: bob });
    expect([unknown.status, Object.keys(unknown.body as object)]).toEqual([
      known.status,
      Object.keys(known.body as object),
    ]);
    expect(tenant.inbox.latest(bob)).toBeUndefined();
    const strangers = browser();
    await strangers.post('/start').send({ email: bob });
    expect((await strangers.post('/code').send({ otp: '123456' })).body).toMatchObject({ code: 'wrong_code' });
  });

  test('signs up if the route allows it', async () => {
    const { browser, code } = await setUpDatabase({ allowSignup: true });
    const agent = browser();
    await agent.post('/start').send({ email: bob });
    expect((await agent.post('/code').send({ otp: code(bob) })).body).toMatchObject({ user: { name: bob } });
  });

  test.each([
    ['blocked', { error: 'unauthorized', error_description: 'user is blocked' }],
    ['denied', { error: 'access_denied', error_description: 'not you' }],
  ])('that is %s at Auth0 looks like any other', async (_what, body) => {
    const { browser, tenant } = await setUpDatabase();
    tenant.fault({ path: '/otp/challenge', respond: { status: 403, body } });
    const agent = browser();
    expect((await agent.post('/start').send({ email: ada })).body).toMatchObject({ pending: { stage: 'code' } });
    expect((await agent.post('/code').send({ otp: '123456' })).body).toMatchObject({ code: 'wrong_code' });
  });
});

describe('what Auth0 refuses on a database connection', () => {
  test.each([
    ['email', { email: ada }, 'invalid_email'],
    ['phone_number', { phone_number: phone }, 'invalid_phone_number'],
  ])('is reported: %s', async (field, body, code) => {
    const { browser, tenant } = await setUpDatabase();
    const refusal = { error: 'invalid_request', validation_errors: [null, { field, message: 'no' }] };
    tenant.fault({ path: '/otp/challenge', respond: { status: 400, body: refusal } });
    const { status, body: said } = await browser().post('/start').send(body);
    expect([status, said]).toMatchObject([400, { code }]);
  });

  test.each([{ validation_errors: 'x' }, { validation_errors: [] }, {}])(
    'without a field is unexpected: %j',
    async (more) => {
      const { browser, tenant } = await setUpDatabase();
      tenant.fault({ path: '/otp/challenge', respond: { status: 400, body: { error: 'invalid_request', ...more } } });
      expect((await browser().post('/start').send({ email: ada })).body).toMatchObject({
        error: { code: 'unexpected_response' },
      });
    },
  );

  test('is a connection without codes: a configuration_error', async () => {
    const { browser } = await setUpDatabase({ database: 'email' });
    const { body } = await browser().post('/start').send({ email: ada });
    expect(body).toMatchObject({
      error: { code: 'configuration_error', message: expect.stringContaining('connection') as string },
    });
  });

  test('more than 50 codes an hour', async () => {
    const { browser } = await setUpDatabase({}, { startLimit: 1 });
    await browser().post('/start').send({ email: ada });
    expect((await browser().post('/start').send({ email: ada })).body).toMatchObject({ code: 'rate_limited' });
  });
});

describe('a route for a database connection', () => {
  test.each<[string, object, RegExp]>([
    ['no name', { database: undefined }, /database is one/],
    ['an empty name', { database: '' }, /database is one/],
    ['a sign-up that is no boolean', { allowSignup: 'yes' }, /allowSignup must be a boolean/],
    ['another way of delivery', { deliveryMethod: 'fax' }, /deliveryMethod must be 'text' or 'voice'/],
  ])('%s is a configuration_error with the remedy', async (_what, over, remedy) => {
    const { browser, tenant } = await setUpDatabase(over);
    const { status, body } = await browser().post('/start').send({ email: ada });
    expect([status, body]).toMatchObject([
      500,
      { error: { code: 'configuration_error', message: expect.stringMatching(remedy) as string } },
    ]);
    expect(tenant.requests).toEqual([]);
  });

  test('that sends a link is a configuration_error', async () => {
    const { browser, tenant } = await setUpDatabase();
    const { body } = await browser().post('/link').send({ email: ada });
    expect(body).toMatchObject({
      error: { code: 'configuration_error', message: expect.stringContaining('codes only') as string },
    });
    expect(tenant.requests).toEqual([]);
  });
});
