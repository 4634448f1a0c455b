import { recordMfa, requireMfa } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import type { MfaHandler } from '../../lib/mfa/handler.js';
import { passTime } from '../support/time.js';

type Session = Record<string, unknown> | null | undefined;

const signedIn = (user: unknown): NonNullable<Session> => ({ passport: { user } });
const mfa = { factor: 'otp' };

/** Express: what `next` is called with; `'passed'` for nothing. */
function express(handler: MfaHandler, session: Session, authInfo?: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const req = { headers: {}, session, authInfo };
    try {
      void handler(req, {}, (error) => {
        resolve(error ?? 'passed');
      });
    } catch (error) {
      reject(error);
    }
  });
}

/** Koa: what the middleware throws, or `'passed'` where it called the next one. */
async function koa(handler: MfaHandler, session: Session, authInfo?: object): Promise<unknown> {
  let passed: unknown;
  try {
    await handler({ headers: {}, session, state: { authInfo } }, () => {
      passed = 'passed';
      return Promise.resolve();
    });
  } catch (error) {
    return error;
  }
  return passed;
}

const required = expect.objectContaining({ code: 'mfa_required', status: 401 }) as unknown;

describe.each([
  ['Express', express],
  ['Koa', koa],
])('in %s', (_host, call) => {
  const record = (session: Session, authInfo?: object) => call(recordMfa(), session, authInfo);
  const guard = (session: Session, options?: { maxAge?: number }) => call(requireMfa(options), session);

  test('a login with a second factor opens what is guarded, and one without does not', async () => {
    const session = signedIn('ada');
    expect(await guard(session)).toEqual(required);
    await record(session, { method: 'code' });
    expect(await guard(session)).toEqual(required);
    expect(await record(session, { method: 'code', mfa })).toBe('passed');
    expect(await guard(session)).toBe('passed');
  });

  test('a later login without one closes it', async () => {
    const session = signedIn('ada');
    await record(session, { mfa });
    await record(session, { method: 'code' });
    expect(await guard(session)).toEqual(required);
  });

  test('it is open for maxAge seconds, the last of them included', async () => {
    const session = signedIn('ada');
    passTime(0);
    await record(session, { mfa });
    passTime(300);
    expect(await guard(session, { maxAge: 300 })).toBe('passed');
    passTime(1);
    expect(await guard(session, { maxAge: 300 })).toEqual(required);
    expect(await guard(session)).toBe('passed');
  });

  test('a maxAge of 0 takes only what was given this very second', async () => {
    const session = signedIn('ada');
    passTime(0);
    await record(session, { mfa });
    expect(await guard(session, { maxAge: 0 })).toBe('passed');
    passTime(1);
    expect(await guard(session, { maxAge: 0 })).toEqual(required);
  });

  test('a clock that was set back keeps it open for no longer than maxAge', async () => {
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
  ])('it opens nothing for %s in the same session', async (_who, passport) => {
    const session = signedIn('ada');
    await record(session, { mfa });
    session.passport = passport;
    expect(await guard(session)).toEqual(required);
    // The same user, back again.
    session.passport = { user: 'ada' };
    expect(await guard(session)).toBe('passed');
  });

  test.each<[string, Session]>([
    ['without Passport', {}],
    ['without a user', { passport: {} }],
  ])('a second factor that signed nobody in to the session (%s) opens nothing', async (_what, session) => {
    await record(session, { mfa });
    expect(await guard(session)).toEqual(required);
  });

  test.each<[string, unknown]>([
    ['text', 'x'],
    ['null', null],
    ['another shape', { at: 'now', user: 'ada' }],
    ['no time', { user: 'ada' }],
  ])('what else is in its place in the session (%s) opens nothing', async (_what, value) => {
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
  ])('a session that is %s is a configuration_error with the remedy, for the error handler', async (_what, session) => {
    const error = expect.objectContaining({
      code: 'configuration_error',
      message: expect.stringContaining('session middleware') as string,
    }) as unknown;
    expect(await guard(session)).toEqual(error);
    expect(await record(session, { mfa })).toEqual(error);
  });
});

test('what is recorded names nobody', async () => {
  const session = signedIn({ email: 'ada@example.com', refreshToken: 'v1.token' });
  await express(recordMfa(), session, { mfa });
  const { passport, ...recorded } = session;
  expect(passport).toBeDefined();
  expect(JSON.stringify(recorded)).not.toMatch(/ada|v1/);
  expect(Object.values(recorded)).toEqual([
    { at: expect.any(Number) as number, factor: 'otp', user: expect.stringMatching(/^[\w-]{43}$/) as string },
  ]);
});

test.each([-1, NaN, '300', null, {}, true])('a maxAge of %j is a TypeError when the route is made', (maxAge) => {
  expect(() => requireMfa({ maxAge: maxAge as number })).toThrow(/^requireMfa: maxAge must be a number of seconds/);
  expect(() => requireMfa({ maxAge: maxAge as number })).toThrow(TypeError);
});

test.each([300, null, 'mfa', { maxage: 300 }, { maxAge: 300, factor: 'otp' }])(
  'what is no { maxAge } is a TypeError, since it would guard less than it seems to: %j',
  (options) => {
    expect(() => requireMfa(options as object)).toThrow(/^requireMfa: pass \{ maxAge \}/);
    expect(() => requireMfa(options as object)).toThrow(TypeError);
  },
);

test.each([0, 1, 0.5, Infinity, undefined])('a maxAge of %j is taken', (maxAge) => {
  expect(() => requireMfa({ ...(maxAge !== undefined && { maxAge }) })).not.toThrow();
});
