import { describe, expect, test } from 'vitest';
import {
  codeFor,
  credentials,
  exchange,
  message,
  postJSON,
  start,
  startSMS,
  statusAndBody,
  tenantFor,
} from './support.js';

describe('/passwordless/start', () => {
  test('sends a code by email and answers like Auth0', async () => {
    const tenant = await tenantFor();
    const before = tenant.clock.now();
    const { status, headers, body } = await start(tenant);
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
      email: 'ada@example.com',
      email_verified: false,
    });
    expect(tenant.inbox.latest('ada@example.com')).toEqual({
      channel: 'email',
      to: 'ada@example.com',
      code: expect.stringMatching(/^\d{6}$/) as string,
      at: expect.any(Number) as number,
    });
    expect(message(tenant).at).toBeGreaterThanOrEqual(before);
    expect(message(tenant).at).toBeLessThanOrEqual(tenant.clock.now());
  });

  test('sends a code by SMS, whatever send says', async () => {
    const tenant = await tenantFor();
    const sms = { connection: 'sms', phone_number: '+15551234567' };
    for (const send of [undefined, 'code', 'link']) {
      expect(
        await statusAndBody(
          postJSON(tenant, '/passwordless/start', {
            ...credentials(tenant),
            ...sms,
            send,
          }),
        ),
      ).toEqual([
        200,
        {
          _id: expect.stringMatching(/^[0-9a-f]{24}$/) as string,
          phone_number: '+15551234567',
          phone_verified: false,
        },
      ]);
    }
    expect(message(tenant, '+15551234567')).toMatchObject({ channel: 'sms', to: '+15551234567' });
    expect(message(tenant, '+15551234567')).not.toHaveProperty('link');
  });

  test('keeps email addresses in lower case', async () => {
    const tenant = await tenantFor();
    const { body } = await start(tenant, { email: 'Ada@Example.COM' });
    expect(body.email).toBe('ada@example.com');
    expect(tenant.inbox.latest(' ADA@example.com')).toMatchObject({ to: 'ada@example.com' });
  });

  test('creates no user before the code is verified', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    expect(tenant.users).toEqual([]);
    await exchange(tenant, code);
    expect(tenant.users).toMatchObject([{ email: 'ada@example.com', emailVerified: true }]);
    expect((await start(tenant)).body.email_verified).toBe(true);
    expect(tenant.users).toHaveLength(1);
  });

  test('says the same _id as the sub of the login that follows', async () => {
    const tenant = await tenantFor({ users: [{ email: 'ada@example.com', userID: 'auth0|0123456789abcdef01234567' }] });
    expect((await start(tenant)).body._id).toBe('0123456789abcdef01234567');
    const { body } = await start(tenant, { email: 'new@example.com' });
    await exchange(tenant, message(tenant, 'new@example.com').code, { username: 'new@example.com' });
    expect(tenant.users[1]?.userID).toBe(`email|${String(body._id)}`);
  });

  test('notes the language that was asked for', async () => {
    const tenant = await tenantFor();
    await start(tenant, {}, { 'x-request-language': 'fr-CA', 'accept-language': 'de' });
    expect(message(tenant).language).toBe('fr-CA');
    await start(tenant, {}, { 'accept-language': 'de-AT, de;q=0.9' });
    expect(message(tenant).language).toBe('de-AT');
    await start(tenant, {}, { 'accept-language': '*' });
    expect(message(tenant)).not.toHaveProperty('language');
  });

  test('sends codes of the length that is configured, filled up with zeros', async () => {
    const tenant = await tenantFor({ codeLength: 2, startLimit: Infinity });
    // One code in ten starts with a zero.
    for (let i = 0; i < 200; i += 1) expect(await codeFor(tenant)).toMatch(/^\d{2}$/);
  });

  test('never sends the code again that it replaces', async () => {
    const tenant = await tenantFor({ codeLength: 1, startLimit: Infinity });
    let last = '';
    for (let i = 0; i < 60; i += 1) {
      const code = await codeFor(tenant);
      expect(code).not.toBe(last);
      last = code;
    }
  });

  describe('client authentication', () => {
    test('is required', async () => {
      const tenant = await tenantFor();
      expect(await statusAndBody(start(tenant, { client_secret: undefined }))).toEqual([
        403,
        {
          error: 'unauthorized_client',
          error_description: 'Client authentication is required',
        },
      ]);
    });

    test('is not required when the tenant flag is off, but a secret that is sent must be right', async () => {
      const tenant = await tenantFor({ enforceClientAuthenticationOnStart: false });
      expect((await start(tenant, { client_secret: undefined })).status).toBe(200);
      expect((await start(tenant, { client_secret: 'wrong' })).status).toBe(401);
    });

    test.each([
      ['a wrong secret', { client_secret: 'wrong' }],
      ['a secret that is no string', { client_secret: ['wrong'] }],
      ['an unknown client', { client_id: 'nobody' }],
      ['an unknown client without a secret', { client_id: 'nobody', client_secret: undefined }],
    ])('refuses %s', async (_, override) => {
      const tenant = await tenantFor();
      expect(await statusAndBody(start(tenant, override))).toEqual([
        401,
        { error: 'access_denied', error_description: 'Unauthorized' },
      ]);
      expect(tenant.inbox.messages).toEqual([]);
    });
  });

  test.each<[string, object, string, string]>([
    ['no client_id', { client_id: undefined }, 'bad.client_id', 'Missing required property: client_id'],
    ['no connection', { connection: undefined }, 'bad.connection', 'Missing required property: connection'],
    ['an unknown connection', { connection: 'fax' }, 'bad.connection', 'Connection does not exist'],
    ['a connection that is no string', { connection: {} }, 'bad.connection', 'Connection does not exist'],
    ['a disabled connection', { connection: 'corporate' }, 'bad.connection', 'Connection is disabled'],
    [
      'a database connection',
      { connection: 'Username-Password-Authentication' },
      'bad.connection',
      'Invalid connection strategy. It must either be a passwordless connection',
    ],
    ['an unknown send', { send: 'pigeon' }, 'bad.send', 'error in send - No enum match for: pigeon'],
    [
      'authParams that are a string',
      { authParams: 'scope=openid' },
      'bad.authParams',
      'error in authParams - invalid type: string (expected object)',
    ],
    [
      'authParams that are an array',
      { authParams: [] },
      'bad.authParams',
      'error in authParams - invalid type: array (expected object)',
    ],
    ['an unknown property', { nonce: 'n' }, 'bad.request', 'the following properties are not allowed: nonce'],
    [
      'the address of another connection',
      { phone_number: '+15551234567' },
      'bad.request',
      'the following properties are not allowed: phone_number',
    ],
    ['no email', { email: undefined }, 'bad.email', 'Missing required property: email'],
    ['no email but an empty one', { email: '' }, 'bad.email', 'Missing required property: email'],
    ['an email that is none', { email: 'ada' }, 'bad.email', 'error in email - email format validation failed: ada'],
    [
      'two emails',
      { email: ['ada@example.com', 'eve@example.com'] },
      'bad.email',
      'error in email - invalid type: object (expected string)',
    ],
    [
      'no phone number',
      { connection: 'sms', email: undefined },
      'bad.phone_number',
      'Missing required property: phone_number',
    ],
    [
      'a phone number without a country code',
      { connection: 'sms', email: undefined, phone_number: '5551234567' },
      'bad.phone_number',
      'String does not match pattern: ^\\+[0-9]{1,15}$',
    ],
  ])('refuses %s', async (_, override, error, description) => {
    const tenant = await tenantFor({
      connections: [
        { name: 'email', strategy: 'email' },
        { name: 'sms', strategy: 'sms' },
        { name: 'corporate', strategy: 'email' },
        { name: 'Username-Password-Authentication', strategy: 'auth0' },
      ],
      clients: [{ clientID: 'app', clientSecret: 'secret', connections: ['email', 'sms'] }],
    });
    expect(await statusAndBody(start(tenant, override))).toEqual([400, { error, error_description: description }]);
    expect(tenant.inbox.messages).toEqual([]);
  });

  test('takes a captcha, as bot detection asks for one', async () => {
    expect((await start(await tenantFor(), { captcha: 'solved' })).status).toBe(200);
  });

  test('serves custom connections, each with its own setting for sign-ups', async () => {
    const tenant = await tenantFor({
      connections: [
        { name: 'corporate', strategy: 'email', disableSignup: true },
        { name: 'guests', strategy: 'email' },
      ],
    });
    expect((await start(tenant, { connection: 'corporate' })).body.error_description).toBe('Public signup is disabled');
    expect((await start(tenant, { connection: 'guests' })).status).toBe(200);
    expect((await start(tenant, { connection: 'email' })).body.error_description).toBe('Connection does not exist');
  });

  test('refuses unknown users when sign-ups are disabled, and sends them nothing', async () => {
    const tenant = await tenantFor({ disableSignup: true });
    tenant.users.push({ email: 'Ada@Example.com' });
    expect((await start(tenant)).status).toBe(200);
    expect(await statusAndBody(start(tenant, { email: 'new@example.com' }))).toEqual([
      400,
      { error: 'bad.connection', error_description: 'Public signup is disabled' },
    ]);
    expect(tenant.inbox.latest('new@example.com')).toBeUndefined();
  });

  test('refuses blocked users, and sends them nothing', async () => {
    const tenant = await tenantFor({
      users: [{ email: 'ada@example.com', phoneNumber: '+15551234567', blocked: true }],
    });
    for (const answer of [await start(tenant), await startSMS(tenant, '+15551234567')]) {
      expect(answer.status).toBe(401);
      expect(answer.body).toEqual({ error: 'unauthorized', error_description: 'user is blocked' });
    }
    expect(tenant.inbox.messages).toEqual([]);
  });
});
