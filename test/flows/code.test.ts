import { describe, expect, test } from 'vitest';
import { ada, setUp, setUpCode } from '../support/app.js';
import { passTime } from '../support/time.js';

test('a code that was emailed signs the user in', async () => {
  const { browser, code, tenant } = await setUp();
  const agent = browser();

  const started = await agent.post('/start').send({ email: ada });
  expect(started.body).toMatchObject({ pending: { stage: 'code', connection: 'email', to: 'a•••@example.com' } });
  expect(tenant.inbox.latest(ada)).toMatchObject({ channel: 'email', to: ada });

  const verified = await agent.post('/code').send({ otp: code() });
  expect(verified.status).toBe(200);
  expect(verified.body).toEqual({
    user: { id: expect.stringMatching(/^email\|[0-9a-f]{24}$/) as string, name: ada },
    info: { connection: 'email', method: 'code' },
  });
  expect((await agent.get('/me')).body).toEqual({ user: verified.body.user });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
});

test('a code that was texted signs the user in', async () => {
  const { browser, code, tenant } = await setUp();
  const agent = browser();

  const started = await agent.post('/start').send({ phone_number: '+1 (202) 555-0123' });
  expect(started.body).toMatchObject({ pending: { stage: 'code', connection: 'sms', to: '+•••0123' } });
  expect(tenant.inbox.latest('+12025550123')).toMatchObject({ channel: 'sms' });

  const verified = await agent.post('/code').send({ otp: code('+12025550123') });
  expect(verified.body).toMatchObject({
    user: { id: expect.stringMatching(/^sms\|/) as string },
    info: { connection: 'sms', method: 'code' },
  });
});

test('a code may be typed with spaces and dashes', async () => {
  const { agent, code } = await setUpCode();
  const typed = ` ${code().slice(0, 3)} - ${code().slice(3)} `;
  expect((await agent.post('/code').send({ otp: typed })).status).toBe(200);
});

test('a wrong code fails with 401 and the right one still signs in', async () => {
  const { agent, code } = await setUpCode();

  const wrong = await agent.post('/code').send({ otp: '000000' });
  expect(wrong.status).toBe(401);
  expect(wrong.body).toEqual({ code: 'wrong_code', message: expect.any(String) as string });
  expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
});

test('a wrong code writes nothing to the session', async () => {
  const { agent } = await setUpCode();
  const wrong = await agent.post('/code').send({ otp: '000000' });
  expect(wrong.status).toBe(401);
  expect(wrong.headers['set-cookie']).toBeUndefined();
});

test('an expired code fails with 401, and a new one signs in', async () => {
  const { agent, code, tenant } = await setUpCode();
  tenant.clock.advance(181);

  const expired = await agent.post('/code').send({ otp: code() });
  expect(expired).toMatchObject({ status: 401, body: { code: 'code_expired' } });
  await agent.post('/resend');
  expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
});

test('after three wrong codes even the right one fails, until another is sent', async () => {
  const { agent, code } = await setUpCode();
  const right = code();

  const failures = [];
  for (const otp of ['000000', '000000', '000000', right]) {
    const { status, body } = await agent.post('/code').send({ otp });
    failures.push([status, (body as { code?: string }).code]);
  }
  expect(failures).toEqual([
    [401, 'wrong_code'],
    [401, 'wrong_code'],
    [401, 'too_many_attempts'],
    [401, 'too_many_attempts'],
  ]);
  await agent.post('/resend');
  expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
});

test('a code signs in once', async () => {
  const { agent, code, sent } = await setUpCode();
  const otp = code();
  expect((await agent.post('/code').send({ otp })).status).toBe(200);

  const again = await agent.post('/code').send({ otp });
  expect(again).toMatchObject({ status: 403, body: { code: 'transaction_missing' } });
  expect(sent('/oauth/token')).toHaveLength(1);
});

test('a blocked user is told so at the code, and not before', async () => {
  const { agent, tenant, code } = await setUpCode({ tenant: { users: [{ email: ada }] } });
  Object.assign(tenant.users[0] ?? {}, { blocked: true });
  const refused = await agent.post('/code').send({ otp: code() });
  expect(refused).toMatchObject({ status: 403, body: { code: 'user_blocked' } });
});

test('the text of an Action that denies with status 500 is the description of access_denied', async () => {
  const { agent, tenant, code } = await setUpCode();
  const description = 'We are closed on Sundays.';
  const body = { error: 'access_denied', error_description: description };
  tenant.fault({ path: '/oauth/token', respond: { status: 500, body } });
  const refused = await agent.post('/code').send({ otp: code() });
  expect(refused).toMatchObject({ status: 403, body: { code: 'access_denied', description } });
});

test.each([
  [true, 200, { user: { name: ada } }],
  [false, 502, { error: { code: 'id_token_invalid' } }],
])(
  'an ID token by PS256 wants keys that do not say RS256: with removeAlgFromJWKS %s it is %i',
  async (removeAlgFromJWKS, status, body) => {
    const clients = [{ clientID: 'c', clientSecret: 's'.repeat(64), idTokenSigningAlg: 'PS256' as const }];
    const { agent, code } = await setUpCode({
      tenant: { clients, removeAlgFromJWKS },
      strategy: { idTokenSigningAlg: 'PS256' },
    });
    const verified = await agent.post('/code').send({ otp: code() });
    expect([verified.status, verified.body]).toMatchObject([status, body]);
  },
);

test('a transaction expires after transactionTTL', async () => {
  // From here on the clock stands still: the second before the end is one second long.
  passTime(0);
  const { agent, code, sent } = await setUpCode();
  const otp = code();
  passTime(599);
  expect((await agent.post('/code').send({ otp: '000000' })).body).toMatchObject({ code: 'code_expired' });
  passTime(1);

  const late = await agent.post('/code').send({ otp });
  expect(late).toMatchObject({ status: 403, body: { code: 'transaction_expired' } });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
  expect(sent('/oauth/token')).toHaveLength(1);
});

test('a route pinned to the second factor is transaction_missing while a code is pending', async () => {
  const { agent, code } = await setUpCode({ route: { stage: 'mfa' } });
  // The route's own stage counts; the callback route of the app has none of its own.
  const response = await agent.post('/callback').send({ otp: code() });
  expect(response.body).toMatchObject({ code: 'transaction_missing' });
});

describe('a code that cannot be one', () => {
  test.each([
    ['none', {}],
    ['blanks', { otp: '   ' }],
    ['two', { otp: ['123456', '123456'] }],
    ['65 characters', { otp: '1'.repeat(65) }],
  ])('%s is answered with 400, and Auth0 is not asked', async (_name, body) => {
    const { agent, sent } = await setUpCode();
    const response = await agent.post('/code').send(body);
    expect(response.status).toBe(400);
    expect(response.body).toEqual({ code: 'code_missing', message: expect.any(String) as string });
    expect(sent('/oauth/token')).toHaveLength(0);
  });
});

test('a code that is a JSON number is code_missing, with a hint to send a string', async () => {
  const { agent, sent } = await setUpCode();
  for (const path of ['/code', '/callback']) {
    const { status, body } = await agent.post(path).send({ otp: 123456 });
    expect([status, body]).toMatchObject([
      400,
      { code: 'code_missing', hint: expect.stringMatching(/otp as a string/) },
    ]);
  }
  expect(sent('/oauth/token')).toHaveLength(0);
});

test('a code in Arabic-Indic digits, pasted with a line break, signs the user in', async () => {
  const { agent, code } = await setUpCode();
  const otp = code().replace(/\d/g, (digit) => String.fromCodePoint(0x660 + Number(digit)));
  expect((await agent.post('/code').send({ otp: `${otp}\r\n` })).status).toBe(200);
});

test('a user whom verify refuses is not signed in, and the code is consumed', async () => {
  const { agent, code } = await setUpCode({
    verify: (_tokens, _profile, done) => {
      done(null, false, { message: 'Not you.', reason: 'staff only' });
    },
  });
  const response = await agent.post('/code').send({ otp: code() });
  expect(response.status).toBe(401);
  expect(response.body).toEqual({ code: 'refused', message: 'Not you.', reason: 'staff only' });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
});

test('fetchUserInfo adds the claims of /userinfo to those of the ID token', async () => {
  const { agent, code, tenant } = await setUpCode({ strategy: { fetchUserInfo: true } });
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ user: { name: ada } });
  expect(tenant.requests.at(-1)).toMatchObject({ method: 'GET', path: '/userinfo' });
});
