import type { VerifyFunction } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { ada, phone } from '../support/app.js';
import { sessionKey } from '../support/host.js';
import { hosts, needFactor, setUp, withMfa } from './races.js';

const bob = 'bob@example.com';
const user = { name: ada };

/** A `verify` that knows one of them. */
const only =
  (name: string): VerifyFunction =>
  (_tokens, { displayName }) =>
    Promise.resolve(displayName === name && { name });

describe.each(Object.entries(hosts))('parallel requests of one browser, %s', (_name, host) => {
  test.each([ada, bob])('two tabs that start at once with two links can use both (%s)', async (email) => {
    const { post, get, atOnce, openLink } = await setUp(host);
    await atOnce('/passwordless/start answered', [
      () => post('/link', { email: ada }),
      () => post('/link', { email: bob }),
    ]);
    const signedIn = await get(await openLink(email));
    expect([signedIn.status, signedIn.body]).toMatchObject([200, { user: { name: email } }]);
  });

  test('two tabs that start at once with a code and a link can use the code', async () => {
    const { post, atOnce, code } = await setUp(host);
    await atOnce('/passwordless/start answered', [
      () => post('/start', { email: ada }),
      () => post('/link', { email: bob }),
    ]);
    expect((await post('/code', { otp: code() })).body).toMatchObject({ user });
  });

  test('two tabs that start at once with a code and a link can use the link', async () => {
    const { post, get, atOnce, openLink } = await setUp(host);
    await atOnce('/passwordless/start answered', [
      () => post('/link', { email: ada }),
      () => post('/start', { email: bob }),
    ]);
    expect((await get(await openLink())).body).toMatchObject({ user });
  });

  test('two tabs that start at once with two codes can use the one that is shown as pending; the other is a wrong code', async () => {
    const { post, held, code, pending } = await setUp(host);
    const slow = await held('/passwordless/start', () => post('/start', { email: bob }));
    await post('/start', { email: ada });
    await slow();
    expect(await pending()).toMatchObject({ stage: 'code', to: 'b•••@example.com' });
    const refused = await post('/code', { otp: code(ada) });
    expect([refused.status, refused.body]).toMatchObject([401, { code: 'wrong_code' }]);
    expect((await post('/code', { otp: code(bob) })).body).toMatchObject({ user: { name: bob } });
  });

  test('a slow start keeps what was started meanwhile', async () => {
    const { post, get, held, openLink } = await setUp(host);
    const slow = await held('/passwordless/start', () => post('/start', { email: bob }));
    await post('/link', { email: ada });
    await slow();
    expect((await get(await openLink())).body).toMatchObject({ user });
  });

  test('a slow start brings back no session that ended with a login meanwhile', async () => {
    const { post, held, code, whoAmI, pending, store } = await setUp(host);
    await post('/start', { email: ada });
    const slow = await held('/passwordless/start', () => post('/link', { email: bob }));
    expect((await post('/code', { otp: code() })).status).toBe(200);
    expect((await slow()).status).toBe(200);
    expect([await whoAmI(), await pending(), store.sessions.size]).toEqual([user, null, 1]);
  });

  test('a slow resend brings back no session either', async () => {
    const { post, held, code, whoAmI, pending, store } = await setUp(host);
    await post('/start', { email: ada });
    const otp = code();
    const slow = await held('/passwordless/start', () => post('/resend'));
    expect((await post('/code', { otp })).status).toBe(200);
    expect((await slow()).status).toBe(200);
    expect([await whoAmI(), await pending(), store.sessions.size]).toEqual([user, null, 1]);
  });

  test.each(['', '/pages'])(
    'a slow code that ends in no login keeps a link that was started meanwhile (%s)',
    async (base) => {
      const { post, get, held, code, openLink } = await setUp(host, { verify: only(bob) });
      await post('/start', { email: ada });
      const slow = await held('/oauth/token', () => post(`${base}/code`, { otp: code() }));
      await post('/link', { email: bob });
      await slow();
      expect((await get(await openLink(bob))).body).toMatchObject({ user: { name: bob } });
    },
  );

  test.each(['', '/pages'])('a slow code that is wrong keeps a link that was started meanwhile (%s)', async (base) => {
    const { post, get, held, openLink } = await setUp(host);
    await post('/start', { email: bob });
    const slow = await held('/oauth/token', () => post(`${base}/code`, { otp: '000000' }));
    await post('/link', { email: ada });
    await slow();
    expect((await get(await openLink())).body).toMatchObject({ user });
  });

  test('a slow code that needs a second factor keeps a link that was started meanwhile', async () => {
    const { post, get, held, code, openLink, pending } = await setUp(host, {
      tenant: { ...withMfa, users: [{ email: bob, factors: [{ type: 'otp' }] }], mfa: ({ email }) => email === bob },
    });
    await post('/start', { email: bob });
    const slow = await held('/oauth/token', () => post('/code', { otp: code(bob) }));
    await post('/link', { email: ada });
    expect((await slow()).body).toMatchObject({ code: 'mfa_required' });
    expect(await pending()).toMatchObject({ stage: 'mfa' });
    expect((await get(await openLink())).body).toMatchObject({ user });
  });

  test('a code that is posted twice, and verify refuses, is pending no more', async () => {
    const { post, atOnce, code, pending, verified } = await setUp(host, { verify: only(bob) });
    await post('/start', { email: ada });
    const submit = () => post('/pages/code', { otp: code() });
    const answers = await atOnce('session', [submit, submit]);
    expect(answers.map(({ headers }) => headers.location)).toEqual(['/messages', '/messages']);
    expect([await pending(), verified()]).toEqual([null, 1]);
  });

  test('a code that is posted twice, and needs a second factor, is one exchange', async () => {
    const { post, atOnce, code, exchanges, pending, tenant, whoAmI } = await setUp(host, {
      tenant: { ...withMfa, users: [{ email: ada, factors: [{ type: 'otp' }] }] },
    });
    await post('/start', { email: ada });
    const otp = code();
    const submit = () => post('/code', { otp });
    const answers = await atOnce('session', [submit, submit]);
    expect(answers.map(({ body }) => body)).toMatchObject([{ code: 'mfa_required' }, { code: 'mfa_required' }]);
    expect([exchanges(), await pending()]).toMatchObject([1, { stage: 'mfa' }]);
    expect((await post('/mfa', { otp: tenant.totp(ada) })).status).toBe(200);
    expect(await whoAmI()).toEqual(user);
  });

  test('a slow code that is wrong does not undo the login by the right one', async () => {
    const { post, held, code, store, exchanges } = await setUp(host);
    await post('/start', { email: ada });
    const wrong = await held('/oauth/token', () => post('/code', { otp: '000000' }));
    const right = await post('/code', { otp: code() });
    expect(right.body).toMatchObject({ user });
    expect((await wrong()).body).toMatchObject({ code: 'wrong_code' });
    expect([store.sessions.size, exchanges()]).toEqual([1, 2]);
  });

  test('a slow code that is wrong brings back nothing that was pending, where Passport saves its message', async () => {
    const { post, held, code, store } = await setUp(host);
    await post('/start', { email: ada });
    const wrong = await held('/oauth/token', () => post('/pages/code', { otp: '000000' }));
    expect((await post('/code', { otp: code() })).status).toBe(200);
    expect((await wrong()).status).toBe(302);
    expect(store.text()).toContain('The code is wrong');
    expect(store.text()).not.toContain(sessionKey);
  });

  test('a slow callback that ends in no login keeps a link that was started meanwhile', async () => {
    const { post, get, held, openLink } = await setUp(host, { verify: only(ada) });
    await post('/link', { email: bob });
    const path = `/pages${await openLink(bob)}`;
    const slow = await held('/oauth/token', () => get(path));
    await post('/link', { email: ada });
    await slow();
    expect((await get(await openLink())).body).toMatchObject({ user });
  });

  for (const [what, stage] of [
    ['a code that is posted twice', 'code'],
    ['a link that is opened twice', 'link'],
  ] as const) {
    async function started() {
      const app = await setUp(host);
      await app.post(stage === 'code' ? '/start' : '/link', { email: ada });
      const [otp, callback] = [app.code(), stage === 'link' && (await app.openLink())];
      return {
        ...app,
        finish: (base = '') => (callback ? app.get(base + callback) : app.post(`${base}/code`, { otp })),
      };
    }

    test.each(['', '/pages'])(`${what} at once is one exchange, one call of verify and a login (%s)`, async (base) => {
      const { finish, atOnce, exchanges, verified, whoAmI, pending, store } = await started();
      const submit = () => finish(base);
      const answers = await atOnce('session', [submit, submit, submit]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect([exchanges(), verified(), await whoAmI(), await pending()]).toEqual([1, 1, user, null]);
      expect(store.text()).not.toContain(sessionKey);
    });

    test(`${what}, again while Auth0's answer is awaited, is one exchange and a login`, async () => {
      const { finish, held, exchanges, verified, whoAmI } = await started();
      const first = await held('/oauth/token', finish);
      const second = await held('session', finish);
      const answers = await Promise.all([second(), first()]);
      // A link is gone from the session before it is exchanged.
      expect(answers.map(({ status }) => status)).toEqual([stage === 'code' ? 200 : 403, 200]);
      expect([exchanges(), verified(), await whoAmI()]).toEqual([1, 1, user]);
    });

    test(`${what}, by a second request that read its session before and goes on after, is one login`, async () => {
      const { finish, held, verified, whoAmI, pending, store } = await started();
      const second = await held('session', finish);
      expect((await finish()).status).toBe(200);
      expect([(await second()).body.code, verified()]).toEqual(['wrong_code', 1]);
      expect([await whoAmI(), await pending(), store.sessions.size]).toEqual([user, null, 1]);
    });
  }

  test('a second factor that is listed and challenged at once remembers the challenge', async () => {
    const { get, held, challenge, post, code, whoAmI } = await needFactor(host, 'sms');
    const list = await held('/mfa/authenticators', () => get('/mfa/list'));
    await challenge('sms');
    expect((await list()).body).toHaveLength(1);
    expect((await post('/mfa', { otp: code(phone) })).body).toMatchObject({
      info: { mfa: { factor: 'sms' } },
    });
    expect(await whoAmI()).toEqual(user);
  });

  test('a second factor is not forgotten by a poll that was answered after another challenge', async () => {
    const { held, challenge, post, code } = await needFactor(host, 'sms', 'push');
    await challenge('push');
    const poll = await held('/oauth/token', () => post('/pages/mfa'));
    await challenge('sms');
    expect((await poll()).status).toBe(302);
    expect((await post('/mfa', { otp: code(phone) })).body).toMatchObject({
      info: { mfa: { factor: 'sms' } },
    });
  });

  test.each([
    ['/mfa/challenge', 401],
    ['/mfa/challenge answered', 200],
  ])(
    'a second factor that was challenged again while the login ended does not come back (%s)',
    async (name, status) => {
      const { held, challenge, post, tenant, whoAmI, pending, store } = await needFactor(host, 'otp', 'sms');
      const slow = await held(name, () => challenge('sms'));
      expect((await post('/mfa', { otp: tenant.totp(ada) })).status).toBe(200);
      expect((await slow()).status).toBe(status);
      expect([await whoAmI(), await pending(), store.sessions.size]).toEqual([user, null, 1]);
    },
  );

  test('a second factor that is posted twice at once is one exchange and a login', async () => {
    const { post, atOnce, tenant, exchanges, verified, whoAmI } = await needFactor(host, 'otp');
    const before = exchanges();
    const otp = tenant.totp(ada);
    const submit = () => post('/mfa', { otp });
    const answers = await atOnce('session', [submit, submit]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect([exchanges() - before, verified(), await whoAmI()]).toEqual([1, 1, user]);
  });

  test('what writes nothing reads the session once, and writes it not at all', async () => {
    const { post, get, challenge, store } = await needFactor(host, 'push');
    await challenge('push');
    const calls = { ...store.calls };
    await post('/mfa');
    await get('/pending');
    expect([store.calls.get - calls.get, store.calls.set - calls.set]).toEqual([2, 0]);
  });
});
