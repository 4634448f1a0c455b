// The tenant as seen by a client nobody here wrote: the `auth0` package's, which speaks https only.
import { fetch } from 'undici';
import { describe, expect, test } from 'vitest';
import type { LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { dispatcherFor, legacyClient, secureTenant } from './auth0-support.js';
import { authParams, CALLBACK, handedOver, message } from './support.js';

async function tenantAndClient(
  options: LocalTenantOptions = {},
  config: { clientSecret?: string; idTokenSigningAlg?: string } = {},
) {
  const tenant = await secureTenant(options);
  return { tenant, client: legacyClient(tenant, config) };
}

const subjectOf = (tenant: LocalTenant) => tenant.users[0]?.userID;

describe("auth0's legacy authentication client", () => {
  test('signs in by an email code, and accepts the ID token', async () => {
    const { tenant, client } = await tenantAndClient();
    expect((await client.passwordless.sendEmail({ email: 'ada@example.com', send: 'code' })).status).toBe(200);
    const code = message(tenant).code;
    const { data } = await client.passwordless.loginWithEmail({
      email: 'ada@example.com',
      code,
      scope: 'openid email',
    });
    expect(data).toMatchObject({ token_type: 'Bearer', expires_in: 86_400 });
    expect(data.id_token).toBeTypeOf('string');
    // It fetched the keys, so it did check the signature.
    expect(tenant.requests.at(-1)).toMatchObject({ path: '/.well-known/jwks.json', status: 200 });
    expect(subjectOf(tenant)).toMatch(/^email\|/);
  });

  test('signs in by an SMS code, and accepts the ID token', async () => {
    const { tenant, client } = await tenantAndClient();
    await client.passwordless.sendSMS({ phone_number: '+15551234567' });
    const code = message(tenant, '+15551234567').code;
    const { data } = await client.passwordless.loginWithSMS({
      phone_number: '+15551234567',
      code,
      scope: 'openid phone',
    });
    expect(data.id_token).toBeTypeOf('string');
    expect(subjectOf(tenant)).toMatch(/^sms\|/);
  });

  test('signs in by an email link, and accepts the ID token with its nonce', async () => {
    const { tenant, client } = await tenantAndClient();
    const dispatcher = dispatcherFor();
    await client.passwordless.sendEmail({
      email: 'ada@example.com',
      send: 'link',
      authParams: { ...authParams, nonce: 'n-1' },
    });
    const visit = await fetch(message(tenant).link ?? '', { redirect: 'manual', dispatcher });
    expect(visit.headers.get('set-cookie')).toMatch(/; Secure$/);
    const { code = '', state } = handedOver({
      status: visit.status,
      headers: { location: visit.headers.get('location') ?? '' },
      text: '',
      body: {},
    });
    expect(state).toBe('the state');
    const grant = { code, redirect_uri: CALLBACK };
    const options = { idTokenValidateOptions: { nonce: 'n-1' } };
    const { data } = await client.oauth.authorizationCodeGrant(grant, options);
    expect(data.id_token).toBeTypeOf('string');
  });

  test('signs in by a code whose ID token is signed with the client secret', async () => {
    const clients = [{ clientID: 'app', clientSecret: 's'.repeat(64), idTokenSigningAlg: 'HS256' as const }];
    const { tenant, client } = await tenantAndClient({ clients }, { idTokenSigningAlg: 'HS256' });
    await client.passwordless.sendEmail({ email: 'ada@example.com', send: 'code' });
    const code = message(tenant).code;
    const { data } = await client.passwordless.loginWithEmail({
      email: 'ada@example.com',
      code,
      scope: 'openid',
    });
    expect(data.id_token).toBeTypeOf('string');
    expect(tenant.requests.map(({ path }) => path)).toEqual(['/passwordless/start', '/oauth/token']);
  });

  test('reads the errors', async () => {
    const { client } = await tenantAndClient();
    await expect(
      client.passwordless.loginWithEmail({ email: 'ada@example.com', code: '000000' }),
    ).rejects.toMatchObject({
      statusCode: 403,
      error: 'invalid_grant',
      error_description: 'Wrong email or verification code.',
    });
    const { client: stranger } = await tenantAndClient({}, { clientSecret: 'wrong' });
    await expect(stranger.passwordless.sendEmail({ email: 'ada@example.com' })).rejects.toMatchObject({
      statusCode: 401,
      error: 'access_denied',
    });
  });
});
