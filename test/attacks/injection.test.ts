// SECURITY.md: headers are injected through typed text, or members of a form through a code.
import { expect, test } from 'vitest';
import { type AppSetup, openApp } from '../support/app.js';
import { CLIENT, hostileAuth0 } from '../support/hostile-auth0.js';

type Script = Parameters<typeof hostileAuth0>[0];

/** A browser in front of an app whose Auth0 keeps every request as it was received. */
async function setUp({ script, ...setup }: AppSetup & { script?: Script } = {}) {
  const auth0 = hostileAuth0(script);
  const { browser } = await openApp({ ...CLIENT, domain: await auth0.listen() }, setup);
  return { agent: browser(), requests: auth0.sent };
}

const HEADERS = ['accept', 'auth0-client', 'connection', 'content-length', 'content-type', 'host'];
const INJECTED = [
  '\r\nx-evil: 1',
  '\nx-evil: 1',
  '\rx-evil: 1',
  '\u0000',
  '\u010d\u010ax-evil: 1',
  '%0d%0ax-evil: 1',
  '\u2028x-evil: 1',
];

test.each(INJECTED)('drops a language and an IP address that contain %j', async (injected) => {
  const { agent, requests } = await setUp({
    strategy: { language: () => `fr${injected}`, forwardedFor: () => `8.8.8.8${injected}` },
  });
  expect((await agent.post('/start').send({ email: 'ada@example.com' })).status).toBe(200);
  expect(requests.map(({ headers }) => Object.keys(headers).sort())).toEqual([HEADERS]);
});

test.each(INJECTED)('adds no header, and no line break to a body, for an address with %j', async (injected) => {
  const { agent, requests } = await setUp();
  await agent.post('/start').send({ email: `ada@example.com${injected}` });
  await agent.post('/start').send({ phone_number: `+12025550123${injected}` });
  for (const { headers, body } of requests) {
    expect(Object.keys(headers).sort()).toEqual(HEADERS);
    expect(body).not.toMatch(/\p{C}|\u2028|\\[rnu]/u);
  }
});

test.each(INJECTED)('adds no header for an mfa_token with %j', async (injected) => {
  const required = { status: 403, body: { error: 'mfa_required', mfa_token: `token${injected}` } };
  const script = { '/oauth/token': () => required, '/mfa/authenticators': () => ({ body: [] }) };
  const { agent, requests } = await setUp({ script });
  await agent.post('/start').send({ email: 'ada@example.com' });
  await agent.post('/code').send({ otp: '123456' });
  await agent.get('/mfa/list');
  for (const { headers } of requests) expect(headers).not.toHaveProperty('x-evil');
});

test('adds no parameter to a form for a code with one', async () => {
  const { agent, requests } = await setUp();
  await agent.post('/start').send({ email: 'ada+x&y=z@example.com' });
  for (const otp of ['123456&grant_type=client_credentials', '1=2&otp=3', '12+34%26x=y', '123456;realm=sms']) {
    expect((await agent.post('/code').send({ otp })).body).toMatchObject({ code: 'code_missing' });
  }
  expect(requests).toHaveLength(1);
  await agent.post('/code').send({ otp: '123456' });
  expect(Object.fromEntries(new URLSearchParams(requests.at(-1)?.body ?? ''))).toEqual({
    client_id: CLIENT.clientID,
    client_secret: CLIENT.clientSecret,
    grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
    username: 'ada+x&y=z@example.com',
    otp: '123456',
    realm: 'email',
    scope: 'openid profile email',
  });
});

test('adds no parameter to a form for the code of a callback', async () => {
  const { agent, requests } = await setUp();
  await agent.post('/link').send({ email: 'ada@example.com' });
  const { authParams } = JSON.parse(requests[0]?.body ?? '') as { authParams: { state: string } };
  const code = 'c&redirect_uri=https://evil.example.com&grant_type=x';
  await agent.get(`/callback?state=${authParams.state}&code=${encodeURIComponent(code)}`);
  const form = new URLSearchParams(requests.at(-1)?.body ?? '');
  expect([...form.keys()].sort()).toEqual(['client_id', 'client_secret', 'code', 'grant_type', 'redirect_uri']);
  expect([form.get('code'), form.get('redirect_uri')]).toEqual([code, 'http://127.0.0.1/callback']);
});
