import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { passTime } from '../../support/time.js';
import { ada, setUp } from '../../support/app.js';
import { type Host, payments } from '../../support/host.js';

const bob = 'bob@example.com';
const users: NonNullable<LocalTenantOptions['users']> = [
  { email: ada, factors: [{ type: 'otp' }] },
  { email: bob, factors: [{ type: 'otp' }] },
];

/** Ada, signed in by a code alone, with something in her cart, in front of an API that wants a second factor. */
async function signedIn(host: Host) {
  const app = await setUp({
    host,
    tenant: { users, mfaFactors: ['otp'], mfa: (_user, { audience }) => audience === payments },
    strategy: { scope: 'openid profile email offline_access' },
    verify: ({ claims: { sub }, refreshToken, scope }, { displayName: name }) =>
      Promise.resolve({ name, sub, refreshToken, scope }),
  });
  const browser = app.browser();
  const signIn = async (email: string) => {
    await browser.post('/start').send({ email });
    return browser.post('/pages/code').send({ otp: app.code(email) });
  };
  expect((await signIn(ada)).body).toMatchObject({ user: { name: ada }, info: { method: 'code' } });
  await browser.get('/cart');
  return { ...app, browser, signIn };
}

export function stepUpScenarios(host: Host) {
  // A cookie has no room for it.
  if (host.sessions === 'cookie') return;

  describe('a step-up', () => {
    test('asks a user who is signed in for a second factor, and keeps the session', async () => {
      const { browser, tenant } = await signedIn(host);
      const begun = await browser.get('/step-up');
      expect(begun.body).toMatchObject({ code: 'mfa_required', requirements: { challenge: ['otp'] } });
      const { pending } = (await browser.get('/pending')).body;
      expect(pending).toMatchObject({ stage: 'mfa', mfa: { code: 'mfa_required' } });
      expect(pending).not.toHaveProperty('to');
      expect((await browser.get('/me')).body).toMatchObject({ user: { name: ada } });

      const wrong = await browser.post('/pages/stepUp').send({ otp: '000000' });
      expect([wrong.status, wrong.headers.location]).toEqual([302, '/messages']);
      const done = await browser.post('/pages/stepUp').send({ otp: tenant.totp(ada) });
      expect(done.body).toMatchObject({ user: { name: ada, scope: 'openid email' } });
      expect(done.body.info).toEqual({ stepUp: true, mfa: { factor: 'otp' }, appState: { returnTo: '/pay' } });
      expect((await browser.get('/cart')).body).toEqual({ cups: 2 });
    });

    test('signs nobody else in', async () => {
      const { browser, tenant } = await signedIn(host);
      // As if Auth0's answer had been about somebody else.
      await browser.get('/step-up');
      for (const user of tenant.users) if (user.email === ada) user.userID = 'email|somebody-else';
      const refused = await browser.post('/stepUp').send({ otp: tenant.totp(ada) });
      expect([refused.status, refused.body]).toMatchObject([403, { code: 'subject_mismatch' }]);
      expect((await browser.get('/me')).body).toMatchObject({
        user: { name: ada, scope: expect.stringContaining('profile') },
      });
      expect((await browser.get('/pending')).body).toEqual({ pending: null });
    });

    test.runIf(host.guards)('opens for a while what requireMfa guards', async () => {
      const { browser, tenant } = await signedIn(host);
      const closed = await browser.get('/vault');
      expect([closed.status, closed.body]).toMatchObject([401, { error: { code: 'mfa_required' } }]);
      await browser.get('/step-up');
      await browser.post('/pages/stepUp').send({ otp: tenant.totp(ada) });
      expect((await browser.get('/vault')).body).toEqual({ opened: true });
      passTime(301);
      expect((await browser.get('/vault')).status).toBe(401);
    });

    test.runIf(host.guards)('opens nothing for whoever signs in next', async () => {
      const { browser, tenant, signIn } = await signedIn(host);
      await browser.get('/step-up');
      await browser.post('/pages/stepUp').send({ otp: tenant.totp(ada) });
      await signIn(bob);
      expect((await browser.get('/vault')).status).toBe(401);
    });
  });
}
