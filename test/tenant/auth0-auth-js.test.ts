// The tenant's second factors as seen by a client nobody here wrote: Auth0's newer one, which speaks https only.
import { isMfaRequiredError } from '@auth0/auth0-auth-js';
import type { Factor } from 'passport-auth0-passwordless/testing';
import { expect, test } from 'vitest';
import { authClient, tls } from './auth0-support.js';
import { ada, mfaTenant, phone, wrongOTP } from './mfa-support.js';
import { message } from './support.js';

/** A login whose code was right, and of which a second factor is wanted; Ada has these. */
async function secondFactor(factors: Factor[]) {
  const tenant = await mfaTenant(factors, { tls });
  const client = authClient(tenant);
  await client.passwordless.sendEmail({ email: ada });
  const exchange = client.getTokenByPasswordlessEmail({
    email: ada,
    code: message(tenant).code,
    scope: 'openid profile email',
  });
  const error: unknown = await exchange.catch((cause: unknown) => cause);
  if (!isMfaRequiredError(error)) throw error;
  const { mfa_token: mfaToken, mfa_requirements: requirements } = error.cause;
  return { tenant, mfa: client.mfa, mfaToken, requirements };
}

test('lists what the user has', async () => {
  const { mfa, mfaToken, requirements } = await secondFactor([{ type: 'otp' }, { type: 'sms' }]);
  expect(requirements).toEqual({ challenge: [{ type: 'otp' }, { type: 'phone' }, { type: 'email' }] });
  expect(await mfa.listAuthenticators({ mfaToken })).toMatchObject([
    { id: expect.stringMatching(/^totp\|/) as string, authenticatorType: 'otp', active: true },
    { authenticatorType: 'oob', active: true, name: 'XXXXXXXX0123' },
    { authenticatorType: 'oob', active: true, name: '****@exam*******' },
  ]);
});

test('verifies a code of an authenticator app, and the ID token', async () => {
  const { mfa, mfaToken, tenant } = await secondFactor([{ type: 'otp' }]);
  expect(await mfa.challengeAuthenticator({ mfaToken, challengeType: 'otp' })).toMatchObject({ challengeType: 'otp' });
  const tokens = await mfa.verify({ mfaToken, factorType: 'otp', otp: tenant.totp(ada) });
  expect(tokens.claims).toMatchObject({ sub: tenant.users[0]?.userID, email: ada });
});

test('has a code sent, and verifies it', async () => {
  const { mfa, mfaToken, tenant } = await secondFactor([{ type: 'otp' }, { type: 'sms' }]);
  const authenticatorId = (await mfa.listAuthenticators({ mfaToken }))[1]?.id ?? '';
  const challenge = await mfa.challengeAuthenticator({ mfaToken, challengeType: 'oob', authenticatorId });
  expect(challenge).toMatchObject({ challengeType: 'oob', bindingMethod: 'prompt' });
  const { oobCode = '' } = challenge;
  const bindingCode = message(tenant, phone).code;
  expect(await mfa.verify({ mfaToken, factorType: 'oob', oobCode, bindingCode })).toHaveProperty('accessToken');
});

test('polls for the answer to a push', async () => {
  const { mfa, mfaToken, tenant } = await secondFactor([{ type: 'push' }]);
  const { oobCode = '', bindingMethod } = await mfa.challengeAuthenticator({ mfaToken, challengeType: 'oob' });
  expect(bindingMethod).toBeUndefined();
  const poll = () => mfa.verify({ mfaToken, factorType: 'oob', oobCode });
  await expect(poll()).rejects.toMatchObject({ cause: { error: 'authorization_pending' } });
  tenant.approvePush(ada);
  tenant.clock.advance(5);
  expect(await poll()).toHaveProperty('accessToken');
});

test('takes a recovery code, and gets another', async () => {
  const { mfa, mfaToken, tenant } = await secondFactor([{ type: 'recovery-code' }]);
  const recoveryCode = tenant.recoveryCode(ada);
  const tokens = await mfa.verify({ mfaToken, factorType: 'recovery-code', recoveryCode });
  expect(tokens.recoveryCode).toBe(tenant.recoveryCode(ada));
  expect(tokens.recoveryCode).not.toBe(recoveryCode);
});

test('enrols an authenticator app', async () => {
  const { mfa, mfaToken, requirements, tenant } = await secondFactor([]);
  expect(requirements?.enroll).toContainEqual({ type: 'otp' });
  expect(await mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ['otp'] })).toMatchObject({
    authenticatorType: 'otp',
    secret: expect.any(String) as string,
    barcodeUri: expect.stringMatching(/^otpauth:/) as string,
    recoveryCodes: [tenant.recoveryCode(ada)],
  });
  await mfa.verify({ mfaToken, factorType: 'otp', otp: tenant.totp(ada) });
  expect(tenant.users[0]?.factors).toMatchObject([{ type: 'otp', active: true }, { active: true }]);
});

test('enrols a phone and an email address', async () => {
  const { mfa, mfaToken, tenant } = await secondFactor([]);
  const oob = { mfaToken, authenticatorTypes: ['oob'] as ['oob'] };
  expect(await mfa.enrollAuthenticator({ ...oob, oobChannels: ['email'] })).toMatchObject({ oobChannel: 'email' });
  const enrolled = await mfa.enrollAuthenticator({ ...oob, oobChannels: ['sms'], phoneNumber: phone });
  expect(enrolled).toMatchObject({ authenticatorType: 'oob', oobChannel: 'sms', bindingMethod: 'prompt' });
  const { oobCode = '' } = enrolled as { oobCode?: string };
  const bindingCode = message(tenant, phone).code;
  expect(await mfa.verify({ mfaToken, factorType: 'oob', oobCode, bindingCode })).toHaveProperty('accessToken');
});

test('reads what is refused', async () => {
  const { mfa, mfaToken, tenant } = await secondFactor([{ type: 'otp' }]);
  await expect(mfa.enrollAuthenticator({ mfaToken, authenticatorTypes: ['otp'] })).rejects.toThrow(
    'User is already enrolled',
  );
  await expect(mfa.challengeAuthenticator({ mfaToken, challengeType: 'oob', authenticatorId: 'x' })).rejects.toThrow();
  await expect(mfa.verify({ mfaToken, factorType: 'otp', otp: wrongOTP })).rejects.toMatchObject({
    cause: { error: 'invalid_grant' },
  });
  tenant.clock.advance(301);
  await expect(mfa.listAuthenticators({ mfaToken })).rejects.toMatchObject({ cause: { error: 'expired_token' } });
});
