import type { Factor } from 'passport-auth0-passwordless/testing';
import { describe, expect, it } from 'vitest';
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
  verifyOOB,
  verifyOTP,
} from './mfa-support.js';
import { call, codeFor, exchange, message, tenantFor } from './support.js';

const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}\\|dev_[0-9a-f]{16}$`)) as string;

const every: Factor[] = [
  { type: 'otp' },
  { type: 'sms', phoneNumber: '+491511239167' },
  { type: 'voice' },
  { type: 'push', active: false },
  { type: 'recovery-code' },
];

describe('GET /mfa/authenticators', () => {
  it('lists every authenticator as Auth0 does, a verified email address among them', async () => {
    const tenant = await mfaTenant(every);
    expect(await list(tenant, await mfaToken(tenant))).toEqual([
      { id: id('totp'), authenticator_type: 'otp', active: true },
      { id: id('sms'), authenticator_type: 'oob', active: true, oob_channel: 'sms', name: 'XXXXXXXXX9167' },
      { id: id('voice'), authenticator_type: 'oob', active: true, oob_channel: 'voice', name: 'XXXXXXXX0123' },
      { id: id('push'), authenticator_type: 'oob', active: false, oob_channel: 'auth0' },
      { id: id('recovery-code'), authenticator_type: 'recovery-code', active: true },
      { id: id('email'), authenticator_type: 'oob', active: true, oob_channel: 'email', name: '****@exam*******' },
    ]);
  });

  it('lists an email address once', async () => {
    const tenant = await mfaTenant([{ type: 'email' }, { type: 'email', email: 'other@example.org' }]);
    const names = (await list(tenant, await mfaToken(tenant))).map(({ name }) => name);
    expect(names).toEqual(['****@exam*******', '****@exam*******']);
  });

  it('has the same ids, secrets and recovery codes on every run, and those that were given', async () => {
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

  it('shows what becomes of a user meanwhile', async () => {
    const tenant = await mfaTenant();
    const token = await mfaToken(tenant);
    tenant.users[0]?.factors?.push({ type: 'push' });
    expect(await idOf(tenant, token, 'push')).toEqual(id('push'));
  });

  it('leaves the users it was given as they are', async () => {
    const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
    const tenant = await tenantFor({ mfa: 'always', users });
    await list(tenant, await mfaToken(tenant));
    expect(users).toEqual([{ email: ada, factors: [{ type: 'otp' }] }]);
  });

  it('refuses a request without a token, and one with a token it did not issue', async () => {
    const tenant = await mfaTenant();
    for (const headers of [{}, { authorization: 'Bearer Fe26.2**nonsense' }, { authorization: 'Basic x' }]) {
      const answer = await call(tenant, '/mfa/authenticators', { headers });
      expect([answer.status, answer.body.error]).toEqual([401, 'invalid_token']);
    }
  });

  it('refuses a token after mfaTokenTTL', async () => {
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
  async function manage(scopes = scope) {
    const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
    const tenant = await tenantFor({ users, apis: [] });
    const token = await mfaToken(tenant, { audience: `${tenant.domain}/mfa/`, scope: scopes });
    const { body } = await verifyOTP(tenant, token, tenant.totp(ada));
    return { tenant, mfaToken: token, accessToken: String(body.access_token) };
  }

  it('users without a second factor get one right away', async () => {
    const tenant = await tenantFor();
    const audience = `${tenant.domain}/mfa/`;
    const { status, body } = await exchange(tenant, await codeFor(tenant), { audience, scope });
    expect(status).toBe(200);
    expect(await list(tenant, String(body.access_token))).toHaveLength(1);
  });

  it('a user enrols another factor, and gets no new recovery codes for it', async () => {
    const { tenant, accessToken } = await manage();
    tenant.users[0]?.factors?.push({ type: 'recovery-code' });
    const { status, body } = await associate(tenant, accessToken, { authenticator_types: ['otp'] });
    expect(status).toBe(200);
    expect(body).not.toHaveProperty('recovery_codes');
    expect((await verifyOTP(tenant, accessToken, tenant.totp(ada))).status).toBe(200);
    const active = (await list(tenant, accessToken)).filter((each) => each.active === true);
    expect(active.map((each) => each.authenticator_type)).toEqual(['otp', 'recovery-code', 'otp', 'oob']);
  });

  it('a code that was sent is good once, though the access token stays good', async () => {
    const { tenant, accessToken } = await manage();
    const { body } = await associateOOB(tenant, accessToken, 'sms', { phone_number: phone });
    const enroll = () => verifyOOB(tenant, accessToken, String(body.oob_code), message(tenant, phone).code);
    expect((await enroll()).status).toBe(200);
    expect((await enroll()).status).toBe(400);
  });

  it('a user removes a factor', async () => {
    const { tenant, accessToken } = await manage();
    const otp = await idOf(tenant, accessToken, 'totp');
    const { status, text } = await remove(tenant, accessToken, otp);
    expect([status, text]).toEqual([204, '']);
    expect(tenant.users[0]?.factors).toEqual([]);
    expect((await remove(tenant, accessToken, otp)).status).toBe(404);
  });

  it('a user needs the scope', async () => {
    const { tenant, accessToken } = await manage('openid read:authenticators');
    const otp = await idOf(tenant, accessToken, 'totp');
    expect((await remove(tenant, accessToken, otp)).status).toBe(401);
    expect((await associate(tenant, accessToken, { authenticator_types: ['otp'] })).status).toBe(401);
    expect(tenant.users[0]?.factors).toHaveLength(1);
  });

  it('and not with an mfa_token, a factor is removed', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    const token = await mfaToken(tenant);
    expect((await remove(tenant, token, await idOf(tenant, token, 'totp'))).status).toBe(401);
  });
});
