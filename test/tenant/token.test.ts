import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  codeFor,
  credentials,
  exchange,
  message,
  OTP_GRANT,
  postForm,
  postJSON,
  startSMS,
  statusAndBody,
  tenantFor,
} from './support.js';

describe('/oauth/token with a code', () => {
  test.each([
    ['JSON', postJSON],
    ['a form', postForm],
  ])('takes %s and answers with tokens', async (_, post) => {
    const tenant = await tenantFor();
    const otp = await codeFor(tenant);
    const { status, headers, body } = await post(tenant, '/oauth/token', {
      ...credentials(tenant),
      grant_type: OTP_GRANT,
      username: 'ada@example.com',
      realm: 'email',
      otp,
      scope: 'openid profile email',
    });
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{32}$/) as string,
      id_token: expect.any(String) as string,
      scope: 'openid profile email',
      expires_in: 86_400,
      token_type: 'Bearer',
    });
  });

  test('signs an ID token that verifies against the published keys', async () => {
    const tenant = await tenantFor();
    const before = Date.now() / 1000;
    const { body } = await exchange(tenant, await codeFor(tenant));
    const keys = createRemoteJWKSet(new URL(`${tenant.domain}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await jwtVerify(String(body.id_token), keys, {
      issuer: `${tenant.domain}/`,
      audience: tenant.clientID,
      algorithms: ['RS256'],
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: expect.any(String) as string });
    expect(payload).toEqual({
      iss: `${tenant.domain}/`,
      aud: tenant.clientID,
      sub: expect.stringMatching(/^email\|[0-9a-f]{24}$/) as string,
      iat: expect.any(Number) as number,
      exp: Number(payload.iat) + 36_000,
      name: 'ada@example.com',
      nickname: 'ada',
      picture: 'https://cdn.auth0.com/avatars/ad.png',
      updated_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      email: 'ada@example.com',
      email_verified: true,
    });
    expect(payload.iat).toBeGreaterThanOrEqual(Math.floor(before));
    expect(payload.iat).toBeLessThanOrEqual(Date.now() / 1000);
  });

  test('tells of an SMS user what Auth0 tells, and no phone_number_verified', async () => {
    const tenant = await tenantFor();
    await startSMS(tenant, '+15551234567');
    const { body } = await exchange(tenant, message(tenant, '+15551234567').code, {
      username: '+15551234567',
      realm: 'sms',
      scope: 'openid profile email phone',
    });
    const { iss, aud, iat, exp, updated_at, ...claims } = decodeJwt(String(body.id_token));
    expect([iss, aud, iat, exp, updated_at]).not.toContain(undefined);
    expect(claims).toEqual({
      sub: expect.stringMatching(/^sms\|[0-9a-f]{24}$/) as string,
      name: '+15551234567',
      picture: 'https://cdn.auth0.com/avatars/default.png',
      phone_number: '+15551234567',
    });
  });

  test('tells what a seeded user has, under the scopes that were granted only', async () => {
    const profile = {
      name: 'Ada',
      nickname: 'countess',
      givenName: 'Ada',
      familyName: 'L',
      locale: 'en',
      picture: 'p',
    };
    const user = { email: 'ada@example.com', phoneNumber: '+15551234567', userID: 'auth0|1', ...profile };
    const tenant = await tenantFor({ users: [user] });
    const claimsFor = async (scope: string) => {
      const { body } = await exchange(tenant, await codeFor(tenant), { scope });
      const { iss, aud, iat, exp, updated_at, ...claims } = decodeJwt(String(body.id_token));
      expect([iss, aud, iat, exp]).not.toContain(undefined);
      expect(updated_at !== undefined).toBe(scope.includes('profile'));
      return claims;
    };
    expect(await claimsFor('openid')).toEqual({ sub: 'auth0|1' });
    expect(await claimsFor('openid phone')).toEqual({ sub: 'auth0|1', phone_number: '+15551234567' });
    expect(await claimsFor('openid email')).toEqual({
      sub: 'auth0|1',
      email: 'ada@example.com',
      email_verified: true,
    });
    expect(await claimsFor('openid profile')).toEqual({
      sub: 'auth0|1',
      name: 'Ada',
      nickname: 'countess',
      given_name: 'Ada',
      family_name: 'L',
      locale: 'en',
      picture: 'p',
    });
  });

  test('has a user with an email and a phone number sign in as the same one by either', async () => {
    const tenant = await tenantFor({ users: [{ email: 'ada@example.com', phoneNumber: '+15551234567' }] });
    await exchange(tenant, await codeFor(tenant));
    await startSMS(tenant, '+15551234567');
    const sms = { username: '+15551234567', realm: 'sms', scope: 'openid' };
    const { body } = await exchange(tenant, message(tenant, '+15551234567').code, sms);
    expect(decodeJwt(String(body.id_token)).sub).toMatch(/^email\|/);
    expect(tenant.users).toMatchObject([{ emailVerified: true, phoneVerified: true }]);
  });

  test('gives no ID token without the scope openid', async () => {
    const tenant = await tenantFor();
    const { status, body } = await exchange(tenant, await codeFor(tenant), { scope: undefined });
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual(['access_token', 'expires_in', 'token_type']);
  });

  test('grants the scopes it knows, each once', async () => {
    const tenant = await tenantFor();
    const { body } = await exchange(tenant, await codeFor(tenant), {
      scope: 'openid  email openid read:mail',
    });
    expect(body.scope).toBe('openid email');
  });

  test('gives a JWT for an API, signed and addressed to it', async () => {
    const tenant = await tenantFor();
    const audience = 'https://api.example.com';
    const { body } = await exchange(tenant, await codeFor(tenant), { audience, scope: 'openid read:mail' });
    expect(body.scope).toBe('openid read:mail');
    const keys = createRemoteJWKSet(new URL(`${tenant.domain}/.well-known/jwks.json`));
    const { payload } = await jwtVerify(String(body.access_token), keys, { issuer: `${tenant.domain}/`, audience });
    expect(payload).toMatchObject({
      aud: [audience, `${tenant.domain}/userinfo`],
      azp: tenant.clientID,
      scope: 'openid read:mail',
      sub: tenant.users[0]?.userID,
      exp: Number(payload.iat) + 86_400,
    });

    const plain = await exchange(tenant, await codeFor(tenant), { audience, scope: undefined });
    expect(decodeJwt(String(plain.body.access_token)).aud).toBe(audience);
  });

  test('refuses an audience that is not in the list of APIs, and the code is not spent on it', async () => {
    const tenant = await tenantFor({ apis: ['https://api.example.com'] });
    const code = await codeFor(tenant);
    expect(await statusAndBody(exchange(tenant, code, { audience: 'https://other.example.com' }))).toEqual([
      403,
      {
        error: 'access_denied',
        error_description: 'Service not found: https://other.example.com',
      },
    ]);
    expect((await exchange(tenant, code, { audience: 'https://api.example.com' })).status).toBe(200);
    const userinfo = { audience: `${tenant.domain}/userinfo` };
    expect((await exchange(tenant, await codeFor(tenant), userinfo)).body.access_token).toMatch(/^[\w-]{32}$/);
  });

  test.each(['HS256', 'PS256'] as const)('signs ID tokens with %s where the client is configured so', async (alg) => {
    const tenant = await tenantFor({
      clients: [{ clientID: 'app', clientSecret: 's'.repeat(32), idTokenSigningAlg: alg }],
      removeAlgFromJWKS: true,
    });
    const { body } = await exchange(tenant, await codeFor(tenant));
    const token = String(body.id_token);
    expect(decodeProtectedHeader(token).alg).toBe(alg);
    const verified =
      alg === 'HS256'
        ? await jwtVerify(token, new TextEncoder().encode('s'.repeat(32)))
        : await jwtVerify(token, createRemoteJWKSet(new URL(`${tenant.domain}/.well-known/jwks.json`)));
    expect(verified.payload.aud).toBe('app');
  });
});
