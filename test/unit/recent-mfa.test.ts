import { recordMfa, requireMfa } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { passTime } from '../support/time.js';
import { express, koa } from './handlers.js';

type Session = Record<string, unknown> | null | undefined;

const signedIn = (user: unknown): NonNullable<Session> => ({ passport: { user } });
const mfa = { factor: 'otp' };

const record = (session: Session, authInfo?: object) => express(recordMfa(), { headers: {}, session, authInfo });
const guard = (session: Session, options?: { maxAge?: number }) =>
  express(requireMfa(options), { headers: {}, session });

const required = expect.objectContaining({ code: 'mfa_required', status: 401 }) as unknown;

describe('requireMfa', () => {
  test('requireMfa lets a user with a second factor through, and nobody else', async () => {
    const session = signedIn('ada');
    expect(await guard(session)).toEqual(required);
    await record(session, { method: 'code' });
    expect(await guard(session)).toEqual(required);
    expect(await record(session, { method: 'code', mfa })).toBe('passed');
    expect(await guard(session)).toBe('passed');
  });

  test("requireMfa and recordMfa work with Koa's context", async () => {
    const session = signedIn('ada');
    expect(await koa(requireMfa(), { headers: {}, session })).toEqual(required);
    expect(await koa(recordMfa(), { headers: {}, session, state: { authInfo: { mfa } } })).toBe('passed');
    expect(await koa(requireMfa(), { headers: {}, session })).toBe('passed');
  });

  test('a later login without a second factor is not let through', async () => {
    const session = signedIn('ada');
    await record(session, { mfa });
    await record(session, { method: 'code' });
    expect(await guard(session)).toEqual(required);
  });

  test.each([300, 0])(
    'a second factor counts for a maxAge of %i seconds, including the last of them',
    async (maxAge) => {
      const session = signedIn('ada');
      passTime(0);
      await record(session, { mfa });
      passTime(maxAge);
      expect(await guard(session, { maxAge })).toBe('passed');
      passTime(1);
      expect(await guard(session, { maxAge })).toEqual(required);
      expect(await guard(session)).toBe('passed');
    },
  );

  test('a clock that was set back does not prolong maxAge', async () => {
    const session = signedIn('ada');
    await record(session, { mfa });
    passTime(-3600);
    expect(await guard(session, { maxAge: 300 })).toEqual(required);
    passTime(3400);
    expect(await guard(session, { maxAge: 300 })).toBe('passed');
  });

  test.each<[string, unknown]>([
    ['another user', { user: 'bob' }],
    ['nobody, after a logout that keeps the session', {}],
    ['nobody', undefined],
  ])('a second factor does not count for %s in the same session', async (_who, passport) => {
    const session = signedIn('ada');
    await record(session, { mfa });
    session.passport = passport;
    expect(await guard(session)).toEqual(required);
    // The first user signs in again.
    session.passport = { user: 'ada' };
    expect(await guard(session)).toBe('passed');
  });

  test.each([{}, { passport: {} }])(
    'a second factor does not count in a session without a user: %j',
    async (members) => {
      const session: Session = { ...members };
      await record(session, { mfa });
      expect(await guard(session)).toEqual(required);
    },
  );

  test.each<[string, unknown]>([
    ['text', 'x'],
    ['null', null],
    ['another shape', { at: 'now', user: 'ada' }],
    ['no time', { user: 'ada' }],
  ])('requireMfa does not accept another value under its key in the session: %s', async (_what, value) => {
    const session = signedIn('ada');
    await record(session, { mfa });
    const [key = ''] = Object.keys(session).filter((name) => name !== 'passport');
    session[key] =
      typeof value === 'object' && value ? { ...(session[key] as object), at: undefined, ...value } : value;
    expect(await guard(session)).toEqual(required);
  });

  test.each<[string, Session]>([
    ['missing', undefined],
    ['ended', null],
  ])('a session that is %s is a configuration_error with the remedy', async (_what, session) => {
    const error = expect.objectContaining({
      code: 'configuration_error',
      message: expect.stringContaining('session middleware') as string,
    }) as unknown;
    expect(await guard(session)).toEqual(error);
    expect(await record(session, { mfa })).toEqual(error);
  });
});

test('the recorded second factor does not identify the user', async () => {
  const session = signedIn({ email: 'ada@example.com', refreshToken: 'v1.token' });
  await record(session, { mfa });
  const { passport, ...recorded } = session;
  expect(passport).toBeDefined();
  expect(JSON.stringify(recorded)).not.toMatch(/ada|v1/);
  expect(Object.values(recorded)).toEqual([
    { at: expect.any(Number) as number, factor: 'otp', user: expect.stringMatching(/^[\w-]{43}$/) as string },
  ]);
});

test.each<[RegExp, unknown[]]>([
  [/maxAge must be a number of seconds/, [-1, NaN, '300', null, {}, true].map((maxAge) => ({ maxAge }))],
  [/pass \{ maxAge \}/, [300, null, 'mfa', { maxage: 300 }, { maxAge: 300, factor: 'otp' }]],
])('requireMfa with invalid options is a TypeError when the route is made: %s', (remedy, all) => {
  for (const options of all) {
    expect(() => requireMfa(options as object)).toThrow(TypeError);
    expect(() => requireMfa(options as object)).toThrow(remedy);
  }
});

test.each([0, 1, 0.5, Infinity, undefined])('requireMfa accepts a maxAge of %j', (maxAge) => {
  expect(() => requireMfa({ ...(maxAge !== undefined && { maxAge }) })).not.toThrow();
});
