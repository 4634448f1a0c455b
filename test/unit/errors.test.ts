import { inspect } from 'node:util';
import { expect, test, vi } from 'vitest';
import { type ErrorCode, FAILURES, isFailureCode, isPasswordlessError, PasswordlessError } from '../../lib/errors.js';
import { fail, failOrThrow } from '../../lib/outcome.js';
import { errorFrom } from '../support/errors.js';

// The table of the contract: what these flows can end in.
test.each<[ErrorCode, number]>([
  ['identifier_missing', 400],
  ['invalid_email', 400],
  ['invalid_phone_number', 400],
  ['code_missing', 400],
  ['callback_incomplete', 400],
  ['method_not_allowed', 405],
  ['cross_site_request', 403],
  ['wrong_code', 401],
  ['code_expired', 401],
  ['too_many_attempts', 401],
  ['mfa_required', 401],
  ['user_blocked', 403],
  ['access_denied', 403],
  ['organization_mismatch', 403],
  ['verification_required', 403],
  ['delivery_failed', 502],
  ['refused', 401],
  ['transaction_missing', 403],
  ['transaction_expired', 403],
  ['transaction_invalid', 403],
  ['link_opened_elsewhere', 403],
  ['state_mismatch', 403],
  ['rate_limited', 429],
  ['resend_too_soon', 429],
  ['configuration_error', 500],
  ['transport_error', 503],
  ['timeout', 504],
  ['unexpected_response', 502],
  ['id_token_invalid', 502],
])('%s has the status %i', (code, status) => {
  const error = new PasswordlessError(code);
  expect(error).toMatchObject({ name: 'PasswordlessError', code, status });
  expect(error.message).not.toBe('');
});

test('every failure tells the user what to do in a sentence', () => {
  for (const [code, [, message]] of Object.entries(FAILURES)) {
    expect(message, code).toMatch(/^[A-Z].*\.$/);
    expect(new PasswordlessError(code as ErrorCode).message).toBe(message);
  }
});

test('an error is an Error, with a stack and perhaps a cause', () => {
  const cause = new Error('beneath');
  const error = new PasswordlessError('transport_error', 'Auth0 could not be reached.', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error.stack).toContain('errors.test.ts');
  expect(String(error)).toBe('PasswordlessError: Auth0 could not be reached.');
  expect(error.cause).toBe(cause);
  expect('cause' in new PasswordlessError('timeout')).toBe(false);
  expect(new PasswordlessError('timeout', 'x', { cause: null })).toHaveProperty('cause', null);
});

test('details are members, and those that are not given are not there', () => {
  const details = { description: 'd', retryAfter: 1, limit: 2, remaining: 0, resetAt: 3 };
  expect(new PasswordlessError('rate_limited', undefined, details)).toMatchObject(details);
  expect(Object.keys(new PasswordlessError('rate_limited'))).toEqual(['name', 'code', 'status']);
});

test('JSON holds code, status, message and details, and neither stack nor cause', () => {
  const error = new PasswordlessError('rate_limited', undefined, { retryAfter: 7, cause: new Error('beneath') });
  expect(JSON.parse(JSON.stringify({ error }))).toEqual({
    error: {
      name: 'PasswordlessError',
      code: 'rate_limited',
      status: 429,
      message: 'Too many attempts. Wait a little, then try again.',
      retryAfter: 7,
    },
  });
});

test('a log of an error begins with its name and message, and has its code', () => {
  const text = inspect(new PasswordlessError('timeout', 'Auth0 did not answer.'));
  expect(text).toMatch(/^PasswordlessError: Auth0 did not answer\.\n/);
  expect(text).toContain("code: 'timeout'");
});

test('an error is known by another copy of the package', async () => {
  vi.resetModules();
  const copy = await import('../../lib/errors.js');
  expect(copy.PasswordlessError).not.toBe(PasswordlessError);
  expect(new copy.PasswordlessError('timeout')).not.toBeInstanceOf(PasswordlessError);
  expect(isPasswordlessError(new copy.PasswordlessError('timeout'))).toBe(true);
  expect(copy.isPasswordlessError(new PasswordlessError('timeout'))).toBe(true);
  class Derived extends PasswordlessError {}
  expect(copy.isPasswordlessError(new Derived('timeout'))).toBe(true);
});

test.each([
  [undefined],
  [null],
  ['PasswordlessError'],
  [404],
  [{}],
  [new Error('x')],
  [{ name: 'PasswordlessError', code: 'timeout', status: 504 }],
  [Object.assign(new Error('x'), { name: 'PasswordlessError', code: 'timeout' })],
  [PasswordlessError],
])('%o is no error of the package', (value) => {
  expect(isPasswordlessError(value)).toBe(false);
});

test('the brand does not show', () => {
  expect(Object.getOwnPropertySymbols(new PasswordlessError('timeout'))).toEqual([]);
});

test('only what the user is to be told is a failure', () => {
  expect(isFailureCode('wrong_code')).toBe(true);
  expect(isFailureCode('timeout')).toBe(false);
  expect(isFailureCode('toString' as ErrorCode)).toBe(false);
  expect(isFailureCode('__proto__' as ErrorCode)).toBe(false);
});

test('a failure has code, message, status and details', () => {
  expect(fail('resend_too_soon', { retryAfter: 5 })).toEqual({
    action: 'fail',
    code: 'resend_too_soon',
    status: 429,
    info: { code: 'resend_too_soon', message: FAILURES.resend_too_soon[1], retryAfter: 5 },
  });
});

test('an error that a user can mend becomes a failure with the same details, and nothing else', () => {
  const error = new PasswordlessError('access_denied', 'for the log', { description: 'Ask.', cause: new Error('x') });
  expect(failOrThrow(error)).toStrictEqual({
    action: 'fail',
    code: 'access_denied',
    status: 403,
    info: { code: 'access_denied', message: 'Access was denied.', description: 'Ask.' },
  });
});

test.each([[new PasswordlessError('timeout')], [new Error("the app's")], [undefined], ['text']])(
  'any other error is thrown on: %s',
  async (error) => {
    expect(await errorFrom(() => failOrThrow(error))).toBe(error);
  },
);
