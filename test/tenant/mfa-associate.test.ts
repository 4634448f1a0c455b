import { URI, TOTP } from 'otpauth';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import {
  ada,
  associate,
  associateOOB,
  challenge,
  list,
  mfaTenant,
  mfaToken,
  refusal,
  toNextStep,
  verify,
  verifyOOB,
  verifyOTP,
  wrongOTP,
} from './mfa-support.js';
import { message, postJSON, tenantFor } from './support.js';

const oobCode = expect.stringMatching(/^Fe26\.2\*/) as string;
const recoveryCodes = [expect.stringMatching(/^[A-Z2-7]{24}$/) as string];
const number = '+12025550199';

const enrollOTP = (tenant: LocalTenant, token: string) => associate(tenant, token, { authenticator_types: ['otp'] });

/** `sms|dev_…` as `sms`, with a star where it is active. */
const state = async (tenant: LocalTenant, token: string) =>
  (await list(tenant, token)).map(({ id, active }) => String(id).replace(/\|.*/, active === true ? '*' : ''));

describe('an authenticator app', () => {
  test('is enrolled with a secret, a URI that other libraries read, and a recovery code', async () => {
    const tenant = await mfaTenant();
    const { status, body } = await enrollOTP(tenant, await mfaToken(tenant));
    expect(status).toBe(200);
    expect(body).toEqual({
      authenticator_type: 'otp',
      secret: expect.stringMatching(/^[A-Z2-7]{32}$/) as string,
      barcode_uri: expect.stringMatching(/^otpauth:\/\/totp\/local-tenant:ada%40example\.com\?/) as string,
      recovery_codes: recoveryCodes,
    });
    const app = URI.parse(String(body.barcode_uri));
    expect(app).toBeInstanceOf(TOTP);
    expect(app).toMatchObject({ issuer: 'local-tenant', label: ada, algorithm: 'SHA1', digits: 6, period: 30 });
    expect(app.secret.base32).toBe(body.secret);
  });

  test('is active once its code was right, and the recovery code with it', async () => {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    const { body } = await enrollOTP(tenant, token);
    expect(await state(tenant, token)).toEqual(['totp', 'recovery-code', 'email*']);
    expect((await verifyOTP(tenant, token, wrongOTP)).status).toBe(403);
    expect(await state(tenant, token)).toEqual(['totp', 'recovery-code', 'email*']);

    toNextStep(tenant);
    const otp = new TOTP({ secret: String(body.secret) }).generate({ timestamp: tenant.clock.now() * 1000 });
    expect(otp).toBe(tenant.totp(ada));
    expect((await verifyOTP(tenant, token, otp)).status).toBe(200);
    const next = await mfaToken(tenant);
    expect(await state(tenant, next)).toEqual(['totp*', 'recovery-code*', 'email*']);
    expect(tenant.recoveryCode(ada)).toBe((body.recovery_codes as string[])[0]);
  });

  test('of another login that was never verified does not sign in', async () => {
    const tenant = await mfaTenant();
    await enrollOTP(tenant, await mfaToken(tenant));
    expect(refusal(await verifyOTP(tenant, await mfaToken(tenant), tenant.totp(ada)))[2]).toBe('Invalid otp_code.');
  });

  test('can be enrolled anew until one is verified; the recovery code comes once, and stays good', async () => {
    const tenant = await mfaTenant();
    const next = await mfaToken(tenant);
    const [one, two] = [await enrollOTP(tenant, await mfaToken(tenant)), await enrollOTP(tenant, next)];
    expect(one.body.secret).not.toBe(two.body.secret);
    expect(one.body.recovery_codes).toEqual(recoveryCodes);
    expect(two.body).not.toHaveProperty('recovery_codes');
    const otp = new TOTP({ secret: String(two.body.secret) }).generate({ timestamp: tenant.clock.now() * 1000 });
    expect((await verifyOTP(tenant, next, otp)).status).toBe(200);
    const [recovery_code = ''] = one.body.recovery_codes as string[];
    const last = await verify(tenant, await mfaToken(tenant), 'mfa-recovery-code', { recovery_code });
    expect(last.status).toBe(200);
  });
});

describe('a phone', () => {
  test.each(['sms', 'voice'] as const)('is enrolled by a code by %s, and brings its twin', async (channel) => {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    const { status, body } = await associateOOB(tenant, token, channel, { phone_number: number });
    expect(status).toBe(200);
    expect(body).toEqual({
      authenticator_type: 'oob',
      oob_channel: channel,
      oob_code: oobCode,
      binding_method: 'prompt',
      recovery_codes: recoveryCodes,
    });
    expect(message(tenant, number)).toMatchObject({ channel, to: number });
    expect((await verifyOOB(tenant, token, String(body.oob_code), message(tenant, number).code)).status).toBe(200);
    const [one, two, ...others] = await list(tenant, await mfaToken(tenant));
    expect([one?.oob_channel, two?.oob_channel].sort()).toEqual(['sms', 'voice']);
    expect(one?.oob_channel).toBe(channel);
    expect([one?.name, two?.name]).toEqual(['XXXXXXXX0199', 'XXXXXXXX0199']);
    expect([one, two, ...others].map((each) => each?.active)).toEqual([true, true, true, true]);
  });

  test.each(['2025550199', '+', '+1 202', 'x'])('is refused at the number %s', async (phone_number) => {
    const tenant = await mfaTenant();
    const { status, body } = await associateOOB(tenant, await mfaToken(tenant), 'sms', { phone_number });
    expect([status, body.error]).toEqual([400, 'invalid_phone_number']);
    expect(tenant.users[0]?.factors).toEqual([]);
  });
});

test('an email address is enrolled by a code, the user’s own by default', async () => {
  for (const [body, to] of [
    [{ email: 'other@example.com' }, 'other@example.com'],
    [{}, ada],
  ] as const) {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    const { body: enrolled } = await associateOOB(tenant, token, 'email', body);
    expect(enrolled).toMatchObject({ authenticator_type: 'oob', oob_channel: 'email', binding_method: 'prompt' });
    expect((await verifyOOB(tenant, token, String(enrolled.oob_code), message(tenant, to).code)).status).toBe(200);
    expect(tenant.users[0]?.factors).toMatchObject([{ type: 'email', email: to, active: true }, { active: true }]);
  }
});

test('push is enrolled by scanning a code, for which the client polls, and brings an authenticator app', async () => {
  const tenant = await mfaTenant();
  const token = await mfaToken(tenant);
  const { body } = await associateOOB(tenant, token, 'auth0');
  expect(body).toEqual({
    authenticator_type: 'oob',
    oob_channel: 'auth0',
    oob_code: oobCode,
    barcode_uri: expect.stringMatching(
      /^otpauth:\/\/totp\/local-tenant:ada%40example\.com\?enrollment_tx_id=.+&base_url=http/,
    ) as string,
    recovery_codes: recoveryCodes,
  });
  expect((await verifyOOB(tenant, token, String(body.oob_code))).body.error).toBe('authorization_pending');
  tenant.approvePush(ada);
  tenant.clock.advance(5);
  expect((await verifyOOB(tenant, token, String(body.oob_code))).status).toBe(200);
  const next = await mfaToken(tenant);
  expect(await state(tenant, next)).toEqual(['push*', 'totp*', 'recovery-code*', 'email*']);
  expect((await verifyOTP(tenant, next, tenant.totp(ada))).status).toBe(200);
});

test('the token stands for one login, whose scope and audience the tokens have', async () => {
  const tenant = await mfaTenant();
  const audience = 'https://api.example.com';
  const token = await mfaToken(tenant, { scope: 'openid read:mail', audience });
  await enrollOTP(tenant, token);
  const { body } = await verifyOTP(tenant, token, tenant.totp(ada));
  expect(body.scope).toBe('openid read:mail');
  expect(String(body.access_token).split('.')).toHaveLength(3);
});

test('recovery codes are left out where they are switched off', async () => {
  const tenant = await mfaTenant([], { mfaFactors: ['otp'] });
  const { body } = await enrollOTP(tenant, await mfaToken(tenant));
  expect(body).not.toHaveProperty('recovery_codes');
  expect(() => tenant.recoveryCode(ada)).toThrow(/recovery-code/);
});

describe('an enrolment is refused', () => {
  test('to a user who has an active factor', async () => {
    const tenant = await mfaTenant([{ type: 'sms' }]);
    expect(refusal(await enrollOTP(tenant, await mfaToken(tenant)))).toEqual([
      400,
      'enrollment_conflict',
      'User is already enrolled',
    ]);
  });

  test('of a factor that is switched off', async () => {
    const tenant = await mfaTenant([], { mfaFactors: ['otp'] });
    const answer = await associateOOB(tenant, await mfaToken(tenant), 'sms', { phone_number: number });
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    expect(tenant.inbox.latest(number)).toBeUndefined();
  });

  test.each<[string, object, string]>([
    ['no type', {}, 'Missing required parameter: authenticator_types'],
    ['an unknown type', { authenticator_types: ['fax'] }, 'Invalid parameter: authenticator_types'],
    ['two types', { authenticator_types: ['otp', 'oob'] }, 'Invalid parameter: authenticator_types'],
    ['a type that is no list', { authenticator_types: 'otp' }, 'Invalid parameter: authenticator_types'],
    ['no channel', { authenticator_types: ['oob'] }, 'Missing required parameter: oob_channels'],
    ['an unknown channel', { authenticator_types: ['oob'], oob_channels: ['push'] }, 'Invalid parameter: oob_channels'],
    ['no number', { authenticator_types: ['oob'], oob_channels: ['sms'] }, 'Missing required parameter: phone_number'],
    [
      'an email address that is none',
      { authenticator_types: ['oob'], oob_channels: ['email'], email: 'ada' },
      'Invalid parameter: email',
    ],
  ])('with %s', async (_, body, description) => {
    const tenant = await mfaTenant();
    expect(refusal(await associate(tenant, await mfaToken(tenant), body))).toEqual([
      400,
      'invalid_request',
      description,
    ]);
    expect(tenant.users[0]?.factors).toEqual([]);
  });

  test('without a bearer token, even with one in the body', async () => {
    const tenant = await mfaTenant();
    const body = { authenticator_types: ['otp'], mfa_token: await mfaToken(tenant) };
    expect((await postJSON(tenant, '/mfa/associate', body)).status).toBe(401);
  });

  test('when SMS were sent too often, and nothing is enrolled', async () => {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    for (let i = 0; i < 10; i += 1) await associateOOB(tenant, token, 'sms', { phone_number: number });
    const before = tenant.users[0]?.factors?.length;
    const { status, body } = await associateOOB(tenant, token, 'voice', { phone_number: number });
    expect([status, body.error]).toEqual([429, 'too_many_sms']);
    expect(tenant.users[0]?.factors).toHaveLength(before ?? 0);
  });
});

test('a factor that was never verified can be neither challenged nor used', async () => {
  const tenant = await mfaTenant();
  await associateOOB(tenant, await mfaToken(tenant), 'sms', { phone_number: number });
  const token = await mfaToken(tenant);
  expect((await challenge(tenant, token, { challenge_type: 'oob' })).body.error).toBe('association_required');
  const recovery_code = tenant.recoveryCode(ada);
  expect((await verify(tenant, token, 'mfa-recovery-code', { recovery_code })).status).toBe(403);
});

test('users who signed up over the wire enrol like any other', async () => {
  const tenant = await tenantFor({ mfa: 'always' });
  const token = await mfaToken(tenant);
  await enrollOTP(tenant, token);
  expect((await verifyOTP(tenant, token, tenant.totp(ada))).status).toBe(200);
});
