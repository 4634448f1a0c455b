import { expect, test } from 'vitest';
import { ada, browser, codeOf, cookieOf, openLink, startApps, startTenant } from './processes.js';

const setUp = async (options?: { hold: boolean }) => {
  const tenant = await startTenant();
  const [one, other] = await startApps(tenant, options);
  return { tenant, one, other, on: browser() };
};

test('a code that one process had sent is taken by the other, and both know the user', async () => {
  const { tenant, one, other, on } = await setUp();
  await on(one).post('/login').send({ email: ada }).expect(200);
  expect((await on(other).get('/pending')).body).toMatchObject({ pending: { stage: 'code', to: 'a•••@example.com' } });

  const { status, body } = await on(other)
    .post('/code')
    .send({ otp: codeOf(tenant) });
  expect([status, body]).toEqual([
    200,
    { user: { id: expect.any(String) as string }, info: { connection: 'email', method: 'code' } },
  ]);
  for (const app of [one, other]) {
    expect((await on(app).get('/me')).body).toEqual({ user: body.user });
    expect((await on(app).get('/pending')).body).toEqual({ pending: null });
  }
});

test('a link that one process had sent is called back on the other', async () => {
  const { tenant, one, other, on } = await setUp();
  await on(one).post('/link').send({ email: ada }).expect(200);
  const { status, body } = await on(other).get(await openLink(tenant));
  expect([status, body]).toMatchObject([200, { info: { connection: 'email', method: 'link' } }]);
  expect((await on(one).get('/me')).body).toEqual({ user: body.user });
});

test('a message that one process has just sent is not sent again by the other', async () => {
  const { tenant, one, other, on } = await setUp();
  await on(one).post('/login').send({ email: ada }).expect(200);
  const again = await on(other).post('/resend').expect(429);
  expect(again.body).toMatchObject({ failed: { code: 'resend_too_soon' } });
  expect(tenant.requests.filter(({ path }) => path === '/passwordless/start')).toHaveLength(1);
});

test('wrong codes count wherever they are posted', async () => {
  const { one, other, on } = await setUp();
  await on(one).post('/login').send({ email: ada });
  const codes: unknown[] = [];
  for (const app of [one, other, one]) {
    const { body } = await on(app).post('/code').send({ otp: '000000' });
    codes.push(body.failed.code);
  }
  expect(codes).toEqual(['wrong_code', 'wrong_code', 'too_many_attempts']);
});

test('the session gets a new id at the login, and the old one is good for nothing in either process', async () => {
  const { tenant, one, other, on } = await setUp();
  const before = cookieOf(await on(one).post('/login').send({ email: ada }));
  const after = cookieOf(
    await on(other)
      .post('/code')
      .send({ otp: codeOf(tenant) }),
  );
  expect(before).toMatch(/^connect\.sid=/);
  expect(after).toMatch(/^connect\.sid=/);
  expect(after).not.toBe(before);
  for (const app of [one, other]) {
    expect((await browser()(app).get('/me').set('cookie', before)).body).toEqual({ user: null });
    expect((await browser()(app).get('/pending').set('cookie', before)).body).toEqual({ pending: null });
    expect((await browser()(app).get('/me').set('cookie', after)).body).not.toEqual({ user: null });
  }
});

// A process shares exchanges among its own requests only, so both ask Auth0, which takes a code once.
test('a code that is posted to both processes at once is one login', async () => {
  const { tenant, one, other, on } = await setUp({ hold: true });
  await on(one).post('/login').send({ email: ada });
  const otp = codeOf(tenant);
  const bothHold = Promise.all([one.holds(), other.holds()]);
  const answers = Promise.all([one, other].map((app) => on(app).post('/code').send({ otp })));
  await bothHold;
  one.letGo();
  other.letGo();

  const [won, lost] = (await answers).sort((a, b) => a.status - b.status);
  expect([won?.status, won?.body]).toMatchObject([200, { info: { method: 'code' } }]);
  expect([lost?.status, lost?.body]).toMatchObject([401, { failed: { code: 'wrong_code' } }]);
  for (const app of [one, other]) {
    expect((await on(app).get('/me')).body).toEqual({ user: won?.body.user });
    expect((await on(app).get('/pending')).body).toEqual({ pending: null });
  }
});

test('a link that is called back on one process while the other exchanges its code is refused there', async () => {
  const { tenant, one, other, on } = await setUp({ hold: true });
  await on(one).post('/link').send({ email: ada });
  const path = await openLink(tenant);
  const holds = one.holds();
  const first = on(one).get(path).then();
  await holds;
  const second = await on(other).get(path);
  expect([second.status, second.body]).toMatchObject([403, { failed: { code: 'link_opened_elsewhere' } }]);
  one.letGo();
  const { status, body } = await first;
  expect(status).toBe(200);
  expect((await on(other).get('/me')).body).toEqual({ user: body.user });
});
