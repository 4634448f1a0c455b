import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { passTime } from '../../support/time.js';
import { ada, setUp } from '../../support/app.js';
import type { Host } from '../../support/host.js';

const user = { id: expect.any(String) as string, name: ada };

type Factors = NonNullable<NonNullable<LocalTenantOptions['users']>[number]['factors']>;

/** A browser whose code was right, in front of a tenant that wants one of these factors of Ada, too. */
export async function needFactor(host: Host, factors: Factors, base: '/pages' | '' = '/pages') {
  const app = await setUp({
    host,
    tenant: { mfa: 'always', mfaFactors: ['otp', 'push-notification'], users: [{ email: ada, factors }] },
  });
  const browser = app.browser();
  await browser.post('/start').send({ email: ada });
  const required = await browser.post(`${base}/code`).send({ otp: app.code() });
  return { ...app, browser, required };
}

export function mfaScenarios(host: Host) {
  // A cookie has no room for a second factor, as the smoke tests show.
  if (host.sessions === 'cookie') return;

  describe('a push', () => {
    test('is challenged by the middleware, asked about until it is answered, and finishes the login', async () => {
      const { browser, tenant } = await needFactor(host, [{ type: 'push' }]);
      const { body: list } = await browser.get('/mfa/list');
      expect(list).toEqual([{ id: expect.any(String), type: 'oob', channel: 'push' }]);
      const challenge = await browser.post('/mfa/challenge').type('form').send({ authenticator_id: list[0].id });
      expect([challenge.status, challenge.body]).toMatchObject([200, { channel: 'push', prompt: false }]);

      const waiting = await browser.post('/mfa');
      expect([waiting.status, waiting.body]).toMatchObject([401, { code: 'mfa_pending', retryAfter: 5 }]);
      tenant.approvePush(ada);
      const early = await browser.post('/pages/mfa');
      expect([early.status, early.headers.location]).toEqual([302, '/messages']);
      passTime(5);
      const signedIn = await browser.post('/pages/mfa');
      expect(signedIn.body).toMatchObject({ user, info: { mfa: { factor: 'push' } } });
      expect((await browser.get('/me')).body).toEqual({ user });
    });
  });

  describe('the MFA middleware', () => {
    test('enrols an authenticator app, whose first code finishes the login', async () => {
      const { browser, tenant, required } = await needFactor(host, [], '');
      expect(required.body).toMatchObject({ requirements: { enroll: expect.arrayContaining(['otp']) } });
      expect((await browser.get('/mfa/list')).body).toEqual([]);
      const enrolled = await browser.post('/mfa/enroll').send({ type: 'otp' });
      expect([enrolled.status, enrolled.body]).toMatchObject([
        200,
        { type: 'otp', secret: expect.any(String), barcodeURI: expect.stringMatching(/^otpauth:/), prompt: true },
      ]);
      const signedIn = await browser.post('/pages/mfa').send({ otp: tenant.totp(ada) });
      expect(signedIn.body).toMatchObject({ user, info: { mfa: { factor: 'otp' } } });
    });

    test('hands what fails to the error handler, with its status', async () => {
      const { browser } = await needFactor(host, [{ type: 'push' }]);
      for (const body of [{ authenticator_id: 'another' }, {}, 'authenticator_id=1&authenticator_id=2']) {
        const refused = await browser.post('/mfa/challenge').send(body);
        expect([refused.status, refused.body]).toMatchObject([400, { error: { code: 'invalid_factor' } }]);
      }
      const crossSite = await browser.post('/mfa/enroll').set('Sec-Fetch-Site', 'cross-site').send({ type: 'otp' });
      expect([crossSite.status, crossSite.body]).toMatchObject([403, { error: { code: 'cross_site_request' } }]);
    });

    test('says so where no second factor is pending', async () => {
      const app = await setUp({ host });
      const missing = await app.browser().get('/mfa/list');
      expect([missing.status, missing.body]).toMatchObject([403, { error: { code: 'transaction_missing' } }]);
    });
  });
}
