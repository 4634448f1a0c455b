import { expect, test } from 'vitest';
import { bearerRefusalError, mfaRefusalError, type MfaProof } from '../../lib/auth0/mfa.js';

const push: MfaProof = { oobCode: 'Fe26' };
const sms: MfaProof = { oobCode: 'Fe26', bindingCode: '1' };
const otp: MfaProof = { otp: '1' };
const recovery: MfaProof = { recoveryCode: '1' };

test.each<[number, string, string, MfaProof | undefined, string]>([
  [400, 'authorization_pending', 'Authorization pending: please repeat the request.', push, 'mfa_pending'],
  [400, 'slow_down', '', push, 'mfa_pending'],
  [429, 'slow_down', '', push, 'mfa_pending'],
  [400, 'access_denied', 'MFA Authorization rejected.', push, 'mfa_rejected'],
  [403, 'invalid_grant', 'MFA Authorization rejected.', push, 'mfa_rejected'],
  [401, 'invalid_grant', 'in words that Auth0 has not used before', push, 'mfa_rejected'],
  [401, 'invalid_grant', 'Malformed mfa_token', push, 'mfa_expired'],
  [403, 'invalid_grant', 'MFA Authorization rejected.', recovery, 'wrong_code'],
  [400, 'access_denied', 'MFA Authorization rejected.', recovery, 'wrong_code'],
  [500, 'access_denied', 'Rejected: you are not enrolled in the trial.', push, 'access_denied'],
  [500, 'access_denied', 'You are not enrolled in the trial.', otp, 'access_denied'],
  [500, 'access_denied', 'You are already enrolled elsewhere.', otp, 'access_denied'],
  [403, 'invalid_grant', 'Invalid otp_code.', otp, 'wrong_code'],
  [401, 'invalid_grant', 'Invalid binding_code.', sms, 'wrong_code'],
  [403, 'invalid_grant', 'Malformed mfa_token', otp, 'mfa_expired'],
  [403, 'invalid_grant', 'in words that Auth0 has not used before', undefined, 'mfa_expired'],
  [401, 'expired_token', 'mfa_token is expired', otp, 'mfa_expired'],
  [401, 'expired_token', 'oob_code is expired', sms, 'code_expired'],
  [400, 'association_required', '', undefined, 'enrollment_required'],
  [401, 'unsupported_challenge_type', 'User is not enrolled with guardian', undefined, 'enrollment_required'],
  [400, 'unsupported_challenge_type', '', undefined, 'invalid_factor'],
  [400, 'access_denied', 'User is already enrolled', undefined, 'already_enrolled'],
  [409, 'enrollment_conflict', '', undefined, 'already_enrolled'],
  [400, 'invalid_phone_number', '', undefined, 'invalid_phone_number'],
  [400, 'too_many_sms', '', undefined, 'rate_limited'],
  [429, 'too_many_attempts', '', otp, 'rate_limited'],
  [401, 'access_denied', 'Unauthorized', otp, 'configuration_error'],
  [500, 'server_error', '', otp, 'unexpected_response'],
  [400, 'invalid_request', 'mfa_token not issued to this client', otp, 'unexpected_response'],
])('the MFA error %i %s, %j for the proof %j is %s', (status, error, description, proof, code) => {
  expect(mfaRefusalError({ status, error, description, headers: {} }, proof).code).toBe(code);
});

test('a limit on messages has the limit and the delay that Auth0 sends', () => {
  const headers = { 'retry-after': '3600', 'x-ratelimit-limit': '10' };
  const error = mfaRefusalError({ status: 429, error: 'too_many_sms', description: '', headers });
  expect(error).toMatchObject({ code: 'rate_limited', retryAfter: 3600, limit: 10 });
});

test('slow_down makes polling five seconds slower', () => {
  expect(mfaRefusalError({ status: 400, error: 'slow_down', description: '' }, push).retryAfter).toBe(5);
});

test.each([
  ['unsupported_challenge_type', 'User is not enrolled with guardian', 'enrollment_required'],
  [
    'unsupported_challenge_type',
    'User does not have any enrolled authenticator with the supported challenge type (oob)',
    'invalid_factor',
  ],
  ['invalid_phone_number', '', 'invalid_phone_number'],
  ['access_denied', 'User is already enrolled', 'already_enrolled'],
])('with the mfa_token as bearer, 401 %s %j is %s', (error, description, code) => {
  expect(bearerRefusalError({ status: 401, error, description }).code).toBe(code);
});

test.each(['invalid_token', 'access_denied', 'expired_token', ''])(
  'with the mfa_token as bearer, 401 %j means that the token has expired',
  (error) => {
    expect(bearerRefusalError({ status: 401, error, description: 'Unauthorized' }).code).toBe('mfa_expired');
  },
);
