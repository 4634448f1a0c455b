// SECURITY.md: a second factor is skipped, or taken from somebody else.
import type { User } from 'passport-auth0-passwordless/testing';
import { expect, test } from 'vitest';
import { ada, eve, phone, setUp, type Setup } from '../support/app.js';
import { hostileAuth0, tokens } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, post, serverSession, start } from '../support/strategy.js';
import { settled } from '../support/errors.js';
import { createTap } from '../support/tap.js';

const factors: NonNullable<User['factors']> = [{ type: 'otp' }, { type: 'sms' }, { type: 'recovery-code' }];

/** Ada and Eve, each with an authenticator app, a phone and a recovery code, and each through the first factor. */
async function two(setup: Setup = {}) {
  const { dispatcher, exchanges } = createTap();
  const users = [
    { email: ada, phoneNumber: phone, factors },
    { email: eve, phoneNumber: '+12025550199', factors },
  ];
  const app = await setUp({ ...setup, tenant: { mfa: 'always', users }, strategy: { dispatcher } });
  const signIn = async (email: string) => {
    const agent = app.browser();
    await agent.post('/start').send({ email });
    await agent.post('/code').send({ otp: app.code(email) });
    const list = (await agent.get('/mfa/list')).body as { id: string; channel?: string }[];
    return { agent, id: list.find(({ channel }) => channel === 'sms')?.id };
  };
  const [victim, attacker] = [await signIn(ada), await signIn(eve)];
  const tokens = exchanges.flatMap(({ answer }) => (typeof answer.mfa_token === 'string' ? [answer.mfa_token] : []));
  const before = exchanges.length;
  return { ...app, victim, attacker, tokens, since: () => exchanges.slice(before) };
}

test("never reads an mfa_token, such as another user's, from a request", async () => {
  const {
    attacker,
    tenant,
    tokens: [theirs = '', own = ''],
    since,
  } = await two();
  expect(theirs).not.toBe('');
  const query = `mfa_token=${encodeURIComponent(theirs)}`;
  const body = { mfa_token: theirs, otp: tenant.totp(ada) };
  const response = await attacker.agent.post(`/mfa?${query}`).set('authorization', `Bearer ${theirs}`).send(body);
  expect(response.body).toMatchObject({ code: 'wrong_code' });
  await attacker.agent.get(`/mfa/list?${query}`).set('authorization', `Bearer ${theirs}`);
  expect(since().map(({ token }) => token)).toEqual([own, own]);
  expect((await attacker.agent.get('/me')).body).toEqual({ user: null });
});

test("refuses to challenge another user's authenticator", async () => {
  const { attacker, victim, since, tenant } = await two();
  expect(victim.id).not.toBe(attacker.id);
  const messages = tenant.inbox.messages.length;
  const response = await attacker.agent.post('/mfa/challenge').send({ authenticator_id: victim.id });
  expect([response.status, response.body]).toMatchObject([400, { error: { code: 'invalid_factor' } }]);
  expect(since()).toEqual([]);
  expect(tenant.inbox.messages).toHaveLength(messages);
});

test("rejects the code of another user's authenticator app or phone, and another user's recovery code", async () => {
  const { attacker, victim, tenant } = await two();
  await victim.agent.post('/mfa/challenge').send({ authenticator_id: victim.id });
  const otp = tenant.inbox.latest(phone)?.code;
  for (const body of [{ otp: tenant.totp(ada) }, { otp }, { recovery_code: tenant.recoveryCode(ada) }]) {
    expect((await attacker.agent.post('/mfa').send(body)).body).toMatchObject({ code: 'wrong_code' });
  }
  await attacker.agent.post('/mfa/challenge').send({ authenticator_id: attacker.id });
  expect((await attacker.agent.post('/mfa').send({ otp })).body).toMatchObject({ code: 'wrong_code' });
  expect((await attacker.agent.get('/me')).body).toEqual({ user: null });
});

test('a pending second factor is not bypassed by the code again, a resend, or a callback', async () => {
  const { attacker, code, since } = await two();
  for (const act of [
    () => attacker.agent.post('/code').send({ otp: code(eve) }),
    () => attacker.agent.post('/resend'),
    () => attacker.agent.get('/callback?state=x&code=y'),
    () => attacker.agent.post('/callback').send({ otp: '' }),
  ]) {
    expect((await act()).status).toBeGreaterThanOrEqual(400);
  }
  expect(since()).toEqual([]);
  expect((await attacker.agent.get('/me')).body).toEqual({ user: null });
});

test('the app learns the factor that was used, not another one that was posted concurrently', async () => {
  // The same text, as a recovery code and as a code of an authenticator app: each must be recorded as the factor it is.
  const answers = [{ status: 403, body: { error: 'mfa_required', mfa_token: 'the-mfa-token' } }];
  const held: (() => void)[] = [];
  const dispatcher = hostileAuth0({
    '/oauth/token': async () => {
      const first = answers.shift();
      if (first) return first;
      await new Promise<void>((resolve) => held.push(resolve));
      return held.length === 1 ? { body: tokens() } : { status: 403, body: { error: 'invalid_grant' } };
    },
  });
  const strategy = createStrategy({ dispatcher });
  const session = serverSession();
  await authenticate(strategy, post(ADDRESS, session), start);
  await authenticate(strategy, post(CODE, session));
  const used = ['recovery_code', 'otp'].map((field) => authenticate(strategy, post({ [field]: '123456' }, session)));
  for (let round = 0; round < 5; round += 1) await settled();
  expect(held, 'each is an exchange of its own').toHaveLength(2);
  for (const answer of held) answer();
  expect((await Promise.all(used)).map(([action]) => action?.[0])).toContain('fail');
});
