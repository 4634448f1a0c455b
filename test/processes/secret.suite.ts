import { expect, test } from 'vitest';
import { ada, browser, codeOf, openLink, startApp, startTenant } from './processes.js';

const OLD = 'the old secret, of at least 32 bytes';
const NEW = 'the new secret, of at least 32 bytes';

test.each(['code', 'link'])(
  'a %s asked for under the old secret is taken by a process that has it second',
  async (kind) => {
    const tenant = await startTenant();
    const on = browser();
    const before = await startApp(tenant, { transactionSecret: [OLD] });
    await on(before)
      .post(kind === 'code' ? '/login' : '/link')
      .send({ email: ada });
    await before.stop();
    const after = await startApp(tenant, { transactionSecret: [NEW, OLD] });
    const { status, body } =
      kind === 'code'
        ? await on(after)
            .post('/code')
            .send({ otp: codeOf(tenant) })
        : await on(after).get(await openLink(tenant));
    expect([status, body]).toMatchObject([200, { info: { method: kind } }]);
  },
);

test('a second factor outlives both steps of a rotation', async () => {
  const tenant = await startTenant({ mfa: 'always', users: [{ email: ada, factors: [{ type: 'otp' }] }] });
  const on = browser();
  const before = await startApp(tenant, { transactionSecret: [OLD] });
  await on(before).post('/login').send({ email: ada });
  await before.stop();
  const between = await startApp(tenant, { transactionSecret: [NEW, OLD] });
  await on(between)
    .post('/code')
    .send({ otp: codeOf(tenant) })
    .expect(401);
  await between.stop();
  const after = await startApp(tenant, { transactionSecret: [NEW] });
  expect((await on(after).get('/mfa/list')).body).toContainEqual({ id: expect.any(String) as string, type: 'otp' });
  const { status, body } = await on(after)
    .post('/mfa')
    .send({ otp: tenant.totp(ada) });
  expect([status, body]).toMatchObject([200, { info: { mfa: { factor: 'otp' } } }]);
});

test('a process that does not know the old secret refuses, and leaves the login to those that do', async () => {
  const tenant = await startTenant();
  const on = browser();
  const before = await startApp(tenant, { transactionSecret: OLD });
  const after = await startApp(tenant, { transactionSecret: NEW });
  await on(before).post('/login').send({ email: ada });
  const otp = codeOf(tenant);
  const { status, body } = await on(after).post('/code').send({ otp });
  expect([status, body]).toMatchObject([403, { failed: { code: 'transaction_invalid' } }]);
  expect((await on(before).post('/code').send({ otp })).status).toBe(200);
});

// What is sealed by the new one cannot be read by a process that has not heard of it: it has to be second everywhere first.
test('a new secret that all processes know before one of them seals by it loses no login', async () => {
  const tenant = await startTenant();
  const on = browser();
  const first = await startApp(tenant, { transactionSecret: [NEW, OLD] });
  const unaware = await startApp(tenant, { transactionSecret: [OLD] });
  const aware = await startApp(tenant, { transactionSecret: [OLD, NEW] });
  await on(first).post('/login').send({ email: ada });
  const otp = codeOf(tenant);
  const { body } = await on(unaware).post('/code').send({ otp });
  expect(body).toMatchObject({ failed: { code: 'transaction_invalid' } });
  expect((await on(aware).post('/code').send({ otp })).status).toBe(200);
});
