// SECURITY.md: a redirect is turned elsewhere, or the host header is poisoned.
import type { AuthenticateOptions } from 'passport-auth0-passwordless';
import { expect, test } from 'vitest';
import { ada, callbackURL, setUp } from '../support/app.js';

const EVIL = 'https://evil.example.com/';

/** Every name that a target might have in a request. */
const TARGETS = Object.fromEntries(
  [
    ...['redirect', 'redirect_uri', 'redirectUri', 'returnTo', 'return_to', 'next', 'callbackURL', 'callback_url'],
    ...['pendingRedirect', 'mfaRedirect', 'successRedirect', 'failureRedirect'],
  ].map((name) => [name, EVIL]),
);

test('no step redirects to a target that the request names', async () => {
  const route = { pendingRedirect: '/code', mfaRedirect: '/second', failureRedirect: '/failed' };
  const { browser, code, openLink, sent } = await setUp({ route, tenant: { mfa: 'always' } });
  const agent = browser();
  const query = `?${new URLSearchParams(TARGETS).toString()}`;
  const answers = [
    await agent.post(`/link${query}`).send({ ...TARGETS, email: ada }),
    await agent.post(`/resend${query}`).send(TARGETS),
    await agent.get(`${await openLink()}&${query.slice(1)}`),
    await agent.post(`/start${query}`).send({ ...TARGETS, email: ada }),
    await agent.post(`/code${query}`).send({ ...TARGETS, otp: '000000' }),
    await agent.post(`/code${query}`).send({ ...TARGETS, otp: code() }),
  ];
  expect(JSON.stringify(answers.map(({ headers, body }) => [headers, body as unknown]))).not.toContain('evil');
  const locations = answers.map(({ headers }) => headers.location as unknown);
  expect(locations).toEqual(['/code', '/code', undefined, '/code', undefined, '/second']);
  expect(JSON.stringify(sent('/passwordless/start'))).not.toContain('evil');
});

test.each([
  ['host', 'evil.example.com'],
  ['x-forwarded-host', 'evil.example.com'],
  ['forwarded', 'host=evil.example.com;proto=https'],
  ['x-forwarded-proto', 'evil'],
  ['x-original-url', EVIL],
  ['origin', EVIL],
  ['referer', EVIL],
])('ignores a poisoned header: %s: %s', async (name, value) => {
  const { browser, sent, tenant } = await setUp();
  const agent = browser();
  await agent.post('/link').set(name, value).send({ email: ada });
  await agent.post('/start').set(name, value).send({ email: 'bob@example.com' });
  const [link] = sent('/passwordless/start');
  expect(link?.body).toMatchObject({ authParams: { redirect_uri: callbackURL } });
  expect(tenant.inbox.latest(ada)?.link).not.toContain('evil');
  expect(JSON.stringify(sent('/passwordless/start'))).not.toContain('evil');
});

const route: AuthenticateOptions = { callbackURL: (req) => req.query.to as string };
const start = async (to: string) => {
  const app = await setUp({ route });
  const response = await app
    .browser()
    .post(`/link?to=${encodeURIComponent(to)}`)
    .send({ email: ada });
  return { ...app, response };
};

test.each([
  'javascript:alert(1)//https://x',
  'data:text/html,x',
  '//evil.example.com',
  '/start',
  'file:///etc/passwd',
  'https:',
  'app://callback',
])('sends nothing if callbackURL comes from a request and is no http: or https: URL: %s', async (to) => {
  const { response, tenant } = await start(to);
  expect([response.status, response.body]).toMatchObject([500, { error: { code: 'configuration_error' } }]);
  expect(tenant.requests).toHaveLength(0);
});

test("a callbackURL from a request is limited by Auth0's Allowed Callback URLs", async () => {
  const client = { clientID: 'the-client', clientSecret: 'a client secret of 32 bytes or more' };
  const { browser, tenant } = await setUp({ route, tenant: { clients: [{ ...client, callbacks: [callbackURL] }] } });
  await browser()
    .post(`/link?to=${encodeURIComponent(EVIL)}`)
    .send({ email: ada });
  const answer = await fetch(tenant.inbox.latest(ada)?.link ?? '', { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([403, null]);
});

test('appState is passed to the app, and redirects nobody by itself', async () => {
  const { browser, code } = await setUp({ route: { appState: (req) => ({ returnTo: req.query.returnTo }) } });
  const agent = browser();
  const started = await agent.post(`/start?returnTo=${encodeURIComponent(EVIL)}`).send({ email: ada });
  const verified = await agent.post('/code').send({ otp: code() });
  expect([started.headers.location, verified.headers.location]).toEqual([undefined, undefined]);
  expect(verified.body).toMatchObject({ info: { appState: { returnTo: EVIL } } });
});
