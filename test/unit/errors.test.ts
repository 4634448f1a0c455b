import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { type ErrorCode, FAILURES, isFailureCode, isPasswordlessError, PasswordlessError } from '../../lib/errors.js';
import { fail, failOrThrow } from '../../lib/outcome.js';
import { errorFrom } from '../support/errors.js';

const errors = '../../lib/errors.js';

const statuses: [status: number, codes: ErrorCode[]][] = [
  [400, ['identifier_missing', 'invalid_email', 'invalid_phone_number', 'code_missing', 'callback_incomplete']],
  [400, ['invalid_factor']],
  [401, ['wrong_code', 'code_expired', 'too_many_attempts', 'refused']],
  [401, ['mfa_required', 'mfa_pending', 'mfa_rejected', 'mfa_expired']],
  [403, ['cross_site_request', 'state_mismatch', 'link_opened_elsewhere', 'verification_required']],
  [403, ['user_blocked', 'access_denied', 'organization_mismatch', 'subject_mismatch']],
  [403, ['transaction_missing', 'transaction_expired', 'transaction_invalid']],
  [405, ['method_not_allowed']],
  [409, ['enrollment_required', 'already_enrolled']],
  [429, ['rate_limited', 'resend_too_soon', 'account_locked']],
  [500, ['configuration_error']],
  [502, ['delivery_failed', 'unexpected_response', 'id_token_invalid']],
  [503, ['transport_error']],
  [504, ['timeout']],
];

test.each(statuses)('the status %i is that of %j', (status, codes) => {
  for (const code of codes) {
    const error = new PasswordlessError(code);
    expect(error).toMatchObject({ name: 'PasswordlessError', code, status });
    expect(error.message).not.toBe('');
  }
});

test('the status of every failure is tested', () => {
  const codes = statuses.flatMap(([, some]) => some);
  expect(codes).toEqual(expect.arrayContaining(Object.keys(FAILURES)));
});

test('every failure has a message to the user in whole sentences', () => {
  for (const [code, [, message]] of Object.entries(FAILURES)) {
    expect(message, code).toMatch(/^[A-Z].*\.$/);
    expect(new PasswordlessError(code as ErrorCode).message).toBe(message);
  }
});

test('a PasswordlessError is an Error, with a stack and an optional cause', () => {
  const cause = new Error('beneath');
  const error = new PasswordlessError('transport_error', 'Auth0 could not be reached.', { cause });
  expect(error).toBeInstanceOf(Error);
  expect(error.stack).toContain('errors.test.ts');
  expect(String(error)).toBe('PasswordlessError: Auth0 could not be reached.');
  expect(error.cause).toBe(cause);
  expect('cause' in new PasswordlessError('timeout')).toBe(false);
  expect(new PasswordlessError('timeout', 'x', { cause: null })).toHaveProperty('cause', null);
});

test('an error has only the details that it was given', () => {
  const details = { description: 'd', retryAfter: 1, limit: 2, remaining: 0, resetAt: 3 };
  expect(new PasswordlessError('rate_limited', undefined, details)).toMatchObject(details);
  expect(Object.keys(new PasswordlessError('rate_limited'))).toEqual(['name', 'code', 'status']);
});

test('the JSON of an error has code, status, message and details, but no stack and no cause', () => {
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

test('a printed error begins with its name and message, and has its code', () => {
  const text = inspect(new PasswordlessError('timeout', 'Auth0 did not answer.'));
  expect(text).toMatch(/^PasswordlessError: Auth0 did not answer\.\n/);
  expect(text).toContain("code: 'timeout'");
});

test('another copy of the package recognizes an error', async () => {
  // The query makes it another module, as a second installation would be.
  const copy = (await import(`${errors}?copy`)) as typeof import('../../lib/errors.js');
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
])('%o is not an error of the package', (value) => {
  expect(isPasswordlessError(value)).toBe(false);
});

test('the brand of an error is not an own property', () => {
  expect(Object.getOwnPropertySymbols(new PasswordlessError('timeout'))).toEqual([]);
});

test('only codes of failures are failure codes', () => {
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

test('an error with a failure code becomes a failure with its details, and nothing else of it', () => {
  const error = new PasswordlessError('access_denied', 'for the log', { description: 'Ask.', cause: new Error('x') });
  expect(failOrThrow(error)).toStrictEqual({
    action: 'fail',
    code: 'access_denied',
    status: 403,
    info: { code: 'access_denied', message: 'Access was denied.', description: 'Ask.' },
  });
});

test.each([[new PasswordlessError('timeout')], [new Error("the app's")], [undefined], ['text']])(
  'any other error is rethrown: %s',
  async (error) => {
    expect(await errorFrom(() => failOrThrow(error))).toBe(error);
  },
);
