/*
 * SECURITY.md: another site starts its own login in the victim's browser, and waits for the victim to finish it.
 *
 * Also: test/flows/start.test.ts "a start, a resend or a code that another site posts is refused";
 * test/flows/mfa.test.ts "another site can neither have a code sent nor enrol a factor";
 * test/strategy/routes.test.ts "a request that another site sends".
 */
import { describe, expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';
import { setUpMfa } from '../support/mfa.js';

const eve = 'eve@example.com';
const CROSS_SITE = { 'sec-fetch-site': 'cross-site' };

describe("another site's page posts to the victim's browser", () => {
  test('an address of its own: nothing is pending then, and the code it was sent is worth nothing', async () => {
    const { browser, code, tenant } = await setUp();
    const victim = browser();
    const started = await victim.post('/start').set(CROSS_SITE).type('form').send({ email: eve });
    expect([started.status, started.headers['set-cookie']]).toEqual([403, undefined]);
    expect(tenant.inbox.messages).toEqual([]);
    expect((await victim.get('/pending')).body).toEqual({ pending: null });
    expect((await victim.post('/code').send({ otp: code(eve) })).body).toMatchObject({ code: 'transaction_missing' });
  });

  test("an address of its own: the victim's login is not replaced", async () => {
    const { browser, code } = await setUp();
    const victim = browser();
    await victim.post('/start').send({ email: ada });
    await victim.post('/start').set(CROSS_SITE).type('form').send({ email: eve });
    expect((await victim.post('/code').send({ otp: code(ada) })).body).toMatchObject({ user: { name: ada } });
  });

  test("guesses at the code: none of the victim's three attempts is lost", async () => {
    const { browser, code, sent } = await setUp();
    const victim = browser();
    await victim.post('/start').send({ email: ada });
    for (let guess = 0; guess < 3; guess += 1)
      await victim.post('/code').set(CROSS_SITE).type('form').send({ otp: '000000' });
    expect(sent('/oauth/token')).toHaveLength(0);
    expect((await victim.post('/code').send({ otp: code(ada) })).status).toBe(200);
  });

  test('an authenticator of its own, when a second factor is pending: none is enrolled, and nothing is sent', async () => {
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
});

test('what a method override would make a start of is none: only POST is one', async () => {
  const { browser, tenant } = await setUp();
  const response = await browser().get(`/start?email=${eve}&_method=POST`).set('x-http-method-override', 'POST');
  expect(response.status).toBe(405);
  expect(tenant.requests).toHaveLength(0);
});
