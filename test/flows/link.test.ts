import { describe, expect, test } from 'vitest';
import { ada, callbackURL, setUp, setUpCode, setUpLink } from '../support/app.js';
import { passTime } from '../support/time.js';

test('a link signs the user in, in the browser that requested it', async () => {
  const { browser, openLink, sent } = await setUp({ route: { appState: { returnTo: '/orders' } } });
  const agent = browser();
  const started = await agent.post('/link').send({ email: ada });
  expect(started.body).toMatchObject({ pending: { stage: 'link', connection: 'email', to: 'a•••@example.com' } });

  const signedIn = await agent.get(await openLink());
  expect(signedIn.status).toBe(200);
  expect(signedIn.body).toEqual({
    user: { id: expect.stringMatching(/^email\|/) as string, name: ada },
    info: { connection: 'email', method: 'link', appState: { returnTo: '/orders' } },
  });
  expect(sent('/oauth/token')[0]?.body).toMatchObject({ grant_type: 'authorization_code', redirect_uri: callbackURL });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
});

test('a start of a link sends all that its callback needs', async () => {
  const { sent } = await setUpLink({ strategy: { audience: 'https://api.example.com' } });
  expect(sent('/passwordless/start')[0]?.body.authParams).toEqual({
    response_type: 'code',
    redirect_uri: callbackURL,
    scope: 'openid profile email',
    audience: 'https://api.example.com',
    state: expect.stringMatching(/^[\w-]{32}$/) as string,
    nonce: expect.stringMatching(/^[\w-]{32}$/) as string,
  });
});

test('a callback whose user verify refuses is consumed', async () => {
  const { agent, openLink } = await setUpLink({ verify: () => Promise.resolve(false) });
  const path = await openLink();
  expect((await agent.get(path)).body).toMatchObject({ code: 'refused' });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
  expect((await agent.get(path)).body).toMatchObject({ code: 'link_opened_elsewhere' });
});

test('links of three tabs work in any order; a fourth replaces the oldest', async () => {
  const { browser, openLink } = await setUp();
  const agent = browser();
  const paths: string[] = [];
  for (const name of ['one', 'two', 'three', 'four']) {
    await agent.post('/link').send({ email: `${name}@example.com` });
    paths.push(await openLink(`${name}@example.com`));
  }
  const [one = '', two = '', three = '', four = ''] = paths;
  expect((await agent.get(one)).body).toMatchObject({ code: 'state_mismatch' });
  // Without logIn in between, which would end the session and everything that is pending in it.
  expect((await agent.get('/pending')).body).toMatchObject({ pending: { to: 'f•••@example.com' } });
  expect((await agent.get(three)).body).toMatchObject({ user: { name: 'three@example.com' } });
  expect([two, four]).toHaveLength(2);
});

test('a code and a link can be pending side by side', async () => {
  const { agent, code } = await setUpCode();
  await agent.post('/link').send({ email: 'bob@example.com' });
  expect((await agent.get('/pending')).body).toMatchObject({ pending: { stage: 'link', to: 'b•••@example.com' } });
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ user: { name: ada } });
});

test("the code in a link's email can be typed instead", async () => {
  const { agent, code } = await setUpLink();
  const verified = await agent.post('/code').send({ otp: code() });
  expect(verified.body).toMatchObject({ user: { name: ada }, info: { method: 'code' } });
});

test('the link from before a resend is refused, and the newest still works', async () => {
  const { agent, openLink, tenant } = await setUpLink();
  const first = tenant.inbox.latest(ada)?.link ?? '';
  await agent.post('/resend');
  const newest = await openLink();

  const refusal = await fetch(first, { redirect: 'manual' });
  const { pathname, search } = new URL(refusal.headers.get('location') ?? '');
  const refused = await agent.get(pathname + search);
  expect(refused).toMatchObject({
    status: 401,
    body: { code: 'wrong_code', message: expect.stringContaining('link') },
  });
  expect((await agent.get(newest)).status).toBe(200);
});

test('an expired link is code_expired, with the message of a link', async () => {
  const { agent, openLink, tenant } = await setUpLink();
  tenant.clock.advance(181);
  const late = await agent.get(await openLink());
  expect(late).toMatchObject({ status: 401, body: { code: 'code_expired', message: expect.stringContaining('link') } });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
});

test('a callback after transactionTTL is transaction_expired', async () => {
  const { agent, openLink, sent } = await setUpLink();
  const path = await openLink();
  passTime(600);
  const late = await agent.get(path);
  expect(late).toMatchObject({ status: 403, body: { code: 'transaction_expired' } });
  expect(sent('/oauth/token')).toHaveLength(0);
});

describe('an incomplete callback', () => {
  test.each([
    ['nothing', ''],
    ['no state', 'code=abc'],
    ['neither code nor error', 'state=STATE'],
    ['two codes', 'state=STATE&code=abc&code=def'],
    ['a code of 2,049 characters', `state=STATE&code=${'x'.repeat(2049)}`],
    ['control characters', 'state=STATE&code=%00abc'],
  ])('%s fails with 400, names response_type, and consumes nothing', async (_name, query) => {
    const { agent, openLink, sent } = await setUpLink();
    const path = await openLink();
    const state = new URLSearchParams(path.split('?')[1]).get('state') ?? '';

    const response = await agent.get(`/callback?${query.replaceAll('STATE', state)}`);
    expect(response.status).toBe(400);
    expect(response.body).toEqual({
      code: 'callback_incomplete',
      message: expect.stringContaining('response_type') as string,
    });
    expect(sent('/oauth/token')).toHaveLength(0);
    expect((await agent.get(path)).status).toBe(200);
  });
});

describe('an error in the callback', () => {
  test.each([
    ['unauthorized', 'Wrong email or verification code.', 401, { code: 'wrong_code' }],
    [
      'unauthorized',
      "You've reached the maximum number of attempts. Please try to login again.",
      401,
      { code: 'too_many_attempts' },
    ],
    ['unauthorized', 'user is blocked', 403, { code: 'user_blocked' }],
    ['unauthorized', 'A rule says no', 403, { code: 'access_denied', description: 'A rule says no' }],
    ['access_denied', 'Your trial has expired', 403, { code: 'access_denied', description: 'Your trial has expired' }],
    ['access_denied', '', 403, { code: 'access_denied' }],
  ])('%s, %j fails with %i', async (error, description, status, failed) => {
    const { agent, tenant } = await setUpLink();
    const state = new URL(tenant.inbox.latest(ada)?.link ?? '').searchParams.get('state');
    const response = await agent.get('/callback').query({ error, error_description: description, state });
    expect(response.status).toBe(status);
    expect(response.body).toEqual({ message: expect.any(String) as string, ...failed });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('server_error is an error, not a failure', async () => {
    const { agent, tenant } = await setUpLink();
    const state = new URL(tenant.inbox.latest(ada)?.link ?? '').searchParams.get('state');
    const response = await agent
      .get('/callback')
      .query({ error: 'server_error', error_description: 'for ada@example.com', state });
    expect(response).toMatchObject({ status: 502, body: { error: { code: 'unexpected_response' } } });
    expect(JSON.stringify(response.body)).not.toContain('ada@');
  });

  test("counts only with this browser's state", async () => {
    const { agent, openLink } = await setUpLink();
    const forged = await agent
      .get('/callback')
      .query({ error: 'access_denied', error_description: 'Call 555', state: 'x' });
    expect(forged.body).toEqual({ code: 'state_mismatch', message: expect.any(String) as string });
    expect((await agent.get(await openLink())).status).toBe(200);
  });
});

test('without callbackURL a link is a configuration_error, and a code works', async () => {
  const { browser, tenant } = await setUp({ strategy: { callbackURL: undefined } });
  const response = await browser().post('/link').send({ email: ada });
  expect(response).toMatchObject({
    status: 500,
    body: {
      error: { code: 'configuration_error', message: expect.stringContaining('callbackURL') as string },
    },
  });
  expect(tenant.requests).toHaveLength(0);
  expect((await browser().post('/start').send({ email: ada })).status).toBe(200);
});

test('an SMS carries a code even if links are the default', async () => {
  const { browser, sent } = await setUp({ strategy: { send: 'link' } });
  const { body } = await browser().post('/start').send({ phone_number: '+12025550123' });
  expect(body).toMatchObject({ pending: { stage: 'code' } });
  expect(sent('/passwordless/start')[0]?.body).toMatchObject({ connection: 'sms', send: 'code' });
});

describe('an organization', () => {
  const users = [{ email: ada, orgID: 'org_abc', orgName: 'acme' }];

  test.each(['org_abc', 'acme'])('%s signs in its member', async (organization) => {
    const { agent, openLink, sent } = await setUpLink({ tenant: { users }, strategy: { organization } });
    expect(sent('/passwordless/start')[0]?.body).toMatchObject({ authParams: { organization } });
    expect((await agent.get(await openLink())).status).toBe(200);
  });

  test.each(['org_xyz', 'other'])('%s rejects a user who is not its member', async (organization) => {
    const { agent, openLink } = await setUpLink({ tenant: { users }, strategy: { organization } });
    const response = await agent.get(await openLink());
    expect(response).toMatchObject({ status: 403, body: { code: 'organization_mismatch' } });
  });

  test('is also checked if the code of the email is typed', async () => {
    const { agent, code } = await setUpLink({ tenant: { users }, strategy: { organization: 'org_abc' } });
    const response = await agent.post('/code').send({ otp: code() });
    expect(response.body).toMatchObject({ code: 'organization_mismatch' });
  });
});
