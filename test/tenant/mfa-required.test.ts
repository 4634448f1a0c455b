import type { Factor, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { ada, firstFactor, mfaTenant, mfaToken, phone, refusal, verifyOTP } from './mfa-support.js';
import { call, codeFor, exchange, linkFor, message, startSMS, statusAndBody, tenantFor } from './support.js';

const requirementsOf = async (factors: Factor[], options?: LocalTenantOptions) =>
  (await firstFactor(await mfaTenant(factors, options))).body.mfa_requirements;

describe('the policy', () => {
  test('is to ask nobody for a second factor', async () => {
    const tenant = await tenantFor({ users: [{ email: ada, factors: [{ type: 'otp' }] }] });
    expect((await firstFactor(tenant)).status).toBe(200);
  });

  test('can be to ask everybody, in the words of Auth0', async () => {
    expect(await statusAndBody(firstFactor(await mfaTenant([{ type: 'otp' }])))).toEqual([
      403,
      {
        error: 'mfa_required',
        error_description: 'Multifactor authentication required',
        mfa_token: expect.stringMatching(/^Fe26\.2\*/) as string,
        mfa_requirements: { challenge: [{ type: 'otp' }, { type: 'email' }] },
      },
    ]);
  });

  test('can depend on the user', async () => {
    const tenant = await tenantFor({ mfa: ({ email }) => email === ada, users: [{ email: ada }] });
    expect((await firstFactor(tenant)).body.error).toBe('mfa_required');
    const otp = await codeFor(tenant, 'bob@example.com');
    expect((await exchange(tenant, otp, { username: 'bob@example.com' })).status).toBe(200);
  });

  test('can be several factors, each with a token of its own', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }], { mfa: () => 2 });
    const first = await mfaToken(tenant);
    const again = await verifyOTP(tenant, first, tenant.totp(ada));
    expect(refusal(again)).toEqual([403, 'mfa_required', 'Multifactor authentication required']);
    expect(again.body.mfa_token).not.toBe(first);
    expect(again.body.mfa_requirements).toEqual({ challenge: [{ type: 'otp' }, { type: 'email' }] });
    tenant.clock.advance(30);
    expect(refusal(await verifyOTP(tenant, first, tenant.totp(ada)))[2]).toBe('Malformed mfa_token');
    expect((await verifyOTP(tenant, String(again.body.mfa_token), tenant.totp(ada))).status).toBe(200);
  });

  test('does not concern links, whose second factor is on pages of Auth0', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    const { headers } = await call(tenant, await linkFor(tenant));
    expect(headers.location).toMatch(/[?&]code=/);
  });

  test('concerns codes by SMS as well', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    await startSMS(tenant, phone);
    const answer = await exchange(tenant, message(tenant, phone).code, { username: phone, realm: 'sms' });
    expect(answer.body.mfa_requirements).toEqual({ challenge: [{ type: 'otp' }] });
  });

  test('does not spend the code that was wrong', async () => {
    const tenant = await mfaTenant();
    const code = await codeFor(tenant);
    expect((await exchange(tenant, '000000')).body.error).toBe('invalid_grant');
    expect((await exchange(tenant, code)).body.error).toBe('mfa_required');
    expect((await exchange(tenant, code)).body.error).toBe('invalid_grant');
  });
});

describe('the requirements', () => {
  test('name each active factor once', async () => {
    const factors: Factor[] = [
      { type: 'otp' },
      { type: 'sms' },
      { type: 'voice' },
      { type: 'push' },
      { type: 'email' },
      { type: 'recovery-code' },
    ];
    const types = ['otp', 'phone', 'push-notification', 'email', 'recovery-code'];
    expect(await requirementsOf(factors)).toEqual({ challenge: types.map((type) => ({ type })) });
    expect(await requirementsOf([{ type: 'push', active: false }, { type: 'sms' }])).toEqual({
      challenge: [{ type: 'phone' }, { type: 'email' }],
    });
  });

  test('name what can be enrolled if the user has nothing but an email address', async () => {
    const enroll = [{ type: 'otp' }, { type: 'phone' }, { type: 'push-notification' }];
    expect(await requirementsOf([])).toEqual({ enroll });
    expect(await requirementsOf([{ type: 'otp', active: false }])).toEqual({ enroll });
    expect(await requirementsOf([{ type: 'email' }])).toEqual({ challenge: [{ type: 'email' }] });
  });

  test('keep to the factors that are switched on', async () => {
    const mfaFactors: NonNullable<LocalTenantOptions['mfaFactors']> = ['otp', 'recovery-code'];
    expect(await requirementsOf([{ type: 'sms' }], { mfaFactors })).toEqual({ enroll: [{ type: 'otp' }] });
    expect(await requirementsOf([{ type: 'sms' }, { type: 'otp' }], { mfaFactors })).toEqual({
      challenge: [{ type: 'otp' }],
    });
    expect(await requirementsOf([], { mfaFactors: ['email'] })).toEqual({ challenge: [{ type: 'email' }] });
  });

  test('can have the older form, which cannot ask for an enrolment', async () => {
    const options: LocalTenantOptions = { mfaRequirements: 'challenge_types' };
    const factors: Factor[] = [{ type: 'otp' }, { type: 'sms' }, { type: 'push' }, { type: 'recovery-code' }];
    expect(await requirementsOf(factors, options)).toEqual({ challenge_types: ['otp', 'oob'] });
    expect(await requirementsOf([], options)).toBeUndefined();
  });

  test('can be left out', async () => {
    expect(await requirementsOf([{ type: 'otp' }], { mfaRequirements: 'none' })).toBeUndefined();
  });

  test.each([400, 401, 403] as const)('come with status %i where the tenant is told so', async (mfaRequiredStatus) => {
    expect((await firstFactor(await mfaTenant([], { mfaRequiredStatus }))).status).toBe(mfaRequiredStatus);
  });
});

test('the token is about 2 kB long, and another one each time', async () => {
  const tenant = await mfaTenant();
  const [one, two] = [await mfaToken(tenant), await mfaToken(tenant)];
  expect(one.length).toBeGreaterThan(1_900);
  expect(one.length).toBeLessThan(2_100);
  expect(one).not.toBe(two);
});

describe('a tenant is not started with', () => {
  const factor = (value: object) => ({ users: [{ phoneNumber: '+1', factors: [value] }] });
  test.each<[string, object, RegExp]>([
    ['a policy that is none', { mfa: 'sometimes' }, /^mfa: pass 'never', 'always' or a function/],
    ['an unknown factor', { mfaFactors: ['duo'] }, /^mfaFactors: pass an array of 'otp', .* or 'recovery-code'$/],
    ['factors that are no array', { mfaFactors: 'otp' }, /^mfaFactors: /],
    ['a lifetime that is none', { mfaTokenTTL: 0 }, /^mfaTokenTTL: pass a number of seconds above 0$/],
    ['an unknown form', { mfaRequirements: 'some' }, /^mfaRequirements: .*'challenge_types' or 'none'$/],
    ['an unknown status', { mfaRequiredStatus: 200 }, /^mfaRequiredStatus: pass 400, 401 or 403$/],
    ['another status', { mfaInvalidGrantStatus: 400 }, /^mfaInvalidGrantStatus: pass 401 or 403$/],
    ['an unknown rejection', { pushRejection: 'no' }, /^pushRejection: pass 'access_denied' or 'invalid_grant'$/],
    ['yet another status', { slowDownStatus: 403 }, /^slowDownStatus: pass 400 or 429$/],
    ['a user whose factors are no array', { users: [{ email: ada, factors: {} }] }, /^users: factors is an array/],
    ['a factor without a type', factor({}), /^users: a factor's type is 'otp', /],
    ['a factor of an unknown type', factor({ type: 'constructor' }), /^users: a factor's type is 'otp', /],
    ['a factor by email to nowhere', factor({ type: 'email' }), /^users: a factor by email needs an email/],
    [
      'a factor by SMS to nowhere',
      { users: [{ email: ada, factors: [{ type: 'sms' }] }] },
      /^users: a factor by SMS or voice needs a phoneNumber/,
    ],
    ['a secret that is not base32', factor({ type: 'otp', secret: '0189'.repeat(8) }), /^users: the secret .* base32/],
  ])('%s', async (_, options, text) => {
    await expect(startLocalTenant(options as LocalTenantOptions)).rejects.toThrow(text);
    await expect(startLocalTenant(options as LocalTenantOptions)).rejects.toThrow(TypeError);
  });
});
