import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { mfaToken, verifyOTP } from './mfa-support.js';
import { call, codeFor, exchange, exchangeCode, handedOver, linkFor, tenantFor } from './support.js';

/** The same tenant as seen by an app that calls it by its custom domain. */
const byCustomDomain = (tenant: LocalTenant): LocalTenant => ({
  ...tenant,
  domain: tenant.domain.replace('127.0.0.1', 'localhost'),
});

const issuerOf = (token: unknown) => decodeJwt(String(token)).iss;

describe('a custom domain', () => {
  const both = async () => {
    const own = await tenantFor({ customDomains: ['localhost'] });
    return { own, custom: byCustomDomain(own) };
  };

  test('is the issuer of the tokens that are got there, and the own domain of those got there', async () => {
    const { own, custom } = await both();
    for (const tenant of [custom, own]) {
      const { body } = await exchange(tenant, await codeFor(tenant));
      const keys = createRemoteJWKSet(new URL(`${tenant.domain}/.well-known/jwks.json`));
      await jwtVerify(String(body.id_token), keys, { issuer: `${tenant.domain}/` });
    }
    expect(own.users).toHaveLength(1);
  });

  test('is where its links lead to', async () => {
    const { custom } = await both();
    const link = await linkFor(custom);
    expect(link.startsWith(`${custom.domain}/passwordless/verify_redirect?`)).toBe(true);
    const { body } = await exchangeCode(custom, handedOver(await call(custom, link)).code);
    expect(issuerOf(body.id_token)).toBe(`${custom.domain}/`);
  });

  test('is what it describes itself as for discovery', async () => {
    const { custom } = await both();
    const { body } = await call(custom, '/.well-known/openid-configuration');
    expect(body).toMatchObject({ issuer: `${custom.domain}/`, token_endpoint: `${custom.domain}/oauth/token` });
  });

  test('has an MFA API of its own, whose audience begins with it', async () => {
    const users = [{ email: 'ada@example.com', factors: [{ type: 'otp' as const }] }];
    const custom = byCustomDomain(await tenantFor({ customDomains: ['localhost'], users }));
    const token = await mfaToken(custom, { audience: `${custom.domain}/mfa/`, scope: 'read:authenticators' });
    const { body } = await verifyOTP(custom, token, custom.totp('ada@example.com'));
    const headers = { authorization: `Bearer ${String(body.access_token)}` };
    expect((await call(custom, '/mfa/authenticators', { headers })).status).toBe(200);
  });

  test('is none that the tenant was not told of: its own stays the issuer', async () => {
    const own = await tenantFor();
    const stranger = byCustomDomain(own);
    const { body } = await exchange(stranger, await codeFor(stranger));
    expect(issuerOf(body.id_token)).toBe(`${own.domain}/`);
  });
});
