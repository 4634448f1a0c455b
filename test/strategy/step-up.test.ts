import { describe, expect, test } from 'vitest';
import { PasswordlessError } from '../../lib/errors.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { PasswordlessStrategy } from '../../lib/strategy.js';
import type { VerifyFunction } from '../../lib/verify.js';
import { passTime } from '../support/time.js';
import { hostileAuth0, tokens } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, post, start } from '../support/strategy.js';
import { errorFrom, passwordlessErrorFrom } from '../support/errors.js';

const required = () => ({ status: 403, body: { error: 'mfa_required', mfa_token: 'the-mfa-token' } });
const sub = 'email|ada';

/** A session on the server, with something of the app's in it. */
const serverSession = (over: object = {}) => ({
  cart: 1,
  save: (done: () => void) => {
    done();
  },
  ...over,
});

/** A strategy whose next exchange is answered with `mfa_required`, and all others with tokens for `whose`. */
function setUp(options: Partial<StrategyOptions> = {}, verify?: VerifyFunction) {
  const answers = { wantsMfa: true, whose: sub, claims: {} };
  const dispatcher = hostileAuth0({
    '/oauth/token': () => {
      const { wantsMfa } = answers;
      answers.wantsMfa = false;
      return wantsMfa ? required() : { body: tokens({ sub: answers.whose, ...answers.claims }) };
    },
  });
  return { answers, dispatcher, strategy: createStrategy({ dispatcher, ...options }, verify) };
}

/** The error with which a refresh asks for a second factor. */
const refused = (strategy: PasswordlessStrategy) => passwordlessErrorFrom(() => strategy.auth0.refresh('v1.token'));

/** As far as the second factor. */
async function begun(setup = setUp(), session = serverSession()) {
  const error = await refused(setup.strategy);
  const info = await setup.strategy.mfa.begin(post({}, session), error, { sub });
  return { ...setup, session, info, error };
}

describe('begin', () => {
  test('returns the requirements, and keeps a transaction without an address', async () => {
    const { info, session, strategy } = await begun();
    expect(info).toEqual({
      code: 'mfa_required',
      message: expect.any(String) as string,
      expiresAt: expect.any(Number) as number,
    });
    const pending = await strategy.pending(post({}, session));
    expect(pending).toEqual({
      stage: 'mfa',
      sentAt: expect.any(Number) as number,
      resendAt: expect.any(Number) as number,
      expiresAt: info.expiresAt,
      mfa: info,
    });
    expect(JSON.stringify([info, pending, session])).not.toContain('the-mfa-token');
  });

  test.each<[string, unknown]>([
    ['an error of Auth0', new PasswordlessError('access_denied')],
    ['an mfa_required that Auth0 did not send', new PasswordlessError('mfa_required')],
    ["an error of the app's own", new Error('boom')],
    ['no error', undefined],
    ['null', null],
    ['text', 'mfa_required'],
    ['what looks like one', { code: 'mfa_required', mfa_token: 'the-mfa-token' }],
  ])('rethrows %s, and keeps no transaction', async (_what, error) => {
    const { strategy } = setUp();
    const session = serverSession();
    expect(await strategy.mfa.begin(post({}, session), error, { sub }).catch((thrown: unknown) => [thrown])).toEqual([
      error,
    ]);
    expect(await strategy.pending(post({}, session))).toBeUndefined();
  });

  test.each<[string, object | undefined]>([
    ['nothing', undefined],
    ['no sub', {}],
    ['an empty sub', { sub: '' }],
    ['a sub that is no text', { sub: 7 }],
  ])('requires the sub of the signed-in user: %s is a TypeError', async (_what, options) => {
    const { strategy } = setUp();
    const error = await errorFrom(async () =>
      strategy.mfa.begin(post({}, serverSession()), await refused(strategy), options as { sub: string }),
    );
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/mfa\.begin: sub is required/);
  });

  test.each<[string, unknown, RegExp]>([
    ['too long', { x: 'x'.repeat(1024) }, /1 kB/],
    ['a promise', Promise.resolve({}), /promise/],
  ])('checks appState as a start does: %s is a configuration_error', async (_what, appState, remedy) => {
    const { strategy } = setUp();
    const error = await refused(strategy);
    const options = { sub, appState: appState as Record<string, unknown> };
    const thrown = await passwordlessErrorFrom(() => strategy.mfa.begin(post({}, serverSession()), error, options));
    expect(thrown).toMatchObject({ code: 'configuration_error', message: expect.stringMatching(remedy) as string });
  });

  test('needs a session that has room for a second factor', async () => {
    const { strategy } = setUp();
    const error = await refused(strategy);
    const thrown = await passwordlessErrorFrom(() => strategy.mfa.begin(post({}, {}), error, { sub }));
    expect(thrown.code).toBe('configuration_error');
  });

  test("replaces a code's transaction, and a start replaces it", async () => {
    const setup = setUp();
    const session = serverSession();
    await authenticate(setup.strategy, post(ADDRESS, session), start);
    await begun(setup, session);
    expect(await setup.strategy.pending(post({}, session))).toMatchObject({ stage: 'mfa' });
    await authenticate(setup.strategy, post(ADDRESS, session), start);
    expect(await setup.strategy.pending(post({}, session))).toMatchObject({ stage: 'code' });
  });
});

describe('a step-up', () => {
  test('passes the new tokens to verify, with stepUp in authInfo', async () => {
    const { session, strategy } = await begun();
    const info = { stepUp: true, mfa: { factor: 'otp' } };
    expect(await authenticate(strategy, post(CODE, session))).toEqual([['success', { id: sub }, info]]);
    expect(await strategy.pending(post({}, session))).toBeUndefined();
  });

  test("whose tokens are another user's is subject_mismatch: verify is not called, and the session stays", async () => {
    const seen: unknown[] = [];
    const setup = setUp({}, (given) => Promise.resolve(seen.push(given)));
    const { answers, session, strategy } = await begun(setup, serverSession({ passport: { user: 'ada' } }));
    answers.whose = 'email|eve';
    const [action] = await authenticate(strategy, post(CODE, session));
    expect(action).toMatchObject(['fail', { code: 'subject_mismatch' }, 403]);
    expect(seen).toEqual([]);
    expect(session).toMatchObject({ cart: 1, passport: { user: 'ada' } });
    expect(await strategy.pending(post({}, session))).toBeUndefined();
  });

  test('accepts an ID token that repeats the nonce of the login', async () => {
    const { answers, session, strategy } = await begun();
    answers.claims = { nonce: 'of-the-login' };
    expect((await strategy.auth0.refresh('v1.token')).claims).toMatchObject(answers.claims);
    const [action] = await authenticate(strategy, post(CODE, session));
    expect(action).toMatchObject(['success', { id: sub }, { stepUp: true }]);
  });

  test('that is abandoned leaves the user signed in, and expires after five minutes', async () => {
    const { session, strategy } = await begun(setUp(), serverSession({ passport: { user: 'ada' } }));
    passTime(301);
    expect(await authenticate(strategy, post(CODE, session))).toMatchObject([
      ['fail', { code: 'transaction_expired' }, 403],
    ]);
    expect(await strategy.pending(post({}, session))).toBeUndefined();
    expect(session).toMatchObject({ cart: 1, passport: { user: 'ada' } });
  });

  test("is not finished by a route for the first factor's code, which repeats mfa_required", async () => {
    const { dispatcher, session, strategy } = await begun();
    const calls = dispatcher.paths().length;
    const [action] = await authenticate(strategy, post(CODE, session), { stage: 'code' });
    expect(action).toMatchObject(['fail', { code: 'mfa_required' }, 401]);
    expect(dispatcher.paths()).toHaveLength(calls);
  });

  test('has nothing to resend', async () => {
    const { dispatcher, session, strategy } = await begun();
    const calls = dispatcher.paths().length;
    const [action] = await authenticate(strategy, post({}, session), { action: 'resend' });
    expect(action).toMatchObject(['fail', { code: 'mfa_required' }, 401]);
    expect(dispatcher.paths()).toHaveLength(calls);
  });

  test.each<[string, unknown]>([
    ['nobody, after a logout that kept the session', {}],
    ['somebody else', { user: 'bob' }],
  ])('signs nobody in if it finds %s signed in', async (_who, passport) => {
    const { dispatcher, session, strategy } = await begun(setUp(), serverSession({ passport: { user: 'ada' } }));
    Object.assign(session, { passport });
    const calls = dispatcher.paths().length;
    const [action] = await authenticate(strategy, post(CODE, session));
    expect(action).toMatchObject(['fail', { code: 'transaction_missing' }, 403]);
    expect(dispatcher.paths()).toHaveLength(calls);
  });

  test.each<[string, unknown]>([
    ['nobody, after a logout that kept the session', {}],
    ['somebody else', { user: 'bob' }],
  ])('has no transaction for %s', async (_who, passport) => {
    const { session, strategy } = await begun(setUp(), serverSession({ passport: { user: 'ada' } }));
    Object.assign(session, { passport });
    expect(await strategy.pending(post({}, session))).toBeUndefined();
    expect((await passwordlessErrorFrom(() => strategy.mfa.list(post({}, session)))).code).toBe('transaction_missing');
    for (const route of [{ stage: 'code' }, { stage: 'mfa' }, {}, { action: 'resend' }] as const) {
      const [action] = await authenticate(strategy, post(CODE, session), route);
      expect(action).toMatchObject(['fail', { code: 'transaction_missing' }, 403]);
    }
  });

  test('does not block the login of another user', async () => {
    const setup = setUp({ callbackURL: 'https://app.example.com/cb' });
    const { session, strategy } = await begun(setup, serverSession({ passport: { user: 'ada' } }));
    Object.assign(session, { passport: { user: 'bob' } });
    await authenticate(strategy, post(ADDRESS, session), { ...start, send: 'link' });
    expect(await strategy.pending(post({}, session))).toMatchObject({ stage: 'link', to: 'a•••@example.com' });
    const [action] = await authenticate(strategy, post(CODE, session));
    expect(action).toMatchObject(['success', { id: sub }, { method: 'code' }]);
  });

  test('that requires another factor continues as a step-up', async () => {
    const { answers, session, strategy } = await begun();
    answers.wantsMfa = true;
    expect(await authenticate(strategy, post(CODE, session))).toMatchObject([['fail', { code: 'mfa_required' }, 401]]);
    const [action] = await authenticate(strategy, post({ otp: '654321' }, session));
    expect(action).toMatchObject(['success', { id: sub }, { stepUp: true }]);
  });
});

test.each<[string, object]>([
  ['a step-up', { stepUp: true }],
  ['a second factor', { mfa: { factor: 'otp' } }],
  ['another connection', { connection: 'eve@example.com', method: 'link' }],
  ["the app's state", { appState: { returnTo: 'https://evil.example.com' }, recoveryCode: 'x' }],
])('info of verify cannot turn a login into %s', async (_what, said) => {
  const strategy = createStrategy({}, ({ claims }) => Promise.resolve([{ id: claims.sub }, { plan: 'free', ...said }]));
  const session = serverSession();
  await authenticate(strategy, post(ADDRESS, session), start);
  expect(await authenticate(strategy, post(CODE, session))).toEqual([
    ['success', { id: sub }, { plan: 'free', connection: 'email', method: 'code' }],
  ]);
  const stepUp = await begun(
    setUp({}, ({ claims }) => Promise.resolve([{ id: claims.sub }, { plan: 'free', ...said }])),
  );
  expect(await authenticate(stepUp.strategy, post(CODE, stepUp.session))).toEqual([
    ['success', { id: sub }, { plan: 'free', stepUp: true, mfa: { factor: 'otp' } }],
  ]);
});
