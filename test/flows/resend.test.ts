import { expect, test } from 'vitest';
import { ada, setUp, setUpCode } from '../support/app.js';
import { passTime } from '../support/time.js';

test('a resend goes to the pending address in the same way, whatever the browser posts', async () => {
  const { agent, sent, tenant } = await setUpCode({ route: { audience: 'https://api.example.com' } });
  const { status, body } = await agent.post('/resend').send({ email: 'eve@example.com' });
  expect(status).toBe(200);
  expect(body).toMatchObject({ pending: { to: 'a•••@example.com' } });
  const [first, second] = sent('/passwordless/start');
  expect(second?.body).toEqual(first?.body);
  expect(tenant.inbox.messages).toHaveLength(2);
});

test('the newest code signs in, with what the start asked for', async () => {
  const { agent, code, sent } = await setUpCode({ route: { scope: 'openid', appState: { returnTo: '/orders' } } });
  const first = code();
  await agent.post('/resend');
  if (code() !== first) {
    expect((await agent.post('/code').send({ otp: first })).body).toMatchObject({ code: 'wrong_code' });
  }
  const verified = await agent.post('/code').send({ otp: code() });
  expect(verified.body).toMatchObject({ info: { appState: { returnTo: '/orders' } } });
  expect(sent('/oauth/token').at(-1)?.body).toMatchObject({ scope: 'openid' });
});

test('a resend waits for resendCooldown, counted from the last send', async () => {
  const { agent, tenant } = await setUpCode({ strategy: { resendCooldown: 30 } });
  passTime(10);
  const soon = await agent.post('/resend');
  expect(soon.status).toBe(429);
  expect((soon.body as { retryAfter: number }).retryAfter).toBeLessThanOrEqual(20);
  passTime(20);
  expect((await agent.post('/resend')).status).toBe(200);
  expect((await agent.post('/resend')).body).toMatchObject({ code: 'resend_too_soon', retryAfter: 30 });
  expect(tenant.inbox.messages).toHaveLength(2);
});

test('a resend restarts transactionTTL', async () => {
  const { agent, code } = await setUpCode();
  passTime(500);
  await agent.post('/resend');
  passTime(150);
  expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
});

test('a resend sends nothing if nothing is pending, or if it has expired', async () => {
  const { browser, tenant } = await setUp();
  const nothing = await browser().post('/resend').send({ email: ada });
  expect(nothing).toMatchObject({ status: 403, body: { code: 'transaction_missing' } });
  expect(tenant.requests).toHaveLength(0);

  const agent = browser();
  await agent.post('/start').send({ email: ada });
  passTime(600);
  const late = await agent.post('/resend');
  expect(late).toMatchObject({ status: 403, body: { code: 'transaction_expired' } });
  expect(tenant.inbox.messages).toHaveLength(1);
});

test('a failed resend leaves the transaction as it was', async () => {
  const { agent, code, tenant } = await setUpCode();
  tenant.fault({ path: '/passwordless/start', respond: 'reset' });
  const failed = await agent.post('/resend');
  expect(failed).toMatchObject({ status: 503, body: { error: { code: 'transport_error' } } });
  expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
});

test('a resend repeats a link that is still pending after a second factor expired', async () => {
  const { browser, tenant, code } = await setUp({
    tenant: { mfa: 'always', users: [{ email: ada, factors: [{ type: 'otp' }] }] },
  });
  const agent = browser();
  await agent.post('/link').send({ email: 'bob@example.com' });
  await agent.post('/start').send({ email: ada });
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ code: 'mfa_required' });
  passTime(301);
  const before = tenant.inbox.messages.length;
  expect((await agent.post('/resend')).body).toMatchObject({ pending: { stage: 'link', to: 'b•••@example.com' } });
  expect(tenant.inbox.messages).toHaveLength(before + 1);
});

test('a resend repeats the newest message: a link after a code', async () => {
  const { agent, tenant } = await setUpCode();
  await agent.post('/link').send({ email: 'bob@example.com' });
  expect((await agent.post('/resend')).body).toMatchObject({ pending: { stage: 'link', to: 'b•••@example.com' } });
  expect(tenant.inbox.latest('bob@example.com')?.link).toBeDefined();
});
