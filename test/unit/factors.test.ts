import { describe, expect, test } from 'vitest';
import type { MfaProof } from '../../lib/auth0/mfa.js';
import type { EnrollOptions } from '../../lib/mfa/enroll-options.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { CLIENT, hostileAuth0 } from '../support/hostile-auth0.js';
import { passwordlessErrorFrom } from '../support/errors.js';

function setUp(status = 200, body: unknown = {}) {
  const dispatcher = hostileAuth0(() => ({ status, body: JSON.stringify(body) }));
  const strategy = new PasswordlessStrategy({ ...CLIENT, dispatcher }, async () => {});
  return { auth0: strategy.auth0, factors: strategy.factors, sent: dispatcher.sent };
}

describe('remove', () => {
  test.each([
    ['totp|dev_1', '/mfa/authenticators/totp%7Cdev_1'],
    ['../users', '/mfa/authenticators/..%2Fusers'],
    ['a?b#c d', '/mfa/authenticators/a%3Fb%23c%20d'],
  ])('remove encodes the id %s', async (id, path) => {
    const { factors, sent } = setUp(204);
    await factors.remove('token', id);
    expect(sent.map((each) => [each.method, each.path])).toEqual([['DELETE', path]]);
  });

  test.each(['', '.', '..', ' ', 'a\ud800', undefined, null, 7, ['a']])(
    'remove of %j, which has no path, is invalid_factor, and no request is sent',
    async (id) => {
      const { factors, sent } = setUp(204);
      expect((await passwordlessErrorFrom(() => factors.remove('token', id as string))).code).toBe('invalid_factor');
      expect(sent).toEqual([]);
    },
  );
});

describe('verify', () => {
  test.each<[MfaProof, string]>([
    [{ otp: ' 123-456 ' }, 'otp=123456'],
    [{ oobCode: 'a b', bindingCode: '123 456' }, 'oob_code=a+b&binding_code=123456'],
    [{ oobCode: 'a-b' }, 'oob_code=a-b'],
    [{ recoveryCode: 'ABCD EFGH' }, 'recovery_code=ABCDEFGH'],
  ])('verify accepts a code as people type it: %j', async (proof, form) => {
    const { factors, sent } = setUp();
    await factors.verify('token', proof);
    expect(sent.map(({ body }) => body?.slice(body.indexOf('mfa_token=token') + 16))).toEqual([form]);
  });

  test.each([
    { otp: '' },
    { otp: undefined },
    { otp: ['1', '2'] },
    { otp: '1'.repeat(65) },
    { oobCode: 'a', bindingCode: ' - ' },
    { recoveryCode: {} },
  ])('verify without a code is code_missing, and no request is sent: %j', async (proof) => {
    const { factors, sent } = setUp();
    const call = () => factors.verify('token', proof as MfaProof);
    expect(await passwordlessErrorFrom(call)).toMatchObject({ code: 'code_missing', status: 400 });
    expect(sent).toEqual([]);
  });
});

test.each<[string, object, string]>([
  ['nothing', {}, 'invalid_factor'],
  ['an unknown type', { type: 'webauthn' }, 'invalid_factor'],
  ['no number', { type: 'sms' }, 'invalid_phone_number'],
  ['a bad number', { type: 'voice', phoneNumber: '12' }, 'invalid_phone_number'],
  ['no address', { type: 'email' }, 'invalid_email'],
])('enroll with %s is an error, and no request is sent', async (_what, options, code) => {
  const { factors, sent } = setUp();
  expect((await passwordlessErrorFrom(() => factors.enroll('token', options as EnrollOptions))).code).toBe(code);
  expect(sent).toEqual([]);
});

test.each([undefined, null, '', ' ', 7])(
  'a call without access token (%j) is a TypeError, and no request is sent',
  async (none) => {
    const { auth0, factors, sent } = setUp();
    const token = none as string;
    const calls = [
      () => auth0.userInfo(token),
      () => factors.list(token),
      () => factors.enroll(token, { type: 'otp' }),
      () => factors.verify(token, { otp: '123456' }),
      () => factors.remove(token, 'totp|dev_1'),
    ];
    for (const call of calls) {
      await expect(call()).rejects.toThrow(TypeError);
      await expect(call()).rejects.toThrow('accessToken is required');
    }
    expect(sent).toEqual([]);
  },
);

describe('an access token that the MFA API does not accept', () => {
  test.each([
    [401, { error: 'invalid_token' }],
    [401, {}],
    [403, { error: 'insufficient_scope' }],
  ])('list with an invalid access token is access_denied with the remedy: %i, %j', async (status, body) => {
    const { factors } = setUp(status, body);
    const error = await passwordlessErrorFrom(() => factors.list('token'));
    expect(error.code).toBe('access_denied');
    expect(error.message).toMatch(/\/mfa\/.*read:authenticators/);
  });

  test.each([
    [401, { error: 'expired_token', error_description: 'mfa_token is expired' }],
    [403, { error: 'invalid_grant', error_description: 'Malformed mfa_token' }],
    [401, { error: 'invalid_token' }],
  ])('verify with an invalid access token is access_denied: %i, %j', async (status, body) => {
    const { factors } = setUp(status, body);
    expect((await passwordlessErrorFrom(() => factors.verify('token', { otp: '123456' }))).code).toBe('access_denied');
  });
});

test.each<[object, string]>([
  [{ error: 'invalid_grant', error_description: 'Invalid otp_code.' }, 'wrong_code'],
  [{ error: 'expired_token', error_description: 'oob_code is expired' }, 'code_expired'],
  [{ error: 'access_denied', error_description: 'Unauthorized' }, 'configuration_error'],
])('verify of a rejected proof has the reason: %j', async (body, code) => {
  const { factors } = setUp(401, body);
  expect((await passwordlessErrorFrom(() => factors.verify('token', { otp: '123456' }))).code).toBe(code);
});

test.each([
  [404, { error: 'not_found' }, 'invalid_factor'],
  [400, { error: 'enrollment_conflict' }, 'already_enrolled'],
  [429, { error: 'too_many_requests' }, 'rate_limited'],
  [500, {}, 'unexpected_response'],
])('remove has the reason of an error response: %i, %j', async (status, body, code) => {
  const { factors } = setUp(status, body);
  expect((await passwordlessErrorFrom(() => factors.remove('token', 'totp|1'))).code).toBe(code);
});
