import { decodeJwt } from 'jose';
import { expect, it } from 'vitest';
import { call, codeFor, exchange, tenantFor } from './support.js';

it('ages codes', async () => {
  const tenant = await tenantFor();
  const early = await codeFor(tenant);
  tenant.clock.advance(150);
  expect((await exchange(tenant, early)).status).toBe(200);

  const late = await codeFor(tenant);
  tenant.clock.advance(180);
  const { status, body } = await exchange(tenant, late);
  expect(status).toBe(403);
  expect(body).toEqual({
    error: 'invalid_grant',
    error_description: 'The verification code has expired. Please try to login again.',
  });
});

it('ages codes by codeTTL', async () => {
  const tenant = await tenantFor({ codeTTL: 300 });
  const code = await codeFor(tenant);
  tenant.clock.advance(250);
  expect((await exchange(tenant, code)).status).toBe(200);
});

it('ages access tokens', async () => {
  const tenant = await tenantFor({ accessTokenTTL: 3600 });
  const { body } = await exchange(tenant, await codeFor(tenant));
  expect(body.expires_in).toBe(3600);
  const headers = { authorization: `Bearer ${String(body.access_token)}` };
  tenant.clock.advance(3000);
  expect((await call(tenant, '/userinfo', { headers })).status).toBe(200);
  tenant.clock.advance(600);
  expect((await call(tenant, '/userinfo', { headers })).status).toBe(401);
});

it('stamps ID tokens with the time of the machine, so that a client takes them after an advance', async () => {
  const tenant = await tenantFor({ idTokenTTL: 60 });
  tenant.clock.advance(100_000);
  const before = Math.floor(Date.now() / 1000);
  const { body } = await exchange(tenant, await codeFor(tenant));
  const { iat, exp } = decodeJwt(String(body.id_token));
  expect(iat).toBeGreaterThanOrEqual(before);
  expect(iat).toBeLessThanOrEqual(Date.now() / 1000);
  expect(exp).toBe(Number(iat) + 60);
});

it('stamps them skewed where a test wants that', async () => {
  const tenant = await tenantFor();
  tenant.clock.skew = -50_000;
  const { body } = await exchange(tenant, await codeFor(tenant));
  expect(decodeJwt(String(body.id_token)).exp).toBeLessThan(Date.now() / 1000);
});

it('tells the time, and runs forwards only', async () => {
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
