import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt } from 'jose';
import type { LocalTenant, LocalTenantOptions, User } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { authClient, secureTenant } from './auth0-support.js';
import { ada, phone, refusal, verifyOTP } from './mfa-support.js';
import { codeFor, credentials, exchange, message, OTP_GRANT, postForm, postJSON, tenantFor } from './support.js';

const connections: LocalTenantOptions['connections'] = [
  { name: 'email', strategy: 'email' },
  { name: 'users', strategy: 'auth0', otp: true },
  { name: 'passwords', strategy: 'auth0' },
];
const inDatabase = (user: User = {}): User => ({ email: ada, phoneNumber: phone, connection: 'users', ...user });

const databaseTenant = (options: LocalTenantOptions = {}) =>
  tenantFor({ connections, users: [inDatabase()], ...options });

const challenge = (tenant: LocalTenant, body: object = { email: ada }, headers = {}) =>
  postJSON(tenant, '/otp/challenge', { ...credentials(tenant), connection: 'users', ...body }, headers);

const sessionFor = async (tenant: LocalTenant, body?: object) =>
  String((await challenge(tenant, body)).body.auth_session);

const redeem = (tenant: LocalTenant, auth_session: string, otp: string, body: Record<string, string> = {}) =>
  postForm(tenant, '/oauth/token', {
    ...credentials(tenant),
    grant_type: OTP_GRANT,
    auth_session,
    otp,
    scope: 'openid email',
    ...body,
  });

const refused = [400, 'invalid_request', 'The auth_session or the code is wrong, expired or used.'];

describe('a code of a database connection', () => {
  test('signs its user in', async () => {
    const tenant = await databaseTenant();
    const { status, body } = await challenge(tenant, { email: 'Ada@Example.com' }, { 'x-request-language': 'fr' });
    expect([status, Object.keys(body)]).toEqual([200, ['auth_session']]);
    expect(message(tenant)).toMatchObject({ channel: 'email', to: ada, language: 'fr' });
    expect(message(tenant)).not.toHaveProperty('link');
    const tokens = await redeem(tenant, String(body.auth_session), message(tenant).code);
    expect(tokens.status).toBe(200);
    expect(decodeJwt(String(tokens.body.id_token))).toMatchObject({
      sub: expect.stringMatching(/^auth0\|[0-9a-f]{24}$/) as string,
      email: ada,
      email_verified: true,
    });
    expect(tenant.users).toHaveLength(1);
  });

  test.each([
    [undefined, 'sms'],
    ['text', 'sms'],
    ['voice', 'voice'],
  ])('is sent to a phone by delivery_method %s', async (delivery_method, channel) => {
    const tenant = await databaseTenant();
    const session = await sessionFor(tenant, { phone_number: phone, delivery_method });
    expect(message(tenant, phone).channel).toBe(channel);
    expect((await redeem(tenant, session, message(tenant, phone).code)).status).toBe(200);
  });

  test('has whom signs up by it be a user of the connection, the same on every run', async () => {
    const subs = [];
    for (let run = 0; run < 2; run += 1) {
      const tenant = await databaseTenant({ users: [] });
      const session = await sessionFor(tenant, { email: ada, allow_signup: true });
      expect(tenant.users).toEqual([]);
      await redeem(tenant, session, message(tenant).code);
      expect(tenant.users).toMatchObject([{ email: ada, emailVerified: true, connection: 'users' }]);
      subs.push(tenant.users[0]?.userID);
    }
    expect(subs[0]).toBe(subs[1]);
    expect(subs[0]).toMatch(/^auth0\|/);
  });

  test('leaves the passwordless user of the same address alone, and is left alone by it', async () => {
    const tenant = await databaseTenant({ users: [{ email: ada }, inDatabase()] });
    const subOf = (body: Record<string, unknown>) => decodeJwt(String(body.id_token)).sub;
    expect(subOf((await exchange(tenant, await codeFor(tenant))).body)).toMatch(/^email\|/);
    const session = await sessionFor(tenant);
    expect(subOf((await redeem(tenant, session, message(tenant).code)).body)).toMatch(/^auth0\|/);
  });

  test('is followed by a second factor where the tenant wants one', async () => {
    const tenant = await databaseTenant({ mfa: 'always', users: [inDatabase({ factors: [{ type: 'otp' }] })] });
    const session = await sessionFor(tenant);
    const { status, body } = await redeem(tenant, session, message(tenant).code);
    expect([status, body.error]).toEqual([403, 'mfa_required']);
    expect((await verifyOTP(tenant, String(body.mfa_token), tenant.totp(ada))).body).toHaveProperty('id_token');
  });

  test('has neither its secret nor its session on the wire log', async () => {
    const tenant = await databaseTenant();
    const session = await sessionFor(tenant);
    await redeem(tenant, session, message(tenant).code);
    const log = JSON.stringify(tenant.requests);
    expect(log).not.toContain(session);
    expect(log).not.toContain(tenant.clientSecret);
  });

  test("is asked for and redeemed by Auth0's own client", async () => {
    const tenant = await secureTenant({ connections, users: [inDatabase()] });
    const { passwordless } = authClient(tenant);
    const email = { connection: 'users', email: 'new@example.com', allowSignup: true };
    for (const [asking, to] of [
      [passwordless.challengeWithEmail(email), email.email],
      [passwordless.challengeWithPhoneNumber({ connection: 'users', phoneNumber: phone }), phone],
    ] as const) {
      const { authSession } = await asking;
      const grant = { authSession, otp: message(tenant, to).code, scope: 'openid' };
      const { claims } = await passwordless.getTokenByPasswordlessDbConnection(grant);
      expect(claims?.sub).toMatch(/^auth0\|/);
    }
    await expect(passwordless.challengeWithEmail({ ...email, connection: 'email' })).rejects.toMatchObject({
      cause: { error: 'invalid_connection' },
    });
  });
});

describe('/otp/challenge tells nobody who is a user: it says the same, and sends nothing,', () => {
  test.each<[string, object, LocalTenantOptions]>([
    ['of an unknown user', { email: 'eve@example.com' }, {}],
    ['where sign-ups are off', { email: 'eve@example.com', allow_signup: true }, { disableSignup: true }],
    ['of an unknown number, though it may sign up', { phone_number: '+15551234567', allow_signup: true }, {}],
    ['of a user of another connection', { email: 'bob@example.com' }, { users: [{ email: 'bob@example.com' }] }],
    [
      'of a blocked user, where the tenant hides that',
      { email: ada },
      { users: [inDatabase({ blocked: true })], otpBlockedUser: 'invalid_request' },
    ],
  ])('%s', async (_, body, options) => {
    const tenant = await databaseTenant(options);
    const answer = await challenge(tenant, body);
    expect([answer.status, answer.body]).toEqual([200, { auth_session: expect.any(String) as string }]);
    expect(tenant.inbox.messages).toEqual([]);
    expect(refusal(await redeem(tenant, String(answer.body.auth_session), '000000'))).toEqual(refused);
  });
});

test('phone numbers sign up where the tenant lets them', async () => {
  const tenant = await databaseTenant({ otpSignupByPhone: true });
  const session = await sessionFor(tenant, { phone_number: '+15551234567', allow_signup: true });
  expect((await redeem(tenant, session, message(tenant, '+15551234567').code)).status).toBe(200);
  expect(tenant.users.at(-1)).toMatchObject({ phoneNumber: '+15551234567', phoneVerified: true, connection: 'users' });
});

describe('/oauth/token refuses', () => {
  test('a code that was used', async () => {
    const tenant = await databaseTenant();
    const session = await sessionFor(tenant);
    const { code } = message(tenant);
    expect((await redeem(tenant, session, code)).status).toBe(200);
    expect(refusal(await redeem(tenant, session, code))).toEqual(refused);
  });

  test('a code that has expired', async () => {
    const tenant = await databaseTenant();
    const session = await sessionFor(tenant);
    tenant.clock.advance(180);
    expect(refusal(await redeem(tenant, session, message(tenant).code))).toEqual(refused);
  });

  test('a right code after three wrong ones', async () => {
    const tenant = await databaseTenant();
    const session = await sessionFor(tenant);
    for (let i = 0; i < 3; i += 1) expect(refusal(await redeem(tenant, session, '000000'))).toEqual(refused);
    expect(refusal(await redeem(tenant, session, message(tenant).code))).toEqual(refused);
  });

  test('the code of another session, and a session that is made up', async () => {
    const tenant = await databaseTenant();
    const session = await sessionFor(tenant);
    await sessionFor(tenant);
    expect(refusal(await redeem(tenant, session, message(tenant).code))).toEqual(refused);
    expect(refusal(await redeem(tenant, 'made-up', message(tenant).code))).toEqual(refused);
  });

  test('a session of another client', async () => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const tenant = await databaseTenant({ clients });
    const session = await sessionFor(tenant);
    expect(refusal(await redeem(tenant, session, message(tenant).code, { client_id: 'two' }))).toEqual(refused);
    expect((await redeem(tenant, session, message(tenant).code)).status).toBe(200);
  });

  test('a blocked user', async () => {
    const tenant = await databaseTenant({ users: [inDatabase({ blocked: true })] });
    const session = await sessionFor(tenant);
    expect(refusal(await redeem(tenant, session, message(tenant).code))).toEqual([
      403,
      'access_denied',
      'user is blocked',
    ]);
  });

  test.each([
    ['access_denied', [403, 'access_denied', 'user is blocked']],
    ['invalid_request', refused],
  ] as const)('a user who was blocked meanwhile, by %s', async (otpBlockedUser, expected) => {
    const tenant = await databaseTenant({ otpBlockedUser });
    const session = await sessionFor(tenant);
    for (const user of tenant.users) user.blocked = true;
    expect(refusal(await redeem(tenant, session, message(tenant).code))).toEqual(expected);
  });

  test('a request without a code', async () => {
    const tenant = await databaseTenant();
    const answer = await redeem(tenant, await sessionFor(tenant), '');
    expect(refusal(answer)).toEqual([400, 'invalid_request', 'Missing required parameter: otp']);
  });

  test('a code whose audience the tenant has not, and the code is not spent on it', async () => {
    const tenant = await databaseTenant({ apis: [] });
    const session = await sessionFor(tenant);
    const { code } = message(tenant);
    expect((await redeem(tenant, session, code, { audience: 'https://api.example.com' })).status).toBe(403);
    expect((await redeem(tenant, session, code)).status).toBe(200);
  });
});

describe('/otp/challenge refuses', () => {
  test.each<[string, object, string, string]>([
    ['no client_id', { client_id: undefined }, 'client_id', 'Missing required parameter: client_id'],
    ['no connection', { connection: undefined }, 'connection', 'Missing required parameter: connection'],
    ['no address', { email: undefined }, 'email', 'Either email or phone_number must be provided'],
    ['two addresses', { phone_number: phone }, 'email', 'Either email or phone_number must be provided'],
    ['an empty email', { email: '' }, 'email', 'Missing required parameter: email'],
    ['an email that is none', { email: 'ada' }, 'email', 'Invalid email format'],
    ['an email that is no string', { email: 1 }, 'email', 'email must be a string'],
    ['a number that is none', { email: undefined, phone_number: '555' }, 'phone_number', 'Invalid phone number format'],
    ['an allow_signup that is none', { allow_signup: 'yes' }, 'allow_signup', 'allow_signup must be a boolean'],
    [
      'an unknown delivery_method',
      { delivery_method: 'fax' },
      'delivery_method',
      "delivery_method is 'text' or 'voice'",
    ],
  ])('%s', async (_, override, field, text) => {
    const tenant = await databaseTenant();
    const { status, body } = await challenge(tenant, { email: ada, ...override });
    expect([status, body]).toEqual([
      400,
      { error: 'invalid_request', error_description: text, validation_errors: [{ field, message: text }] },
    ]);
  });

  test.each(['fax', 'email', 'passwords'])('the connection %s', async (connection) => {
    const { status, body } = await challenge(await databaseTenant(), { email: ada, connection });
    expect([status, body.error]).toEqual([400, 'invalid_connection']);
  });

  test('a connection that is not enabled for the client', async () => {
    const tenant = await databaseTenant({ clients: [{ clientID: 'app', clientSecret: 's', connections: ['email'] }] });
    expect((await challenge(tenant)).body.error).toBe('invalid_connection');
  });

  test.each([{ client_secret: 'wrong' }, { client_secret: undefined }, { client_id: 'nobody' }])(
    'a client that is not authenticated: %o',
    async (override) => {
      const { status, body } = await challenge(await databaseTenant(), { email: ada, ...override });
      expect([status, body.error]).toEqual([401, 'invalid_client']);
    },
  );

  test('a client with a key that sends a secret', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const publicKeys = [publicKey.export({ type: 'spki', format: 'pem' }).toString()];
    const tenant = await databaseTenant({ clients: [{ clientID: 'app', clientSecret: 'secret', publicKeys }] });
    expect((await challenge(tenant)).body.error).toBe('invalid_client');
  });

  test('a client without the grant', async () => {
    const tenant = await databaseTenant({ clients: [{ clientID: 'app', clientSecret: 's', grantTypes: [] }] });
    const { status, body } = await challenge(tenant);
    expect([status, body.error]).toEqual([403, 'unauthorized_client']);
  });

  test('more than startLimit an hour from one address, counted apart from /passwordless/start', async () => {
    const tenant = await databaseTenant({ startLimit: 2 });
    await challenge(tenant);
    const second = await challenge(tenant);
    expect([second.status, second.headers['x-ratelimit-remaining']]).toEqual([200, '0']);
    const third = await challenge(tenant);
    expect([third.status, third.body.error, Number(third.headers['retry-after']) > 0]).toEqual([
      429,
      'too_many_requests',
      true,
    ]);
    expect(await codeFor(tenant)).toMatch(/^\d{6}$/);
    tenant.clock.advance(1_800);
    expect((await challenge(tenant)).status).toBe(200);
  });
});
