import { decodeJwt } from 'jose';
import type { LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { authClient, legacyClient, secureTenant } from './auth0-support.js';
import { ada, firstFactor, mfaTenant, refusal, verify, verifyOTP } from './mfa-support.js';
import {
  authParams,
  call,
  codeFor,
  credentials,
  exchange,
  exchangeCode,
  handedOver,
  linkFor,
  message,
  postForm,
  tenantFor,
  type Answer,
} from './support.js';

const scope = 'openid profile email offline_access';
const api = 'https://api.example.com';
const unknown = [403, 'invalid_grant', 'Unknown or invalid refresh token.'];

const signIn = async (tenant: LocalTenant, body: object = {}) =>
  exchange(tenant, await codeFor(tenant), { scope, ...body });

const refreshTokenOf = ({ body }: Answer) => String(body.refresh_token);

const refresh = (tenant: LocalTenant, refresh_token: string, body: Record<string, string> = {}) =>
  postForm(tenant, '/oauth/token', { ...credentials(tenant), grant_type: 'refresh_token', refresh_token, ...body });

/** A tenant, and the refresh token of a login there. */
async function signedIn(options: LocalTenantOptions = {}, body: object = {}) {
  const tenant = await tenantFor(options);
  return { tenant, token: refreshTokenOf(await signIn(tenant, body)) };
}

const revoke = (tenant: LocalTenant, token: string, body: Record<string, string> = {}) =>
  postForm(tenant, '/oauth/revoke', { ...credentials(tenant), token, ...body });

describe('a refresh token', () => {
  test('comes with a login that asks for offline_access', async () => {
    const tenant = await tenantFor();
    const { body } = await signIn(tenant);
    expect(body).toMatchObject({ scope, refresh_token: expect.stringMatching(/^v1\.[\w-]{64}$/) as string });
    expect((await signIn(tenant, { scope: 'openid' })).body).not.toHaveProperty('refresh_token');
  });

  test('comes with a login for an API, too', async () => {
    const { tenant, token } = await signedIn({}, { audience: api, scope: 'openid read:mail offline_access' });
    const { body } = await refresh(tenant, token);
    expect(body.scope).toBe('openid read:mail offline_access');
    expect(decodeJwt(String(body.access_token)).aud).toContain(api);
  });

  test('comes with no login of a client without the grant, which is told nothing', async () => {
    const grantTypes = ['http://auth0.com/oauth/grant-type/passwordless/otp'];
    const tenant = await tenantFor({ clients: [{ clientID: 'app', clientSecret: 'secret', grantTypes }] });
    const { status, body } = await signIn(tenant, { audience: api });
    expect([status, body.scope]).toEqual([200, 'openid profile email']);
    expect(body).not.toHaveProperty('refresh_token');
    expect((await refresh(tenant, 'any')).body.error).toBe('unauthorized_client');
  });

  test.each([false, true])('comes with a login by link only where the tenant is told so: %s', async (isTold) => {
    const tenant = await tenantFor({ refreshTokensFromLinks: isTold });
    const visit = await call(tenant, await linkFor(tenant, { ...authParams, scope, nonce: 'n-1' }));
    const { body } = await exchangeCode(tenant, handedOver(visit).code);
    expect('refresh_token' in body).toBe(isTold);
    expect(String(body.scope).includes('offline_access')).toBe(isTold);
    if (!isTold) return;
    const claims = decodeJwt(String((await refresh(tenant, String(body.refresh_token))).body.id_token));
    expect(claims).toHaveProperty('sid');
    expect(claims).not.toHaveProperty('nonce');
  });

  test('brings new tokens for the same user, and another refresh token', async () => {
    const { tenant, token } = await signedIn();
    for (const user of tenant.users) user.name = 'Ada';
    const { status, body } = await refresh(tenant, token);
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      'access_token',
      'refresh_token',
      'id_token',
      'scope',
      'expires_in',
      'token_type',
    ]);
    expect(body.refresh_token).not.toBe(token);
    expect(decodeJwt(String(body.id_token))).toMatchObject({ sub: tenant.users[0]?.userID, name: 'Ada', email: ada });
    expect((await refresh(tenant, String(body.refresh_token))).status).toBe(200);
  });

  test('brings fewer scopes where they are asked for, and never more', async () => {
    const { tenant, token } = await signedIn({}, { scope: 'openid email offline_access' });
    const fewer = await refresh(tenant, token, { scope: 'openid phone read:mail' });
    expect(fewer.body.scope).toBe('openid');
    expect((await refresh(tenant, refreshTokenOf(fewer))).body.scope).toBe('openid email offline_access');
  });

  test('brings tokens for another API, with the scopes of that', async () => {
    const { tenant, token } = await signedIn({ apis: [api] }, { scope: 'openid offline_access' });
    const { body } = await refresh(tenant, token, { audience: api, scope: 'openid email read:mail' });
    expect(body.scope).toBe('openid read:mail');
    expect(decodeJwt(String(body.access_token)).aud).toContain(api);
    const next = refreshTokenOf({ body } as Answer);
    const refused = await refresh(tenant, next, { audience: 'https://other.example.com' });
    expect([refused.status, refused.body.error]).toEqual([403, 'access_denied']);
    expect((await refresh(tenant, next)).status).toBe(200);
  });

  test('is good once: used again, it ends every token of its login', async () => {
    const { tenant, token } = await signedIn();
    const other = refreshTokenOf(await signIn(tenant));
    const next = refreshTokenOf(await refresh(tenant, token));
    expect(refusal(await refresh(tenant, token))).toEqual(unknown);
    expect(refusal(await refresh(tenant, next))).toEqual(unknown);
    expect((await refresh(tenant, other)).status).toBe(200);
  });

  test('is good for one of two requests at once', async () => {
    const { tenant, token } = await signedIn();
    const answers = await Promise.all([refresh(tenant, token), refresh(tenant, token)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403]);
  });

  test('may be used again for refreshTokenLeeway seconds', async () => {
    const { tenant, token } = await signedIn({ refreshTokenLeeway: 10 });
    const first = refreshTokenOf(await refresh(tenant, token));
    tenant.clock.advance(9);
    const second = refreshTokenOf(await refresh(tenant, token));
    expect(second).not.toBe(first);
    expect((await refresh(tenant, first)).status).toBe(200);
    tenant.clock.advance(2);
    expect(refusal(await refresh(tenant, token))).toEqual(unknown);
    expect(refusal(await refresh(tenant, second))).toEqual(unknown);
  });

  test('stays as it is without rotation', async () => {
    const { tenant, token } = await signedIn({ refreshTokenRotation: false });
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await refresh(tenant, token);
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('refresh_token');
    }
  });

  test('expires, and those that took its place with it', async () => {
    const { tenant, token } = await signedIn({ refreshTokenTTL: 100 });
    tenant.clock.advance(60);
    const next = refreshTokenOf(await refresh(tenant, token));
    tenant.clock.advance(40);
    expect(refusal(await refresh(tenant, next))).toEqual(unknown);
  });

  test('is refused of another client, of a user who is gone, and where it is made up', async () => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const { tenant, token } = await signedIn({ clients });
    expect(refusal(await refresh(tenant, token, { client_id: 'two' }))).toEqual(unknown);
    expect(refusal(await refresh(tenant, 'v1.made-up'))).toEqual(unknown);
    const next = refreshTokenOf(await refresh(tenant, token));
    tenant.users.pop();
    expect(refusal(await refresh(tenant, next))).toEqual(unknown);
  });

  test('is refused of a blocked user, as long as the user is blocked', async () => {
    const { tenant, token } = await signedIn();
    const block = (blocked: boolean) => {
      for (const user of tenant.users) user.blocked = blocked;
    };
    block(true);
    expect(refusal(await refresh(tenant, token))).toEqual([401, 'unauthorized', 'user is blocked']);
    block(false);
    expect((await refresh(tenant, token)).status).toBe(200);
  });

  test('needs client authentication, and to be there', async () => {
    const { tenant, token } = await signedIn();
    expect((await refresh(tenant, token, { client_secret: 'wrong' })).status).toBe(401);
    expect((await refresh(tenant, '')).body.error_description).toBe('Missing required parameter: refresh_token');
    expect((await refresh(tenant, token)).status).toBe(200);
  });

  test('is not on the wire log', async () => {
    const { tenant, token } = await signedIn();
    await refresh(tenant, token);
    await revoke(tenant, token);
    expect(JSON.stringify(tenant.requests)).not.toContain(token);
  });
});

describe('a refresh and the second factor', () => {
  const payments = 'https://payments.example.com';
  const otp = [{ type: 'otp' as const }];
  const stepUp: LocalTenantOptions = { mfa: (_, { audience }) => audience === payments };

  test('a login with a second factor is refreshed without one', async () => {
    const tenant = await mfaTenant(otp);
    const mfaToken = String((await firstFactor(tenant, { scope })).body.mfa_token);
    const { body } = await verifyOTP(tenant, mfaToken, tenant.totp(ada));
    expect((await refresh(tenant, String(body.refresh_token))).status).toBe(200);
  });

  test('a policy is told of the grant and the audience', async () => {
    const asked: unknown[] = [];
    const mfa: LocalTenantOptions['mfa'] = (user, request) => {
      asked.push([user.email, request]);
      return false;
    };
    const { tenant, token } = await signedIn({ mfa });
    await refresh(tenant, token, { audience: payments });
    expect(asked).toEqual([
      [ada, { grant: 'passwordless', audience: undefined }],
      [ada, { grant: 'refresh_token', audience: payments }],
    ]);
  });

  test('where a policy asks for one, it ends in the tokens that the refresh was for', async () => {
    const tenant = await mfaTenant(otp, stepUp);
    const token = refreshTokenOf(await signIn(tenant));
    const required = await refresh(tenant, token, { audience: payments, scope: 'openid pay' });
    expect(refusal(required)).toEqual([403, 'mfa_required', 'Multifactor authentication required']);
    const { body } = await verifyOTP(tenant, String(required.body.mfa_token), tenant.totp(ada));
    expect(body.scope).toBe('openid pay');
    expect(decodeJwt(String(body.access_token)).aud).toContain(payments);
    expect((await refresh(tenant, String(body.refresh_token))).body.scope).toBe(scope);
    expect(refusal(await refresh(tenant, token))).toEqual(unknown);
  });

  test('where a policy asks for one, the token is not spent before it was there', async () => {
    const tenant = await mfaTenant(otp, stepUp);
    const token = refreshTokenOf(await signIn(tenant));
    for (let i = 0; i < 2; i += 1) {
      expect((await refresh(tenant, token, { audience: payments })).body.error).toBe('mfa_required');
    }
    expect((await refresh(tenant, token)).status).toBe(200);
  });

  test('where the login was ended meanwhile, a second factor brings nothing', async () => {
    const tenant = await mfaTenant(otp, stepUp);
    const token = refreshTokenOf(await signIn(tenant));
    const { body } = await refresh(tenant, token, { audience: payments });
    await revoke(tenant, token);
    expect(refusal(await verifyOTP(tenant, String(body.mfa_token), tenant.totp(ada)))).toEqual(unknown);
  });

  test('a recovery code is told once', async () => {
    const tenant = await mfaTenant([{ type: 'recovery-code' }, ...otp]);
    const mfaToken = String((await firstFactor(tenant, { scope })).body.mfa_token);
    const recovery_code = tenant.recoveryCode(ada);
    const { body } = await verify(tenant, mfaToken, 'mfa-recovery-code', { recovery_code });
    expect(body).toHaveProperty('recovery_code');
    expect((await refresh(tenant, String(body.refresh_token))).body).not.toHaveProperty('recovery_code');
  });
});

describe('/oauth/revoke', () => {
  test('ends a refresh token, and those that took its place', async () => {
    const { tenant, token } = await signedIn();
    const next = refreshTokenOf(await refresh(tenant, token));
    const { status, text } = await revoke(tenant, token);
    expect([status, text]).toEqual([200, '']);
    expect(refusal(await refresh(tenant, next))).toEqual(unknown);
  });

  test('says the same of a token that it does not know, and does nothing to that of another client', async () => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const { tenant, token } = await signedIn({ clients });
    expect((await revoke(tenant, 'made-up')).status).toBe(200);
    expect((await revoke(tenant, token, { client_id: 'two' })).status).toBe(200);
    expect((await refresh(tenant, token)).status).toBe(200);
  });

  test('needs client authentication and a token', async () => {
    const { tenant, token } = await signedIn();
    expect((await revoke(tenant, token, { client_secret: 'wrong' })).status).toBe(401);
    expect(refusal(await revoke(tenant, ''))).toEqual([400, 'invalid_request', 'Missing required parameter: token']);
    expect((await refresh(tenant, token)).status).toBe(200);
  });
});

describe("Auth0's own clients refresh and revoke:", () => {
  test('the newer one', async () => {
    const tenant = await secureTenant();
    const client = authClient(tenant);
    await client.passwordless.sendEmail({ email: ada });
    const first = await client.getTokenByPasswordlessEmail({ email: ada, code: message(tenant).code, scope });
    const { refreshToken = '' } = await client.getTokenByRefreshToken({ refreshToken: first.refreshToken ?? '' });
    expect(refreshToken).not.toBe('');
    await client.revokeToken({ token: refreshToken });
    await expect(client.getTokenByRefreshToken({ refreshToken })).rejects.toMatchObject({
      cause: { error: 'invalid_grant', error_description: 'Unknown or invalid refresh token.' },
    });
  });

  test('the older one', async () => {
    const tenant = await secureTenant();
    const { oauth, passwordless } = legacyClient(tenant);
    await passwordless.sendEmail({ email: ada, send: 'code' });
    const { data } = await passwordless.loginWithEmail({ email: ada, code: message(tenant).code, scope });
    const { data: next } = await oauth.refreshTokenGrant({ refresh_token: data.refresh_token ?? '' });
    const refresh_token = next.refresh_token ?? '';
    await oauth.revokeRefreshToken({ token: refresh_token });
    await expect(oauth.refreshTokenGrant({ refresh_token })).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});
