import { describe, expect, test } from 'vitest';
import {
  associateRequest,
  type Authenticator,
  challengeRequest,
  type EnrollParams,
  factorOf,
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

describe('mfa_required', () => {
  const requirements = (mfa_requirements: unknown) =>
    mfaRequiredBy(mfaRequiredError({ error: 'mfa_required', mfa_token: mfaToken, mfa_requirements }))?.requirements;

  test('mfa_required is an error that does not show its mfa_token', () => {
    const error = mfaRequiredError({ error: 'mfa_required', mfa_token: mfaToken });
    expect(error).toMatchObject({ code: 'mfa_required', status: 401 });
    expect(mfaRequiredBy(error)).toEqual({ mfaToken, requirements: undefined });
    expect(shown(error)).not.toContain('Fe26');
  });

  test.each([undefined, null, 42, {}])('mfa_required with the mfa_token %j is an unexpected_response', (mfa_token) => {
    const error = mfaRequiredError({ error: 'mfa_required', mfa_token });
    expect(error).toMatchObject({ code: 'unexpected_response' });
    expect(mfaRequiredBy(error)).toBeUndefined();
  });

  test.each([undefined, null, 'x', {}, new Error('mfa_required')])('%j is not an mfa_required error', (error) => {
    expect(mfaRequiredBy(error)).toBeUndefined();
  });

  test.each<[string, unknown, unknown]>([
    ['none', undefined, undefined],
    ['an empty object, which limits nothing', {}, undefined],
    ['a list', [{ type: 'otp' }], undefined],
    [
      'factors to challenge, as the guide to embedded passwordless login shows them',
      { challenge: ['otp', 'push-notification', 'phone', 'recovery-code', 'email'].map((type) => ({ type })) },
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
  ])('mfa_required may have requirements: %s', (_name, value, read) => {
    expect(requirements(value)).toEqual(read);
  });
});

describe('authenticators', () => {
  const oob = { authenticator_type: 'oob', active: true };

  test.each<[string, object, object]>([
    [
      'an SMS authenticator, with its name',
      { ...oob, oob_channel: 'sms', name: 'XXXXXXXXX9167' },
      { type: 'oob', channel: 'sms', name: 'XXXXXXXXX9167' },
    ],
    [
      'an email authenticator, with its name',
      { ...oob, oob_channel: 'email', name: '****@exam*******' },
      { type: 'oob', channel: 'email', name: '****@exam*******' },
    ],
    ['a push authenticator', { ...oob, oob_channel: 'auth0' }, { type: 'oob', channel: 'push' }],
    [
      'a voice authenticator with its channel in a list',
      { ...oob, oob_channels: ['voice'] },
      { type: 'oob', channel: 'voice' },
    ],
    ['a recovery code', { authenticator_type: 'recovery-code', active: true }, { type: 'recovery-code' }],
    [
      'a recovery code, as the guide to embedded passwordless login shows it',
      { type: 'recovery-code', authenticator_type: 'recovery-code', active: true },
      { type: 'recovery-code' },
    ],
    ['an authenticator app', { authenticator_type: 'otp', active: true }, { type: 'otp' }],
  ])('the list of authenticators may hold %s', (_what, body, authenticator) => {
    const id = 'kind|dev_1';
    expect(readAuthenticators([{ id, ...body }])).toEqual([{ id, ...authenticator }]);
  });

  test.each([
    ['inactive', { id: 'a', authenticator_type: 'otp', active: false }],
    ['without an id', { authenticator_type: 'otp', active: true }],
    ['of an unknown type', { id: 'a', authenticator_type: 'webauthn', active: true }],
    ['of an unknown channel', { id: 'a', authenticator_type: 'oob', oob_channel: 'pigeon', active: true }],
    ['without a channel', { id: 'a', authenticator_type: 'oob', active: true }],
  ])('an authenticator that is %s is left out of the list', (_name, body) => {
    const other = { id: 'b', authenticator_type: 'otp', active: true };
    expect(readAuthenticators([body, other])).toEqual([{ id: 'b', type: 'otp' }]);
  });

  test.each([
    [{ type: 'otp' as const }, 'otp'],
    [{ type: 'recovery-code' as const }, 'recovery-code'],
    [{ type: 'oob' as const, channel: 'sms' as const }, 'phone'],
    [{ type: 'oob' as const, channel: 'voice' as const }, 'phone'],
    [{ type: 'oob' as const, channel: 'email' as const }, 'email'],
    [{ type: 'oob' as const, channel: 'push' as const }, 'push-notification'],
  ])('the authenticator %j is of the factor %s', (authenticator, factor) => {
    expect(factorOf(authenticator)).toBe(factor);
  });
});

describe('a challenge', () => {
  test('a challenge is requested with client authentication, mfa_token, type and authenticator', () => {
    const request = challengeRequest(credentials, mfaToken, { id: 'sms|dev_1', type: 'oob', channel: 'sms' });
    expect(request).toMatchObject({ method: 'POST', path: '/mfa/challenge' });
    expect(request.headers).toEqual({ 'content-type': 'application/json' });
    expect(JSON.parse(request.body ?? '')).toEqual({
      ...credentials,
      mfa_token: mfaToken,
      challenge_type: 'oob',
      authenticator_id: 'sms|dev_1',
    });
  });

  const sms = { id: 'a', type: 'oob', channel: 'sms' } as const;
  const push = { id: 'a', type: 'oob', channel: 'push' } as const;

  test.each<[string, object, Authenticator, object]>([
    [
      'a code that was sent',
      { oob_code: 'Fe26', binding_method: 'prompt' },
      sms,
      { type: 'oob', channel: 'sms', prompt: true, oobCode: 'Fe26' },
    ],
    ['a push', { oob_code: 'Fe26' }, push, { type: 'oob', channel: 'push', prompt: false, oobCode: 'Fe26' }],
    ['the code of an authenticator app', {}, { id: 'a', type: 'otp' }, { type: 'otp', prompt: true }],
  ])('a challenge may ask for %s', (_name, body, authenticator, challenge) => {
    expect(readChallenge({ ...body }, authenticator)).toEqual(challenge);
  });

  test('a challenge without an oob_code is an unexpected_response', async () => {
    const error = await passwordlessErrorFrom(() => readChallenge({}, sms));
    expect(error.code).toBe('unexpected_response');
  });
});

describe('an enrolment', () => {
  const phoneNumber = '+12025550123';
  const email = 'ada@example.com';

  test.each<[EnrollParams, object]>([
    [{ type: 'otp' }, { authenticator_types: ['otp'] }],
    [{ type: 'push' }, { authenticator_types: ['oob'], oob_channels: ['auth0'] }],
    [
      { type: 'sms', phoneNumber },
      { authenticator_types: ['oob'], oob_channels: ['sms'], phone_number: phoneNumber },
    ],
    [
      { type: 'voice', phoneNumber },
      { authenticator_types: ['oob'], oob_channels: ['voice'], phone_number: phoneNumber },
    ],
    [
      { type: 'email', email },
      { authenticator_types: ['oob'], oob_channels: ['email'], email },
    ],
  ])('the enrolment %j is requested with the mfa_token as bearer', (params, body) => {
    const request = associateRequest(mfaToken, params);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/mfa/associate',
      headers: { authorization: `Bearer ${mfaToken}` },
    });
    expect(JSON.parse(request.body ?? '')).toEqual(body);
  });

  const barcode_uri = 'otpauth://totp/x?enrollment_tx_id=1';

  test.each<[string, EnrollParams, object, object]>([
    [
      'an authenticator app returns a secret, a URI and recovery codes',
      { type: 'otp' },
      { secret: 'ABC', barcode_uri, recovery_codes: ['one', 'two'] },
      { type: 'otp', prompt: true, secret: 'ABC', barcodeURI: barcode_uri, recoveryCodes: ['one', 'two'] },
    ],
    [
      'a phone returns an oob_code',
      { type: 'sms', phoneNumber },
      { binding_method: 'prompt', oob_channel: 'sms', oob_code: 'Fe26' },
      { type: 'oob', channel: 'sms', prompt: true, oobCode: 'Fe26' },
    ],
    [
      'a push returns a URI to scan',
      { type: 'push' },
      { oob_channel: 'auth0', oob_code: 'Fe26', barcode_uri },
      { type: 'oob', channel: 'push', prompt: false, oobCode: 'Fe26', barcodeURI: barcode_uri },
    ],
  ])('the enrolment of %s', (_what, params, body, enrollment) => {
    expect(readEnrollment({ ...body }, params)).toEqual(enrollment);
  });
});

test.each<[MfaProof, string, Record<string, string>]>([
  [{ otp: '123456' }, 'mfa-otp', { otp: '123456' }],
  [{ oobCode: 'Fe26', bindingCode: '654321' }, 'mfa-oob', { oob_code: 'Fe26', binding_code: '654321' }],
  [{ oobCode: 'Fe26' }, 'mfa-oob', { oob_code: 'Fe26' }],
  [{ recoveryCode: 'ABCD' }, 'mfa-recovery-code', { recovery_code: 'ABCD' }],
])('the proof %j is exchanged with the grant %s', (proof, grant, members) => {
  const request = mfaRequest(credentials, mfaToken, proof);
  expect(request).toMatchObject({ method: 'POST', path: '/oauth/token' });
  expect(Object.fromEntries(new URLSearchParams(request.body))).toEqual({
    ...credentials,
    grant_type: `http://auth0.com/oauth/grant-type/${grant}`,
    mfa_token: mfaToken,
    ...members,
  });
});
