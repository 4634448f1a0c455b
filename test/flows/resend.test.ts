import { expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';
import { passTime } from '../support/time.js';

test('a resend goes to the pending address in the same way, whatever the browser posts', async () => {
  const { browser, sent, tenant } = await setUp({ route: { audience: 'https://api.example.com' } });
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  const { status, body } = await agent.post('/resend').send({ email: 'eve@example.com' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ pending: { to: 'a•••@example.com' } });
  const [first, second] = sent('/passwordless/start');
  expect(second?.body).toEqual(first?.body);
  expect(tenant.inbox.messages).toHaveLength(2);
});

test('the newest code signs in, with what the start asked for', async () => {
  const { browser, code, sent } = await setUp({ route: { scope: 'openid', appState: { returnTo: '/orders' } } });
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  const first = code(ada);
  await agent.post('/resend');
  if (code(ada) !== first) {
    expect((await agent.post('/code').send({ otp: first })).body).toMatchObject({ code: 'wrong_code' });
  }
  const verified = await agent.post('/code').send({ otp: code(ada) });
  expect(verified.body).toMatchObject({ info: { appState: { returnTo: '/orders' } } });
  expect(sent('/oauth/token').at(-1)?.body).toMatchObject({ scope: 'openid' });
});

test('a resend waits for resendCooldown, counted from the last send', async () => {
  const { browser, tenant } = await setUp({ strategy: { resendCooldown: 30 } });
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  passTime(10);
  const soon = await agent.post('/resend');
  expect(soon.status).toBe(429);
  expect((soon.body as { retryAfter: number }).retryAfter).toBeLessThanOrEqual(20);
  passTime(20);
  expect((await agent.post('/resend')).status).toBe(200);
  expect((await agent.post('/resend')).body).toMatchObject({ code: 'resend_too_soon', retryAfter: 30 });
  expect(tenant.inbox.messages).toHaveLength(2);
});

test('a resend counts transactionTTL anew', async () => {
  const { browser, code } = await setUp();
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  passTime(500);
  await agent.post('/resend');
  passTime(150);
  expect((await agent.post('/code').send({ otp: code(ada) })).status).toBe(200);
});

test('with nothing pending, or what is too old, nothing is sent', async () => {
  const { browser, tenant } = await setUp();
  const nothing = await browser().post('/resend').send({ email: ada });
  expect(nothing.status).toBe(403);
  expect(nothing.body).toMatchObject({ code: 'transaction_missing' });
  expect(tenant.requests).toHaveLength(0);

  const agent = browser();
  await agent.post('/start').send({ email: ada });
  passTime(600);
  const late = await agent.post('/resend');
  expect(late.status).toBe(403);
  expect(late.body).toMatchObject({ code: 'transaction_expired' });
  expect(tenant.inbox.messages).toHaveLength(1);
});

test('a resend that fails leaves the pending login as it was', async () => {
  const { browser, code, tenant } = await setUp();
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  tenant.fault({ path: '/passwordless/start', respond: 'reset' });
  const failed = await agent.post('/resend');
  expect(failed.status).toBe(503);
  expect(failed.body).toMatchObject({ error: { code: 'transport_error' } });
  expect((await agent.post('/code').send({ otp: code(ada) })).status).toBe(200);
});

test('a resend goes to the link that is pending still, once a second factor after it is over', async () => {
  const { browser, tenant, code } = await setUp({
    tenant: { mfa: 'always', users: [{ email: ada, factors: [{ type: 'otp' }] }] },
  });
  const agent = browser();
  await agent.post('/link').send({ email: 'bob@example.com' });
  await agent.post('/start').send({ email: ada });
  expect((await agent.post('/code').send({ otp: code(ada) })).body).toMatchObject({ code: 'mfa_required' });
  passTime(301);
  const before = tenant.inbox.messages.length;
  expect((await agent.post('/resend')).body).toMatchObject({ pending: { stage: 'link', to: 'b•••@example.com' } });
  expect(tenant.inbox.messages).toHaveLength(before + 1);
});

test('a resend repeats the newest message: a link after a code', async () => {
  const { browser, tenant } = await setUp();
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  await agent.post('/link').send({ email: 'bob@example.com' });
  expect((await agent.post('/resend')).body).toMatchObject({ pending: { stage: 'link', to: 'b•••@example.com' } });
  expect(tenant.inbox.latest('bob@example.com')?.link).toBeDefined();
});
