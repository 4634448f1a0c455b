import type { Factor, LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { authClient, secureTenant } from './auth0-support.js';
import {
  ada,
  associate,
  associateOOB,
  idOf,
  list,
  mfaTenant,
  mfaToken,
  phone,
  refusal,
  verify,
  verifyOOB,
  verifyOTP,
} from './mfa-support.js';
import { call, codeFor, credentials, exchange, message, postForm, tenantFor } from './support.js';

const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}\\|dev_[0-9a-f]{16}$`)) as string;

const every: Factor[] = [
  { type: 'otp' },
  { type: 'sms', phoneNumber: '+491511239167' },
  { type: 'voice' },
  { type: 'push', active: false },
  { type: 'recovery-code' },
];

describe('GET /mfa/authenticators', () => {
  test('lists every authenticator as Auth0 does, a verified email address among them', async () => {
    const tenant = await mfaTenant(every);
    expect(await list(tenant, await mfaToken(tenant))).toEqual([
      { type: 'otp', id: id('totp'), authenticator_type: 'otp', active: true },
      {
        type: 'phone',
        id: id('sms'),
        authenticator_type: 'oob',
        active: true,
        oob_channel: 'sms',
        name: 'XXXXXXXXX9167',
      },
      {
        type: 'phone',
        id: id('voice'),
        authenticator_type: 'oob',
        active: true,
        oob_channel: 'voice',
        name: 'XXXXXXXX0123',
      },
      { type: 'push-notification', id: id('push'), authenticator_type: 'oob', active: false, oob_channel: 'auth0' },
      { type: 'recovery-code', id: id('recovery-code'), authenticator_type: 'recovery-code', active: true },
      {
        type: 'email',
        id: id('email'),
        authenticator_type: 'oob',
        active: true,
        oob_channel: 'email',
        name: '****@exam*******',
      },
    ]);
  });

  test('names no type if mfa_requirements names no factors', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }], { mfaRequirements: 'none' });
    for (const each of await list(tenant, await mfaToken(tenant))) expect(each).not.toHaveProperty('type');
  });

  test('lists an email address once', async () => {
    const tenant = await mfaTenant([{ type: 'email' }, { type: 'email', email: 'other@example.org' }]);
    const names = (await list(tenant, await mfaToken(tenant))).map(({ name }) => name);
    expect(names).toEqual(['****@exam*******', '****@exam*******']);
  });

  test('has the same ids, secrets and recovery codes on every run, and those that were given', async () => {
    const seen = [];
    for (let run = 0; run < 2; run += 1) {
      const tenant = await mfaTenant([...every, { type: 'otp', id: 'totp|dev_mine', secret: 'JBSWY3DPEHPK3PXP' }]);
      seen.push([await list(tenant, await mfaToken(tenant)), tenant.users[0]?.factors]);
    }
    expect(seen[0]).toEqual(seen[1]);
    expect(seen[0]?.[1]).toContainEqual({
      type: 'otp',
      id: 'totp|dev_mine',
      active: true,
      secret: 'JBSWY3DPEHPK3PXP',
    });
  });

  test('shows what becomes of a user meanwhile', async () => {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    tenant.users[0]?.factors?.push({ type: 'push' });
    expect(await idOf(tenant, token, 'push')).toEqual(id('push'));
  });

  test('leaves the users it was given as they are', async () => {
    const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
    const tenant = await tenantFor({ mfa: 'always', users });
    await list(tenant, await mfaToken(tenant));
    expect(users).toEqual([{ email: ada, factors: [{ type: 'otp' }] }]);
  });

  test('refuses a request without a token, and one with a token it did not issue', async () => {
    const tenant = await mfaTenant();
    for (const headers of [{}, { authorization: 'Bearer Fe26.2**nonsense' }, { authorization: 'Basic x' }]) {
      const answer = await call(tenant, '/mfa/authenticators', { headers });
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token']);
    }
  });

  test('refuses a token after mfaTokenTTL', async () => {
    const tenant = await mfaTenant([], { mfaTokenTTL: 20 });
    const token = await mfaToken(tenant);
    tenant.clock.advance(19);
    expect(await list(tenant, token)).toHaveLength(1);
    tenant.clock.advance(2);
    const headers = { authorization: `Bearer ${token}` };
    expect(refusal(await call(tenant, '/mfa/authenticators', { headers }))).toEqual([
      401,
      'expired_token',
      'mfa_token is expired',
    ]);
  });
});

describe('with an access token for /mfa/', () => {
  const scope = 'openid enroll read:authenticators remove:authenticators';
  const remove = (tenant: { domain: string }, token: string, authenticator: string) =>
    call(tenant as Parameters<typeof call>[0], `/mfa/authenticators/${encodeURIComponent(authenticator)}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${token}` },
    });

  /** Signed in with the second factor that the audience asks for. */
  async function manage(scopes = scope, options: LocalTenantOptions = {}) {
    const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
    const tenant = await tenantFor({ users, apis: [], ...options });
    const token = await mfaToken(tenant, { audience: `${tenant.domain}/mfa/`, scope: scopes });
    const { body } = await verifyOTP(tenant, token, tenant.totp(ada));
    const { access_token, refresh_token, expires_in: expiresIn } = body;
    return { tenant, accessToken: String(access_token), refreshToken: refresh_token, expiresIn };
  }

  test('users without a second factor get one right away', async () => {
    const tenant = await tenantFor();
    const audience = `${tenant.domain}/mfa/`;
    const { status, body } = await exchange(tenant, await codeFor(tenant), { audience, scope });
    expect(status).toBe(200);
    expect(await list(tenant, String(body.access_token))).toHaveLength(1);
  });

  test('a factor is removed however its id is percent-encoded', async () => {
    const { tenant, accessToken } = await manage();
    const id = String((await list(tenant, accessToken))[0]?.id);
    const path = `/mfa/authenticators/${id.replace('|', '%7c')}`;
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await call(tenant, path, { method: 'DELETE', headers })).status).toBe(204);
    expect((await call(tenant, '/mfa/authenticators/%', { method: 'DELETE', headers })).status).toBe(404);
  });

  test('a user enrols another factor, without recovery codes, which come with the first one only', async () => {
    const { tenant, accessToken } = await manage();
    const { status, body } = await associate(tenant, accessToken, { authenticator_types: ['otp'] });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('recovery_codes');
    expect((await verifyOTP(tenant, accessToken, tenant.totp(ada))).status).toBe(200);
    const active = (await list(tenant, accessToken)).filter((each) => each.active === true);
    expect(active.map((each) => each.authenticator_type)).toEqual(['otp', 'otp', 'oob']);
  });

  test('a code that was sent is good once, though the access token stays good', async () => {
    const { tenant, accessToken } = await manage();
    const { body } = await associateOOB(tenant, accessToken, 'sms', { phone_number: phone });
    const enroll = () => verifyOOB(tenant, accessToken, String(body.oob_code), message(tenant, phone).code);
    expect((await enroll()).status).toBe(200);
    expect((await enroll()).status).toBe(400);
  });

  test('a user removes a factor', async () => {
    const { tenant, accessToken } = await manage();
    const otp = await idOf(tenant, accessToken, 'totp');
    const { status, text } = await remove(tenant, accessToken, otp);
    expect([status, text]).toEqual([204, '']);
    expect(tenant.users[0]?.factors).toEqual([]);
    expect((await remove(tenant, accessToken, otp)).status).toBe(404);
  });

  test('a user needs the scope', async () => {
    const { tenant, accessToken } = await manage('openid read:authenticators');
    const otp = await idOf(tenant, accessToken, 'totp');
    expect((await remove(tenant, accessToken, otp)).status).toBe(401);
    expect((await associate(tenant, accessToken, { authenticator_types: ['otp'] })).status).toBe(401);
    expect(tenant.users[0]?.factors).toHaveLength(1);
  });

  test('what was enrolled as one is removed as one', async () => {
    const { tenant, accessToken } = await manage();
    await associateOOB(tenant, accessToken, 'sms', { phone_number: phone });
    await associateOOB(tenant, accessToken, 'auth0');
    const types = () => tenant.users[0]?.factors?.map(({ type }) => type).filter((type) => type !== 'recovery-code');
    expect(types()).toEqual(['otp', 'sms', 'voice', 'push', 'otp']);
    await remove(tenant, accessToken, await idOf(tenant, accessToken, 'voice'));
    expect(types()).toEqual(['otp', 'push', 'otp']);
    await remove(tenant, accessToken, await idOf(tenant, accessToken, 'push'));
    expect(types()).toEqual(['otp']);
  });

  test('a verified email address, which nobody enrolled, cannot be removed', async () => {
    const { tenant, accessToken } = await manage();
    expect((await remove(tenant, accessToken, await idOf(tenant, accessToken, 'email'))).status).toBe(404);
  });

  test.each([false, true])(
    'with an mfa_token a factor is removed only where the tenant allows it: %s',
    async (allows) => {
      const tenant = await mfaTenant([{ type: 'otp' }], { removeAuthenticatorsWithMfaToken: allows });
      const token = await mfaToken(tenant);
      const { status } = await remove(tenant, token, await idOf(tenant, token, 'totp'));
      expect(status).toBe(allows ? 204 : 401);
    },
  );

  test('it is good for ten minutes, and says so', async () => {
    const { tenant, accessToken, expiresIn } = await manage();
    expect(expiresIn).toBe(600);
    tenant.clock.advance(599);
    expect(await list(tenant, accessToken)).toHaveLength(2);
    tenant.clock.advance(1);
    const headers = { authorization: `Bearer ${accessToken}` };
    expect((await call(tenant, '/mfa/authenticators', { headers })).status).toBe(401);
  });

  test('another client cannot use it to confirm an enrolment', async () => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const { tenant, accessToken } = await manage(scope, { clients });
    await associate(tenant, accessToken, { authenticator_types: ['otp'] });
    const body = { client_id: 'two', otp: tenant.totp(ada) };
    expect(refusal(await verify(tenant, accessToken, 'mfa-otp', body))).toEqual([
      400,
      'invalid_request',
      'mfa_token not issued to this client',
    ]);
  });

  describe('by a refresh', () => {
    const withRefresh = `${scope} offline_access`;
    const refresh = (tenant: LocalTenant, refresh_token: unknown) =>
      postForm(tenant, '/oauth/token', {
        ...credentials(tenant),
        grant_type: 'refresh_token',
        refresh_token: String(refresh_token),
        audience: `${tenant.domain}/mfa/`,
        scope,
      });

    test('of a login that was for it, it comes without a second factor', async () => {
      const { tenant, refreshToken } = await manage(withRefresh);
      const { status, body } = await refresh(tenant, refreshToken);
      expect([status, body.scope]).toEqual([200, scope]);
      expect(await list(tenant, String(body.access_token))).toHaveLength(2);
    });

    test('of another login, it takes the second factor', async () => {
      const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
      const tenant = await tenantFor({ users });
      const first = await exchange(tenant, await codeFor(tenant), { scope: 'openid offline_access' });
      const required = await refresh(tenant, first.body.refresh_token);
      expect(required.body.error).toBe('mfa_required');
      const { body } = await verifyOTP(tenant, String(required.body.mfa_token), tenant.totp(ada));
      expect(await list(tenant, String(body.access_token))).toHaveLength(2);
    });

    test('what is confirmed with it brings no refresh token, and leaves the one there is', async () => {
      const { tenant, refreshToken } = await manage(withRefresh);
      const { body } = await refresh(tenant, refreshToken);
      const accessToken = String(body.access_token);
      await associate(tenant, accessToken, { authenticator_types: ['otp'] });
      expect((await verifyOTP(tenant, accessToken, tenant.totp(ada))).body).not.toHaveProperty('refresh_token');
      expect((await refresh(tenant, body.refresh_token)).status).toBe(200);
    });
  });

  test("Auth0's own client lists, enrols, confirms and removes", async () => {
    const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
    const tenant = await secureTenant({ users, mfa: (_, { audience }) => audience?.endsWith('/mfa/') ?? false });
    const client = authClient(tenant);
    await client.passwordless.sendEmail({ email: ada });
    const exchanging = client.getTokenByPasswordlessEmail({
      email: ada,
      code: message(tenant).code,
      audience: `${tenant.domain}/mfa/`,
      scope,
    });
    const error = (await exchanging.catch((cause: unknown) => cause)) as { cause: { mfa_token: string } };
    const { mfa_token: loginToken } = error.cause;
    const { accessToken: mfaToken } = await client.mfa.verify({
      mfaToken: loginToken,
      factorType: 'otp',
      otp: tenant.totp(ada),
    });
    await client.mfa.enrollAuthenticator({
      mfaToken,
      authenticatorTypes: ['oob'],
      oobChannels: ['sms'],
      phoneNumber: phone,
    });
    const challenged = await client.mfa.listAuthenticators({ mfaToken });
    expect(challenged.map(({ active }) => active)).toEqual([true, false, false, true]);
    await client.mfa.deleteAuthenticator({ mfaToken, authenticatorId: challenged[1]?.id ?? '' });
    const enrolled = await client.mfa.enrollAuthenticator({
      mfaToken,
      authenticatorTypes: ['oob'],
      oobChannels: ['voice'],
      phoneNumber: phone,
    });
    const { oobCode = '' } = enrolled as { oobCode?: string };
    const bindingCode = message(tenant, phone).code;
    await client.mfa.verify({ mfaToken, factorType: 'oob', oobCode, bindingCode });
    const left = await client.mfa.listAuthenticators({ mfaToken });
    expect(left.map(({ authenticatorType, active }) => [authenticatorType, active])).toEqual([
      ['otp', true],
      ['oob', true],
      ['oob', true],
      ['oob', true],
    ]);
  });
});
