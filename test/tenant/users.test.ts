import { describe, expect, test } from 'vitest';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { codeFor, exchange, start, tenantFor } from './support.js';

const isKnown = async (tenant: LocalTenant, email = 'ada@example.com') =>
  (await start(tenant, { email })).status === 200;

describe('the list of users', () => {
  test('may be pushed to, spliced and changed in place at any time', async () => {
    const tenant = await tenantFor({ disableSignup: true });
    expect(await isKnown(tenant)).toBe(false);
    tenant.users.push({ email: 'Ada@Example.com' });
    expect(await isKnown(tenant)).toBe(true);
    for (const user of tenant.users) user.email = 'eve@example.com';
    expect([await isKnown(tenant), await isKnown(tenant, 'eve@example.com')]).toEqual([false, true]);
    tenant.users.splice(0, 1, { email: 'Ada@Example.com' });
    expect([await isKnown(tenant), await isKnown(tenant, 'eve@example.com')]).toEqual([true, false]);
    tenant.users.length = 0;
    expect(await isKnown(tenant)).toBe(false);
  });

  test('gives a user without an ID the one that follows from the address, on every tenant the same', async () => {
    const [one, other] = [await tenantFor({ users: [{ email: 'Ada@example.com' }] }), await tenantFor()];
    await exchange(other, await codeFor(other));
    expect(one.users[0]?.userID).toMatch(/^email\|[0-9a-f]{24}$/);
    expect(one.users[0]?.userID).toBe(other.users[0]?.userID);
    other.users.splice(0, 1, { email: 'ada@example.com' });
    await start(other);
    expect(other.users[0]?.userID).toBe(one.users[0]?.userID);
  });

  test('grows by one user for a sign-up, however often that one signs in', async () => {
    const tenant = await tenantFor();
    for (let i = 0; i < 3; i += 1) await exchange(tenant, await codeFor(tenant));
    expect(tenant.users).toHaveLength(1);
  });
});
