import type { Factor } from 'passport-auth0-passwordless/testing';
import { expect, test } from 'vitest';
import { ada, browser, codeOf, cookieOf, exchanges, startApp, startApps, startTenant } from './processes.js';

/** The first process had the code sent, and the second took it. */
const setUp = async (...factors: Factor[]) => {
  const tenant = await startTenant({ mfa: 'always', users: [{ email: ada, factors }] });
  const [one, other] = await startApps(tenant);
  const on = browser();
  const started = await on(one).post('/login').send({ email: ada });
  const required = await on(other)
    .post('/code')
    .send({ otp: codeOf(tenant) });
  expect([required.status, required.body]).toMatchObject([401, { failed: { code: 'mfa_required' } }]);
  return { tenant, one, other, on, started, required };
};

test('an authenticator app, its list and its code on different processes, signs in to both', async () => {
  const { tenant, one, other, on } = await setUp({ type: 'otp' });
  expect((await on(one).get('/pending')).body).toMatchObject({ pending: { stage: 'mfa' } });
  expect((await on(one).get('/mfa/list')).body).toContainEqual({ id: expect.any(String) as string, type: 'otp' });
  const { status, body } = await on(other)
    .post('/mfa')
    .send({ otp: tenant.totp(ada) });
  expect([status, body]).toMatchObject([200, { info: { method: 'code', mfa: { factor: 'otp' } } }]);
  for (const app of [one, other]) {
    expect((await on(app).get('/me')).body).toEqual({ user: body.user });
    expect((await on(app).get('/pending')).body).toEqual({ pending: null });
  }
});

test('a push that one process sent is asked about by the other, and the first one signs in', async () => {
  const { tenant, one, other, on } = await pushed();
  expect((await on(other).post('/mfa')).body).toMatchObject({ failed: { code: 'mfa_pending' } });
  tenant.approvePush(ada);
  tenant.clock.advance(5);
  const { status, body } = await on(one).post('/mfa');
  expect([status, body]).toMatchObject([200, { info: { mfa: { factor: 'push' } } }]);
  expect((await on(other).get('/me')).body).toEqual({ user: body.user });
});

// Each process keeps its own polls apart. Where two are too fast for Auth0, its slow_down is `mfa_pending`, too.
test('a push that both processes ask about, and neither sees the end of, signs in on a third', async () => {
  const { tenant, one, other, on } = await pushed();
  const before = exchanges(tenant);
  for (const app of [one, other]) {
    expect((await on(app).post('/mfa')).body).toMatchObject({ failed: { code: 'mfa_pending' } });
    await app.stop();
  }
  expect(exchanges(tenant)).toBe(before + 2);
  tenant.approvePush(ada);
  tenant.clock.advance(10);
  const third = await startApp(tenant);
  expect((await on(third).post('/mfa')).body).toMatchObject({ info: { mfa: { factor: 'push' } } });
});

test('a push that is refused ends the login in both processes', async () => {
  const { tenant, one, other, on } = await pushed();
  tenant.rejectPush(ada);
  const { status, body } = await on(one).post('/mfa');
  expect([status, body]).toMatchObject([401, { failed: { code: 'mfa_rejected' } }]);
  const after = await on(other).post('/mfa');
  expect([after.status, after.body]).toMatchObject([403, { failed: { code: 'transaction_missing' } }]);
});

test('the session gets a new id when the second factor begins, and the old one has no part in it', async () => {
  const { one, other, started, required } = await setUp({ type: 'otp' });
  const [before, after] = [cookieOf(started), cookieOf(required)];
  expect(after).not.toBe(before);
  for (const app of [one, other]) {
    expect((await browser()(app).get('/pending').set('cookie', before)).body).toEqual({ pending: null });
    expect((await browser()(app).get('/pending').set('cookie', after)).body).toMatchObject({
      pending: { stage: 'mfa' },
    });
  }
});

/** The first process listed what the user has, and the second sent the push. */
async function pushed() {
  const app = await setUp({ type: 'push' });
  const { one, other, on } = app;
  const list = (await on(one).get('/mfa/list')).body as { id: string; channel?: string }[];
  const push = list.find(({ channel }) => channel === 'push');
  const { body } = await on(other).post('/mfa/challenge').send({ authenticator_id: push?.id });
  expect(body).toMatchObject({ type: 'oob', channel: 'push', prompt: false });
  return app;
}
