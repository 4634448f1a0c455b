import { expect, test } from 'vitest';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { postJSON, start, tenantFor } from './support.js';

const limits = ({ status, headers }: Awaited<ReturnType<typeof start>>) => ({
  status,
  limit: headers['x-ratelimit-limit'],
  remaining: headers['x-ratelimit-remaining'],
  retryAfter: headers['retry-after'],
});

const forwarded = (tenant: LocalTenant, ip: string, body?: object) =>
  start(tenant, body, { 'auth0-forwarded-for': ip });

const trusting = { clients: [{ clientID: 'app', clientSecret: 'secret', trustTokenEndpointIPHeader: true }] };

test('allows fifty starts an hour, and counts them down', async () => {
  const tenant = await tenantFor();
  for (let left = 49; left >= 0; left -= 1) {
    expect(limits(await start(tenant))).toEqual({
      status: 200,
      limit: '50',
      remaining: String(left),
      retryAfter: undefined,
    });
  }
  const refused = await start(tenant);
  expect(refused.status).toBe(429);
  expect(refused.body).toEqual({
    error: 'too_many_requests',
    error_description: 'Global limit has been reached',
  });
  expect(limits(refused)).toMatchObject({ limit: '50', remaining: '0' });
  // A fiftieth of an hour, but for the time this test took.
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
  expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(72);
  expect(Number(refused.headers['x-ratelimit-reset'])).toBeGreaterThan(Date.now() / 1000);
  expect(Number(refused.headers['x-ratelimit-reset'])).toBeLessThanOrEqual(Math.ceil(Date.now() / 1000) + 3600);
});

test('refills evenly, in the time of the tenant', async () => {
  const tenant = await tenantFor({ startLimit: 2 });
  await start(tenant);
  await start(tenant);
  expect((await start(tenant)).status).toBe(429);
  tenant.clock.advance(1800);
  expect((await start(tenant)).status).toBe(200);
  expect((await start(tenant)).status).toBe(429);
  tenant.clock.advance(36_000);
  expect(limits(await start(tenant))).toMatchObject({ status: 200, remaining: '1' });
});

test('lets a start through once retry-after is over', async () => {
  const tenant = await tenantFor({ startLimit: 1 });
  await start(tenant);
  tenant.clock.advance(Number((await start(tenant)).headers['retry-after']));
  expect((await start(tenant)).status).toBe(200);
});

test('counts and tells of refused starts too', async () => {
  const tenant = await tenantFor({ startLimit: 3 });
  expect(limits(await start(tenant, { email: 'none' }))).toMatchObject({ status: 400, remaining: '2' });
  expect(limits(await start(tenant, { client_secret: 'wrong' }))).toMatchObject({ status: 401, remaining: '1' });
  expect(limits(await postJSON(tenant, '/passwordless/start', {}))).toMatchObject({ status: 400, remaining: '0' });
  expect((await start(tenant)).status).toBe(429);
});

test('can be switched off', async () => {
  const tenant = await tenantFor({ startLimit: Infinity });
  for (let i = 0; i < 60; i += 1) expect((await start(tenant)).status).toBe(200);
  expect((await start(tenant)).headers).not.toHaveProperty('x-ratelimit-limit');
});

test('counts by auth0-forwarded-for where the client trusts it', async () => {
  const tenant = await tenantFor({ startLimit: 1, ...trusting });
  expect((await forwarded(tenant, '203.0.113.1')).status).toBe(200);
  expect((await forwarded(tenant, '203.0.113.1')).status).toBe(429);
  expect((await forwarded(tenant, '203.0.113.2')).status).toBe(200);
  expect((await forwarded(tenant, '2001:db8::1')).status).toBe(200);
  expect((await start(tenant)).status).toBe(200);
});

test('ignores auth0-forwarded-for without a word where the client does not trust it', async () => {
  const tenant = await tenantFor({ startLimit: 1 });
  expect((await forwarded(tenant, '203.0.113.1')).status).toBe(200);
  expect((await forwarded(tenant, '203.0.113.2')).status).toBe(429);
});

test.each(['203.0.113.1, 203.0.113.2', 'unknown', '203.0.113.1:443'])(
  'ignores an auth0-forwarded-for that is not one address: %s',
  async (value) => {
    const tenant = await tenantFor({ startLimit: 1, ...trusting });
    expect((await start(tenant)).status).toBe(200);
    expect((await forwarded(tenant, value)).status).toBe(429);
  },
);

test.each(['wrong', undefined])('ignores auth0-forwarded-for with the client secret %s', async (client_secret) => {
  const tenant = await tenantFor({ startLimit: 1, enforceClientAuthenticationOnStart: false, ...trusting });
  await start(tenant);
  expect((await forwarded(tenant, '203.0.113.1', { client_secret })).status).toBe(429);
});
