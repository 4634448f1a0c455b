import { describe, expect, test } from 'vitest';
import {
  associateRequest,
  bearerRefusalError,
  challengeRequest,
  factorOf,
  mfaRefusalError,
  type MfaProof,
  mfaRequest,
  readAuthenticators,
  readChallenge,
  readEnrollment,
} from '../../lib/auth0/mfa.js';
import { mfaRequiredBy, mfaRequiredError } from '../../lib/auth0/mfa-required.js';
import { passwordlessErrorFrom, shown } from '../support/errors.js';

const credentials = { client_id: 'the-client', client_secret: 'the-secret' };
const mfaToken = 'Fe26.2*token';

describe('an mfa_required answer', () => {
  const requirements = (mfa_requirements: unknown) =>
    mfaRequiredBy(mfaRequiredError({ error: 'mfa_required', mfa_token: mfaToken, mfa_requirements }))?.requirements;

  test('is an error that keeps its token to itself', () => {
    const error = mfaRequiredError({ error: 'mfa_required', mfa_token: mfaToken });
    expect(error).toMatchObject({ code: 'mfa_required', status: 401 });
    expect(mfaRequiredBy(error)).toEqual({ mfaToken, requirements: undefined });
    expect(shown(error)).not.toContain('Fe26');
  });

  test.each([undefined, null, 42, {}])('with the mfa_token %j is unexpected', (mfa_token) => {
    const error = mfaRequiredError({ error: 'mfa_required', mfa_token });
    expect(error).toMatchObject({ code: 'unexpected_response' });
    expect(mfaRequiredBy(error)).toBeUndefined();
  });

  test.each([undefined, null, 'x', {}, new Error('mfa_required')])('is not what %j stands for', (error) => {
    expect(mfaRequiredBy(error)).toBeUndefined();
  });

  test.each<[string, unknown, unknown]>([
    ['none', undefined, undefined],
    ['an empty object, which limits nothing', {}, undefined],
    ['a list', [{ type: 'otp' }], undefined],
    [
      'factors to challenge, as the guide to embedded passwordless login shows them',
      {
        challenge: [
          { type: 'otp' },
          { type: 'push-notification' },
          { type: 'phone' },
          { type: 'recovery-code' },
          { type: 'email' },
        ],
      },
      { challenge: ['otp', 'phone', 'push-notification', 'email', 'recovery-code'], enroll: [] },
    ],
    ['factors to enrol', { enroll: [{ type: 'otp' }, { type: 'phone' }] }, { challenge: [], enroll: ['otp', 'phone'] }],
    [
      'challenge types',
      { challenge_types: ['otp', 'oob'] },
      { challenge: ['otp', 'phone', 'push-notification', 'email'], enroll: [] },
    ],
    [
      'challenge types of one kind',
      { challenge_types: ['oob'] },
      { challenge: ['phone', 'push-notification', 'email'], enroll: [] },
    ],
    [
      'unknown ones',
      { challenge: [{ type: 'webauthn-roaming' }, { type: 'otp' }, 'otp', null, {}] },
      { challenge: ['otp'], enroll: [] },
    ],
    ['unknown ones only, which limit nothing', { challenge: [{ type: 'duo' }] }, undefined],
    ['an empty list, which limits nothing', { challenge: [] }, undefined],
    [
      'other spellings',
      { challenge: [{ type: 'totp' }, { type: 'sms' }, { type: 'push' }], enroll: [{ type: 'voice' }] },
      { challenge: ['otp', 'phone', 'push-notification'], enroll: ['phone'] },
    ],
    ['oob', { challenge: [{ type: 'oob' }] }, { challenge: ['phone', 'push-notification', 'email'], enroll: [] }],
    ['wrong types', { challenge: 'otp', enroll: 7, challenge_types: [null, '__proto__', 'constructor'] }, undefined],
  ])('may bring requirements: %s', (_name, value, read) => {
    expect(requirements(value)).toEqual(read);
  });
});

describe('authenticators', () => {
  test('are read from what the wire has', () => {
    const recorded = [
      { id: 'sms|dev_1', authenticator_type: 'oob', active: true, oob_channel: 'sms', name: 'XXXXXXXXX9167' },
      { id: 'recovery-code|dev_2', authenticator_type: 'recovery-code', active: true },
      { id: 'push|dev_3', authenticator_type: 'oob', active: true, oob_channel: 'auth0' },
      { id: 'totp|dev_4', authenticator_type: 'otp', active: true },
      { id: 'email|dev_5', authenticator_type: 'oob', active: true, oob_channel: 'email', name: '****@exam*******' },
    ];
    expect(readAuthenticators(recorded)).toEqual([
      { id: 'sms|dev_1', type: 'oob', channel: 'sms', name: 'XXXXXXXXX9167' },
      { id: 'recovery-code|dev_2', type: 'recovery-code' },
      { id: 'push|dev_3', type: 'oob', channel: 'push' },
      { id: 'totp|dev_4', type: 'otp' },
      { id: 'email|dev_5', type: 'oob', channel: 'email', name: '****@exam*******' },
    ]);
  });

  test('are read from the sample of the guide to embedded passwordless login', () => {
    const sample = [
      {
        type: 'recovery-code',
        id: 'recovery-code|dev_qpOkGUOxBpw6R16t',
        authenticator_type: 'recovery-code',
        active: true,
      },
      { type: 'otp', id: 'totp|dev_6NWz8awwC8brh2dN', authenticator_type: 'otp', active: true },
    ];
    expect(readAuthenticators(sample).map(({ type }) => type)).toEqual(['recovery-code', 'otp']);
  });

  test('may have their channel in a list', () => {
    const [voice] = readAuthenticators([{ id: 'a', authenticator_type: 'oob', active: true, oob_channels: ['voice'] }]);
    expect(voice).toEqual({ id: 'a', type: 'oob', channel: 'voice' });
  });

  test.each([
    ['not active', { id: 'a', authenticator_type: 'otp', active: false }],
    ['without an id', { authenticator_type: 'otp', active: true }],
    ['of an unknown type', { id: 'a', authenticator_type: 'webauthn', active: true }],
    ['of an unknown channel', { id: 'a', authenticator_type: 'oob', oob_channel: 'pigeon', active: true }],
    ['of no channel', { id: 'a', authenticator_type: 'oob', active: true }],
  ])('that are %s are left out', (_name, body) => {
    expect(readAuthenticators([body])).toEqual([]);
  });

  test.each([
    [{ type: 'otp' as const }, 'otp'],
    [{ type: 'recovery-code' as const }, 'recovery-code'],
    [{ type: 'oob' as const, channel: 'sms' as const }, 'phone'],
    [{ type: 'oob' as const, channel: 'voice' as const }, 'phone'],
    [{ type: 'oob' as const, channel: 'email' as const }, 'email'],
    [{ type: 'oob' as const, channel: 'push' as const }, 'push-notification'],
  ])('%j are the factor %s', (authenticator, factor) => {
    expect(factorOf(authenticator)).toBe(factor);
  });
});

test('a challenge carries client authentication, the token, the type and the authenticator', () => {
  const request = challengeRequest(credentials, mfaToken, { id: 'sms|dev_1', type: 'oob', channel: 'sms' });
  expect(request).toMatchObject({
    method: 'POST',
    path: '/mfa/challenge',
    headers: { 'content-type': 'application/json' },
  });
  expect(JSON.parse(request.body ?? '')).toEqual({
    ...credentials,
    mfa_token: mfaToken,
    challenge_type: 'oob',
    authenticator_id: 'sms|dev_1',
  });
});

test.each([
  [
    'a code',
    { challenge_type: 'oob', oob_code: 'Fe26', binding_method: 'prompt' },
    'sms',
    { prompt: true, oobCode: 'Fe26' },
  ],
  ['a push', { challenge_type: 'oob', oob_code: 'Fe26' }, 'push', { prompt: false, oobCode: 'Fe26' }],
] as const)('an answer to a challenge that sends %s', (_name, body, channel, read) => {
  expect(readChallenge({ ...body }, { id: 'a', type: 'oob', channel })).toEqual({ type: 'oob', channel, ...read });
});

test('an answer to a challenge of an authenticator app asks for its code', () => {
  expect(readChallenge({ challenge_type: 'otp' }, { id: 'a', type: 'otp' })).toEqual({ type: 'otp', prompt: true });
});

test('an answer to a challenge without an oob_code is unexpected', async () => {
  const error = await passwordlessErrorFrom(() => readChallenge({}, { id: 'a', type: 'oob', channel: 'sms' }));
  expect(error.code).toBe('unexpected_response');
});

describe('enrolment', () => {
  test.each([
    [{ type: 'otp' as const }, { authenticator_types: ['otp'] }],
    [
      { type: 'sms' as const, phoneNumber: '+12025550123' },
      { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: '+12025550123' },
    ],
    [
      { type: 'voice' as const, phoneNumber: '+12025550123' },
      { authenticator_types: ['oob'], oob_channels: ['voice'], phone_number: '+12025550123' },
    ],
    [
      { type: 'email' as const, email: 'ada@example.com' },
      { authenticator_types: ['oob'], oob_channels: ['email'], email: 'ada@example.com' },
    ],
    [{ type: 'push' as const }, { authenticator_types: ['oob'], oob_channels: ['auth0'] }],
  ])('of %j is asked for with the token as bearer', (params, body) => {
    const request = associateRequest(mfaToken, params);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/mfa/associate',
      headers: { authorization: `Bearer ${mfaToken}` },
    });
    expect(JSON.parse(request.body ?? '')).toEqual(body);
  });

  test('of an authenticator app brings a secret, a URI and recovery codes', () => {
    const body = {
      authenticator_type: 'otp',
      secret: 'ABC',
      barcode_uri: 'otpauth://totp/x',
      recovery_codes: ['one', 'two'],
    };
    expect(readEnrollment(body, { type: 'otp' })).toEqual({
      type: 'otp',
      prompt: true,
      secret: 'ABC',
      barcodeURI: 'otpauth://totp/x',
      recoveryCodes: ['one', 'two'],
    });
  });

  test('of a phone brings an oob_code', () => {
    const body = { authenticator_type: 'oob', binding_method: 'prompt', oob_channel: 'sms', oob_code: 'Fe26' };
    expect(readEnrollment(body, { type: 'sms', phoneNumber: '+1' })).toEqual({
      type: 'oob',
      channel: 'sms',
      prompt: true,
      oobCode: 'Fe26',
    });
  });

  test('of a push brings a URI to scan', () => {
    const body = {
      authenticator_type: 'oob',
      oob_channel: 'auth0',
      oob_code: 'Fe26',
      barcode_uri: 'otpauth://totp/x?enrollment_tx_id=1',
    };
    expect(readEnrollment(body, { type: 'push' })).toMatchObject({
      type: 'oob',
      channel: 'push',
      prompt: false,
      barcodeURI: body.barcode_uri,
    });
  });
});

test.each<[MfaProof, Record<string, string>]>([
  [{ otp: '123456' }, { grant_type: 'http://auth0.com/oauth/grant-type/mfa-otp', otp: '123456' }],
  [
    { oobCode: 'Fe26', bindingCode: '654321' },
    { grant_type: 'http://auth0.com/oauth/grant-type/mfa-oob', oob_code: 'Fe26', binding_code: '654321' },
  ],
  [{ oobCode: 'Fe26' }, { grant_type: 'http://auth0.com/oauth/grant-type/mfa-oob', oob_code: 'Fe26' }],
  [
    { recoveryCode: 'ABCD' },
    { grant_type: 'http://auth0.com/oauth/grant-type/mfa-recovery-code', recovery_code: 'ABCD' },
  ],
])('%j is exchanged at the token endpoint', (proof, members) => {
  const request = mfaRequest(credentials, mfaToken, proof);
  expect(request).toMatchObject({ method: 'POST', path: '/oauth/token' });
  expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
    ...credentials,
    mfa_token: mfaToken,
    ...members,
  });
});

describe('what the MFA API refuses', () => {
  const push: MfaProof = { oobCode: 'Fe26' };
  const sms: MfaProof = { oobCode: 'Fe26', bindingCode: '1' };
  const otp: MfaProof = { otp: '1' };
  const recovery: MfaProof = { recoveryCode: '1' };

  test.each<[number, string, string, MfaProof | undefined, string]>([
    [
      400,
      'authorization_pending',
      'Authorization pending: please repeat the request in a few seconds.',
      push,
      'mfa_pending',
    ],
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
  ])('%i %s, %j (%j) is %s', (status, error, description, proof, code) => {
    expect(mfaRefusalError({ status, error, description, headers: {} }, proof).code).toBe(code);
  });

  test('a limit on messages brings the facts that Auth0 gives', () => {
    const headers = { 'retry-after': '3600', 'x-ratelimit-limit': '10' };
    const error = mfaRefusalError({ status: 429, error: 'too_many_sms', description: '', headers });
    expect(error).toMatchObject({ code: 'rate_limited', retryAfter: 3600, limit: 10 });
  });

  test('slow_down says by how much', () => {
    expect(mfaRefusalError({ status: 400, error: 'slow_down', description: '' }, push).retryAfter).toBe(5);
  });

  test.each([
    ['unsupported_challenge_type', 'User is not enrolled with guardian', 'enrollment_required'],
    ['invalid_phone_number', '', 'invalid_phone_number'],
    ['access_denied', 'User is already enrolled', 'already_enrolled'],
  ])('with the token as bearer, 401 %s %j still means %s', (error, description, code) => {
    expect(bearerRefusalError({ status: 401, error, description }).code).toBe(code);
  });

  test.each(['invalid_token', 'access_denied', 'expired_token', ''])(
    'with the token as bearer, 401 %s means that it is over',
    (error) => {
      expect(bearerRefusalError({ status: 401, error, description: 'Unauthorized' }).code).toBe('mfa_expired');
    },
  );
});
