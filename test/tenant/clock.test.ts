import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import { ada, mfaTenant, mfaToken, oobCodeFor, verifyOOB, verifyOTP } from './mfa-support.js';
import { call, codeFor, credentials, exchange, postForm, start, statusAndBody, tenantFor } from './support.js';

test('ages codes', async () => {
  const tenant = await tenantFor();
  const early = await codeFor(tenant);
  tenant.clock.advance(150);
  expect((await exchange(tenant, early)).status).toBe(200);

  const late = await codeFor(tenant);
  tenant.clock.advance(180);
  expect(await statusAndBody(exchange(tenant, late))).toEqual([
    403,
    {
      error: 'invalid_grant',
      error_description: 'The verification code has expired. Please try to login again.',
    },
  ]);
});

test('ages codes by codeTTL', async () => {
  const tenant = await tenantFor({ codeTTL: 300 });
  const code = await codeFor(tenant);
  tenant.clock.advance(250);
  expect((await exchange(tenant, code)).status).toBe(200);
});

test('ages access tokens', async () => {
  const tenant = await tenantFor({ accessTokenTTL: 3600 });
  const { body } = await exchange(tenant, await codeFor(tenant));
  expect(body.expires_in).toBe(3600);
  const headers = { authorization: `Bearer ${String(body.access_token)}` };
  tenant.clock.advance(3000);
  expect((await call(tenant, '/userinfo', { headers })).status).toBe(200);
  tenant.clock.advance(600);
  expect((await call(tenant, '/userinfo', { headers })).status).toBe(401);
});

test('stamps ID tokens with the time of the machine, so that a client takes them after an advance', async () => {
  const tenant = await tenantFor({ idTokenTTL: 60 });
  tenant.clock.advance(100_000);
  const before = Math.floor(Date.now() / 1000);
  const { body } = await exchange(tenant, await codeFor(tenant));
  const { iat, exp } = decodeJwt(String(body.id_token));
  expect(iat).toBeGreaterThanOrEqual(before);
  expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
  expect(exp).toBe(Number(iat) + 60);
});

test('stamps them skewed where a test wants that', async () => {
  const tenant = await tenantFor();
  tenant.clock.skew = -50_000;
  const { body } = await exchange(tenant, await codeFor(tenant));
  expect(decodeJwt(String(body.id_token)).exp).toBeLessThan(Date.now() / 1000);
});

describe('reset', () => {
  test('goes back to the time of the machine, with which what had expired is good again', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    tenant.clock.advance(100_000);
    tenant.clock.skew = 60;
    tenant.clock.reset();
    expect(Math.abs(tenant.clock.now() - Date.now() / 1000)).toBeLessThan(1);
    expect(tenant.clock.skew).toBe(60);
    expect((await exchange(tenant, code)).status).toBe(200);
  });

  test('does not fill limits, nor empty them', async () => {
    const tenant = await tenantFor({ startLimit: 2 });
    tenant.clock.advance(100_000);
    await start(tenant);
    tenant.clock.reset();
    expect((await start(tenant)).status).toBe(200);
    expect((await start(tenant)).status).toBe(429);
  });

  test('has authenticator apps show codes that are taken, once', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    tenant.clock.advance(100_000);
    expect((await verifyOTP(tenant, await mfaToken(tenant), tenant.totp(ada))).status).toBe(200);
    tenant.clock.reset();
    const code = tenant.totp(ada);
    expect((await verifyOTP(tenant, await mfaToken(tenant), code)).status).toBe(200);
    expect((await verifyOTP(tenant, await mfaToken(tenant), code)).status).toBe(403);
  });

  test('lets no rotated refresh token be used again', async () => {
    const tenant = await tenantFor();
    const { body } = await exchange(tenant, await codeFor(tenant), { scope: 'openid offline_access' });
    const refresh = () => {
      const refresh_token = String(body.refresh_token);
      return postForm(tenant, '/oauth/token', { ...credentials(tenant), grant_type: 'refresh_token', refresh_token });
    };
    tenant.clock.advance(100_000);
    expect((await refresh()).status).toBe(200);
    tenant.clock.reset();
    expect((await refresh()).body.error).toBe('invalid_grant');
  });

  test('lets a push be polled for', async () => {
    const tenant = await mfaTenant([{ type: 'push' }]);
    tenant.clock.advance(100);
    const token = await mfaToken(tenant);
    const oobCode = await oobCodeFor(tenant, token, 'push');
    expect((await verifyOOB(tenant, token, oobCode)).body.error).toBe('authorization_pending');
    tenant.clock.reset();
    expect((await verifyOOB(tenant, token, oobCode)).body.error).toBe('authorization_pending');
  });
});

test('tells the time, and is advanced forwards only', async () => {
  const { clock } = await tenantFor();
  const before = clock.now();
  clock.advance(3600);
  expect(clock.now()).toBeGreaterThanOrEqual(before + 3600);
  for (const seconds of [-1, NaN, Infinity]) {
    expect(() => {
      clock.advance(seconds);
    }).toThrow('clock.advance: pass a number of seconds');
  }
});
