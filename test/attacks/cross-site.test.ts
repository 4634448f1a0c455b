// SECURITY.md: another site starts its own login in the victim's browser.
import { expect, test } from 'vitest';
import { ada, eve, setUp } from '../support/app.js';
import { setUpMfa } from '../support/mfa.js';

const CROSS_SITE = { 'sec-fetch-site': 'cross-site' };

test('a cross-site POST starts no login, so that a code sent to the attacker signs nobody in', async () => {
  const { browser, code, tenant } = await setUp();
  const victim = browser();
  const started = await victim.post('/start').set(CROSS_SITE).type('form').send({ email: eve });
  expect([started.status, started.headers['set-cookie']]).toEqual([403, undefined]);
  expect(tenant.inbox.messages).toEqual([]);
  expect((await victim.get('/pending')).body).toEqual({ pending: null });
  expect((await victim.post('/code').send({ otp: code(eve) })).body).toMatchObject({ code: 'transaction_missing' });
});

test("a cross-site POST does not replace the victim's transaction", async () => {
  const { browser, code } = await setUp();
  const victim = browser();
  await victim.post('/start').send({ email: ada });
  await victim.post('/start').set(CROSS_SITE).type('form').send({ email: eve });
  expect((await victim.post('/code').send({ otp: code() })).body).toMatchObject({ user: { name: ada } });
});

test("a cross-site POST uses up none of the victim's three attempts", async () => {
  const { browser, code, sent } = await setUp();
  const victim = browser();
  await victim.post('/start').send({ email: ada });
  for (let guess = 0; guess < 3; guess += 1) {
    await victim.post('/code').set(CROSS_SITE).type('form').send({ otp: '000000' });
  }
  expect(sent('/oauth/token')).toHaveLength(0);
  expect((await victim.post('/code').send({ otp: code() })).status).toBe(200);
});

test('a cross-site POST neither enrols nor challenges nor verifies a second factor', async () => {
  const { agent, tenant } = await setUpMfa([]);
  const before = tenant.requests.length;
  for (const [path, body] of [
    ['/mfa/enroll', { type: 'sms', phone_number: '+12025550199' }],
    ['/mfa/challenge', { authenticator_id: 'sms|1' }],
    ['/mfa', { otp: '123456' }],
  ] as const) {
    expect((await agent.post(path).set(CROSS_SITE).type('form').send(body)).status).toBe(403);
  }
  expect(tenant.requests).toHaveLength(before);
});

test('ignores method overrides: only a POST starts a login', async () => {
  const { browser, tenant } = await setUp();
  const response = await browser().get(`/start?email=${eve}&_method=POST`).set('x-http-method-override', 'POST');
  expect(response.status).toBe(405);
  expect(tenant.requests).toHaveLength(0);
});
