import type { Request } from 'express';
import { Passport } from 'passport';
import { expect, expectTypeOf, test } from 'vitest';
import type { AuthenticateOptions as PassportOptions } from 'passport';
import { type AuthenticateOptions, resend, start, verify } from '../../lib/authenticate-options.js';

test.each([
  ['start', start],
  ['resend', resend],
  ['verify', verify],
] as const)('%s() sets its action in the options, whatever they held', (action, helper) => {
  expect(helper()).toStrictEqual({ action });
  expect(helper({ failureRedirect: '/login' })).toStrictEqual({ failureRedirect: '/login', action });
  const options: AuthenticateOptions = Object.freeze({ action: 'verify', session: false });
  expect(helper(options)).toStrictEqual({ session: false, action });
});

test("Passport's own types accept the options of start, resend and verify", () => {
  const passport = new Passport();
  expectTypeOf(start({ pendingRedirect: '/code' })).toExtend<PassportOptions>();
  expectTypeOf(resend()).toExtend<PassportOptions>();
  expectTypeOf(verify({ stage: 'code', failureMessage: true })).toExtend<PassportOptions>();
  expect(passport.authenticate('auth0-passwordless', start({ appState: (req) => req.query }))).toBeTypeOf('function');
});

test("a function of the request may have a parameter of the framework's own type", () => {
  expectTypeOf(start).toBeCallableWith({ language: (req: Request) => req.acceptsLanguages()[0] });
});
