import type { Factor } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import {
  ada,
  mfaTenant,
  mfaToken,
  oobCodeFor,
  phone,
  refusal,
  toNextStep,
  verify,
  verifyOOB,
  verifyOTP,
  wrongOTP,
} from './mfa-support.js';
import { call, codeFor, exchange, message, tenantFor } from './support.js';

const tokens = {
  access_token: expect.any(String) as string,
  id_token: expect.any(String) as string,
  scope: 'openid profile email',
  expires_in: 86400,
  token_type: 'Bearer',
};

const recover = (...[tenant, token, recovery_code]: Parameters<typeof verifyOTP>) =>
  verify(tenant, token, 'mfa-recovery-code', { recovery_code });

describe('a code of an authenticator app', () => {
  test('signs in, with the tokens the first factor asked for', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    const { status, body } = await verifyOTP(tenant, await mfaToken(tenant), tenant.totp(ada));
    expect(status).toBe(200);
    expect(body).toEqual(tokens);
    const headers = { authorization: `Bearer ${String(body.access_token)}` };
    expect((await call(tenant, '/userinfo', { headers })).body).toMatchObject({ email: ada, email_verified: true });
  });

  test('is that of the tenant’s clock, with a step of tolerance', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    const token = await mfaToken(tenant);
    const otp = tenant.totp(ada);
    tenant.clock.advance(90);
    expect((await verifyOTP(tenant, token, otp)).status).toBe(403);
    toNextStep(tenant);
    const newer = tenant.totp(ada);
    tenant.clock.advance(30);
    expect((await verifyOTP(tenant, token, newer)).status).toBe(200);
  });

  test('is good once, and an older one no more', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    const older = tenant.totp(ada);
    tenant.clock.advance(30);
    const otp = tenant.totp(ada);
    expect((await verifyOTP(tenant, await mfaToken(tenant), otp)).status).toBe(200);
    const token = await mfaToken(tenant);
    for (const used of [otp, older]) expect((await verifyOTP(tenant, token, used)).status).toBe(403);
    tenant.clock.advance(30);
    expect((await verifyOTP(tenant, token, tenant.totp(ada))).status).toBe(200);
  });

  test.each([401, 403] as const)(
    'that is wrong is refused with %i, and the right one still signs in',
    async (status) => {
      const tenant = await mfaTenant([{ type: 'otp' }], { mfaInvalidGrantStatus: status });
      const token = await mfaToken(tenant);
      for (const otp of [wrongOTP, '12']) {
        expect(refusal(await verifyOTP(tenant, token, otp))).toEqual([status, 'invalid_grant', 'Invalid otp_code.']);
      }
      expect((await verifyOTP(tenant, token, tenant.totp(ada))).status).toBe(200);
    },
  );

  test('is refused to a user without an authenticator app', async () => {
    const tenant = await mfaTenant([{ type: 'sms' }, { type: 'otp', active: false }]);
    const otp = tenant.totp(ada);
    expect(refusal(await verifyOTP(tenant, await mfaToken(tenant), otp))[2]).toBe('Invalid otp_code.');
  });
});

describe('a code that was sent', () => {
  test.each<[Factor['type'], string]>([
    ['sms', phone],
    ['voice', phone],
    ['email', ada],
  ])('by %s signs in, once', async (type, to) => {
    const tenant = await mfaTenant([{ type }], { mfa: () => 2 });
    const token = await mfaToken(tenant);
    const oobCode = await oobCodeFor(tenant, token, type);
    const { code } = message(tenant, to);
    expect(refusal(await verifyOOB(tenant, token, oobCode, '000000'))).toEqual([
      403,
      'invalid_grant',
      'Invalid binding_code.',
    ]);
    const next = String((await verifyOOB(tenant, token, oobCode, code)).body.mfa_token);
    expect((await verifyOOB(tenant, next, oobCode, code)).status).toBe(400);
    const last = await oobCodeFor(tenant, next, type);
    expect((await verifyOOB(tenant, next, last, message(tenant, to).code)).body).toEqual(tokens);
  });

  test('lives five minutes', async () => {
    const tenant = await mfaTenant([{ type: 'sms' }], { mfaTokenTTL: 1_000 });
    const token = await mfaToken(tenant);
    const oobCode = await oobCodeFor(tenant, token, 'sms');
    tenant.clock.advance(300);
    const answer = await verifyOOB(tenant, token, oobCode, message(tenant, phone).code);
    expect(refusal(answer)).toEqual([401, 'expired_token', 'oob_code is expired']);
  });

  test('has to be sent', async () => {
    const tenant = await mfaTenant([{ type: 'sms' }]);
    const token = await mfaToken(tenant);
    expect(refusal(await verifyOOB(tenant, token, await oobCodeFor(tenant, token, 'sms')))).toEqual([
      400,
      'invalid_request',
      'Missing required parameter: binding_code',
    ]);
  });

  test('belongs to its login', async () => {
    const tenant = await mfaTenant([{ type: 'sms' }]);
    const oobCode = await oobCodeFor(tenant, await mfaToken(tenant), 'sms');
    const other = await mfaToken(tenant);
    for (const each of [oobCode, 'Fe26.2**nonsense']) {
      expect(refusal(await verifyOOB(tenant, other, each, message(tenant, phone).code))).toEqual([
        400,
        'invalid_request',
        "The oob_code doesn't match the mfa_token",
      ]);
    }
  });
});

describe('a recovery code', () => {
  test('signs in and is replaced', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }, { type: 'recovery-code', code: 'A'.repeat(24) }]);
    expect(tenant.recoveryCode(ada)).toBe('A'.repeat(24));
    const { status, body } = await recover(tenant, await mfaToken(tenant), 'A'.repeat(24));
    expect(status).toBe(200);
    expect(body).toEqual({ ...tokens, recovery_code: expect.stringMatching(/^[A-Z2-7]{24}$/) as string });
    expect(tenant.recoveryCode(ada)).toBe(body.recovery_code);

    const token = await mfaToken(tenant);
    expect((await recover(tenant, token, 'A'.repeat(24))).status).toBe(403);
    expect((await recover(tenant, token, tenant.recoveryCode(ada))).status).toBe(200);
  });

  test('stands in for every factor that is left', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }, { type: 'recovery-code' }], { mfa: () => 2 });
    expect((await recover(tenant, await mfaToken(tenant), tenant.recoveryCode(ada))).status).toBe(200);
  });

  test('that is wrong is refused, and is not replaced', async () => {
    const tenant = await mfaTenant([{ type: 'recovery-code' }]);
    const code = tenant.recoveryCode(ada);
    expect(refusal(await recover(tenant, await mfaToken(tenant), 'B'.repeat(24)))).toEqual([
      403,
      'invalid_grant',
      'MFA Authorization rejected.',
    ]);
    expect(tenant.recoveryCode(ada)).toBe(code);
  });
});

describe('every grant', () => {
  const grants: [string, Record<string, string>][] = [
    ['mfa-otp', { otp: wrongOTP }],
    ['mfa-oob', { oob_code: 'Fe26.2**x', binding_code: '000000' }],
    ['mfa-recovery-code', { recovery_code: 'X' }],
  ];

  test.each(grants)('%s refuses a token that is made up, spent, another client’s or expired', async (grant, proof) => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const tenant = await mfaTenant([{ type: 'otp' }], { clients });
    const malformed = [403, 'invalid_grant', 'Malformed mfa_token'];
    expect(refusal(await verify(tenant, 'nonsense', grant, proof))).toEqual(malformed);
    const spent = await mfaToken(tenant);
    await verifyOTP(tenant, spent, tenant.totp(ada));
    expect(refusal(await verify(tenant, spent, grant, proof))).toEqual(malformed);
    const token = await mfaToken(tenant);
    expect(refusal(await verify(tenant, token, grant, { ...proof, client_id: 'two' }))).toEqual([
      400,
      'invalid_request',
      'mfa_token not issued to this client',
    ]);
    tenant.clock.advance(300);
    expect(refusal(await verify(tenant, token, grant, proof))).toEqual([401, 'expired_token', 'mfa_token is expired']);
  });

  test.each(grants)('%s wants the client’s secret, and to be enabled', async (grant, proof) => {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    expect((await verify(tenant, token, grant, { ...proof, client_secret: 'wrong' })).status).toBe(401);
    const old = await tenantFor({
      mfa: 'always',
      clients: [
        {
          clientID: 'old',
          clientSecret: 'secret',
          grantTypes: ['http://auth0.com/oauth/grant-type/passwordless/otp'],
        },
      ],
    });
    expect(await verify(old, await mfaToken(old), grant, proof)).toMatchObject({
      status: 403,
      body: { error: 'unauthorized_client' },
    });
  });

  test.each(grants)('%s says what is missing', async (grant, proof) => {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    const [name = ''] = Object.keys(proof);
    expect(refusal(await verify(tenant, token, grant))).toEqual([
      400,
      'invalid_request',
      `Missing required parameter: ${name}`,
    ]);
    expect((await verify(tenant, '', grant, proof)).body.error_description).toBe(
      'Missing required parameter: mfa_token',
    );
  });
});

describe('after ten failures in an hour', () => {
  test('nothing that is typed counts for a while, not even what is right', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }, { type: 'sms' }, { type: 'recovery-code' }]);
    const token = await mfaToken(tenant);
    const oobCode = await oobCodeFor(tenant, token, 'sms');
    for (let i = 0; i < 4; i += 1) await verifyOTP(tenant, token, wrongOTP);
    for (let i = 0; i < 3; i += 1) await recover(tenant, token, 'X');
    for (let i = 0; i < 3; i += 1) await verifyOOB(tenant, token, oobCode, '000000');
    for (const answer of [
      await verifyOTP(tenant, token, tenant.totp(ada)),
      await recover(tenant, token, tenant.recoveryCode(ada)),
      await verifyOOB(tenant, token, oobCode, message(tenant, phone).code),
    ]) {
      expect([answer.status, answer.body.error]).toEqual([429, 'too_many_attempts']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    tenant.clock.advance(360);
    expect((await verifyOTP(tenant, await mfaToken(tenant), tenant.totp(ada))).status).toBe(200);
  });

  test('other users sign in as before', async () => {
    const factors: Factor[] = [{ type: 'otp' }];
    const users = [ada, 'bob@example.com'].map((email) => ({ email, factors }));
    const tenant = await mfaTenant([], { users });
    const token = await mfaToken(tenant);
    for (let i = 0; i < 10; i += 1) await verifyOTP(tenant, token, wrongOTP);
    const username = 'bob@example.com';
    const { body } = await exchange(tenant, await codeFor(tenant, username), { username });
    expect((await verifyOTP(tenant, String(body.mfa_token), tenant.totp(username))).status).toBe(200);
  });
});

test('a user who was blocked meanwhile is not signed in', async () => {
  const tenant = await mfaTenant([{ type: 'otp' }]);
  const token = await mfaToken(tenant);
  for (const user of tenant.users) user.blocked = true;
  expect(refusal(await verifyOTP(tenant, token, tenant.totp(ada)))).toEqual([401, 'unauthorized', 'user is blocked']);
});

test('a user is named by email address, by phone number or as an object', async () => {
  const tenant = await mfaTenant([{ type: 'otp' }]);
  toNextStep(tenant);
  const [user] = tenant.users;
  expect(user && tenant.totp(user)).toBe(tenant.totp(' ADA@example.com'));
  expect(tenant.totp(phone)).toBe(tenant.totp(ada));
  expect(() => tenant.totp('nobody@example.com')).toThrow(/^No user has this address/);
  expect(() => tenant.recoveryCode(ada)).toThrow(/^This user has no recovery code/);
  tenant.users.push({ email: 'bob@example.com' });
  expect(() => tenant.totp('bob@example.com')).toThrow(/^This user has no authenticator app/);
});
