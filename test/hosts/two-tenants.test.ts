import { PasswordlessStrategy, type StrategyOptions } from 'passport-auth0-passwordless';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { describe, expect, onTestFinished, test } from 'vitest';
import { HOSTS } from './two-tenants.js';

const ada = 'ada@example.com';
const secondFactor: LocalTenantOptions = { mfa: 'always', users: [{ email: ada, factors: [{ type: 'otp' }] }] };

/** An app whose staff signs in at one tenant, and whose customers at another, and a browser. */
async function setUp([, listen]: (typeof HOSTS)[number], staffOptions: LocalTenantOptions = {}, shared = false) {
  const open = async (name: string, options: LocalTenantOptions, over: Partial<StrategyOptions> = {}) => {
    const tenant = await startLocalTenant(options);
    const { domain, clientID, clientSecret } = tenant;
    const strategy = new PasswordlessStrategy(
      { domain, clientID, clientSecret, name, resendCooldown: 0, ...over, passReqToCallback: false },
      ({ claims }) => Promise.resolve({ name, issuer: claims.iss }),
    );
    return { tenant, strategy, issuer: `${domain}/` };
  };
  const staff = await open('staff', staffOptions, shared ? { sessionKey: 'login' } : {});
  const customers = await open('customers', {}, shared ? { sessionKey: 'login' } : {});
  const app = await listen([staff.strategy, customers.strategy]);
  onTestFinished(async () => {
    await app.close();
    for (const { strategy, tenant } of [staff, customers]) {
      await strategy.auth0.close();
      await tenant.close();
    }
  });
  const browser = request.agent(app.origin);
  const get = async (path: string) => (await browser.get(path)).body as { stage?: string | null; user?: unknown };
  const post = (path: string, body: object) => browser.post(path).send(body);
  return { staff, customers, get, post };
}

const code = ({ tenant }: Awaited<ReturnType<typeof setUp>>['staff']) => tenant.inbox.latest(ada)?.code;

describe.each(HOSTS)('two tenants in one app on %s', (...host) => {
  test('have pending logins of their own, side by side in one session', async () => {
    const { staff, customers, get, post } = await setUp(host);
    await post('/staff/login', { email: ada });
    expect([await get('/staff/pending'), await get('/customers/pending')]).toEqual([
      { stage: 'code' },
      { stage: null },
    ]);
    await post('/customers/login', { email: ada });
    expect([await get('/staff/pending'), await get('/customers/pending')]).toEqual([
      { stage: 'code' },
      { stage: 'code' },
    ]);

    expect((await post('/customers/code', { otp: code(staff) })).status).toBe(401);
    const { body } = await post('/customers/code', { otp: code(customers) });
    expect(body).toEqual({ user: { name: 'customers', issuer: customers.issuer } });
    expect(await get('/me')).toEqual(body);
    expect(staff.tenant.requests.map(({ path }) => path)).toEqual(['/passwordless/start']);
  });

  test('take no code for each other', async () => {
    const { staff, customers, post } = await setUp(host);
    await post('/staff/login', { email: ada });
    expect((await post('/customers/code', { otp: code(staff) })).status).toBe(403);
    expect(customers.tenant.requests).toEqual([]);
  });

  test('keep the login at one pending, while the other wants a second factor in a new session', async () => {
    const { staff, customers, get, post } = await setUp(host, secondFactor);
    await post('/customers/login', { email: ada });
    await post('/staff/login', { email: ada });
    expect((await post('/staff/code', { otp: code(staff) })).status).toBe(401);
    expect([await get('/staff/pending'), await get('/customers/pending')]).toEqual([
      { stage: 'mfa' },
      { stage: 'code' },
    ]);
    expect((await post('/customers/mfa', { otp: staff.tenant.totp(ada) })).status).toBe(403);
    const { body } = await post('/staff/mfa', { otp: staff.tenant.totp(ada) });
    expect(body).toEqual({ user: { name: 'staff', issuer: staff.issuer } });
    expect(await get('/staff/pending')).toEqual({ stage: null });
    expect(customers.tenant.requests.map(({ path }) => path)).toEqual(['/passwordless/start']);
  });

  test('that are told to share a sessionKey read nothing of each other: the later start stays', async () => {
    const { get, post } = await setUp(host, {}, true);
    await post('/staff/login', { email: ada });
    expect(await get('/customers/pending')).toEqual({ stage: null });
    expect((await post('/customers/code', { otp: '123456' })).status).toBe(403);
    await post('/customers/login', { email: ada });
    expect([await get('/staff/pending'), await get('/customers/pending')]).toEqual([
      { stage: null },
      { stage: 'code' },
    ]);
  });
});
