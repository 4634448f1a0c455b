import type { LocalTenantOptions, User } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { ada, setUp } from '../../support/app.js';
import { type Host, MFA_SCOPES } from '../../support/host.js';

// Without email, which is a factor of everybody whose address is verified.
const FACTORS: NonNullable<LocalTenantOptions['mfaFactors']> = ['otp', 'phone', 'push-notification', 'recovery-code'];

/** Ada, signed in by a code alone, and what `strategy.factors` answers for her. */
async function signedIn(host: Host, factors: NonNullable<User['factors']> = []) {
  const app = await setUp({
    host,
    tenant: { users: [{ email: ada, factors }], mfaFactors: FACTORS, refreshTokenRotation: false },
    strategy: { scope: 'openid profile email offline_access' },
    verify: ({ claims: { sub, iss }, refreshToken, accessToken, scope }) =>
      Promise.resolve({ sub, iss, refreshToken, accessToken, scope }),
  });
  const browser = app.browser();
  await browser.post('/start').send({ email: ada });
  const { body } = await browser.post('/pages/code').send({ otp: app.code() });
  const call = async (method: string, argument?: unknown, over: Record<string, string> = {}) => {
    const query = { call: method, ...(argument !== undefined && { argument: JSON.stringify(argument) }), ...over };
    const answer = await browser.get('/factors').query(query);
    return [answer.status, answer.body] as [number, Record<string, string> & { id: string; type: string }[]];
  };
  return { ...app, browser, call, user: (body as { user: { accessToken: string } }).user };
}

const denied = (status = 403) => [
  status,
  { error: { code: 'access_denied', message: expect.stringMatching(/MFA API.*\/mfa\/.*scope/) as string } },
];

export function factorScenarios(host: Host, isReference: boolean) {
  // A step-up, which has no room there.
  if (host.sessions === 'cookie') return;

  describe("a user's factors", () => {
    test('are listed, added, proved and removed', async () => {
      const { browser, call, tenant } = await signedIn(host);
      expect(await call('list')).toEqual([200, []]);
      const [, enrolled] = await call('enroll', { type: 'otp' });
      expect(enrolled).toMatchObject({
        type: 'otp',
        prompt: true,
        barcodeURI: expect.stringMatching(/^otpauth:/) as string,
      });
      expect(await call('list')).toEqual([200, []]);
      expect(await call('verify', { otp: '000000' })).toMatchObject([401, { error: { code: 'wrong_code' } }]);
      expect(await call('verify', { otp: tenant.totp(ada) })).toEqual([200, { done: true }]);

      // From now on it takes a second factor to manage them.
      expect(await call('list', undefined, { wanted: MFA_SCOPES })).toMatchObject([
        200,
        { code: 'mfa_required', requirements: { challenge: ['otp', 'recovery-code'] } },
      ]);
      tenant.clock.advance(30);
      const stepUp = await browser.post('/pages/stepUp').send({ otp: tenant.totp(ada) });
      expect(stepUp.body).toMatchObject({ info: { stepUp: true, mfa: { factor: 'otp' } } });
      const [, list] = await call('list');
      expect(list.map((each) => each.type)).toEqual(['otp', 'recovery-code']);
      for (const { id } of list) expect(await call('remove', id)).toEqual([200, { done: true }]);
      expect(await call('list')).toEqual([200, []]);
      expect(await call('remove', list[0]?.id)).toMatchObject([400, { error: { code: 'invalid_factor' } }]);
    });

    test('are added by SMS, with a code that was sent', async () => {
      const { call, code } = await signedIn(host);
      const phoneNumber = '+12025550123';
      const [, { oobCode, ...enrolled }] = await call('enroll', { type: 'sms', phoneNumber });
      expect(enrolled).toMatchObject({ type: 'oob', channel: 'sms', prompt: true });
      expect(await call('verify', { oobCode, bindingCode: '000000' })).toMatchObject([
        401,
        { error: { code: 'wrong_code' } },
      ]);
      expect(await call('verify', { oobCode, bindingCode: code(phoneNumber) })).toEqual([200, { done: true }]);
    });

    test('are added by push, once it was scanned', async () => {
      const { call, tenant } = await signedIn(host);
      const [, { oobCode, barcodeURI }] = await call('enroll', { type: 'push' });
      expect(barcodeURI).toMatch(/^otpauth:/);
      expect(await call('verify', { oobCode })).toMatchObject([401, { error: { code: 'mfa_pending' } }]);
      tenant.clock.advance(10);
      tenant.approvePush(ada);
      expect(await call('verify', { oobCode })).toEqual([200, { done: true }]);
    });

    if (!isReference) return;

    test.each([
      ['list', undefined, 'enroll remove:authenticators'],
      ['enroll', { type: 'otp' }, 'read:authenticators remove:authenticators'],
      ['remove', 'totp|dev_1', 'enroll read:authenticators'],
    ])('are closed to an access token without the scope: %s', async (method, argument, wanted) => {
      const { call } = await signedIn(host);
      expect(await call(method, argument, { wanted })).toMatchObject(denied());
    });

    test.each([
      ['list', undefined],
      ['enroll', { type: 'otp' }],
      ['verify', { otp: '123456' }],
      ['remove', 'totp|dev_1'],
    ])('are closed to an access token of another API, and to one that is made up: %s', async (method, argument) => {
      const { call, user } = await signedIn(host);
      for (const token of [user.accessToken, 'made-up', 'a b']) {
        expect(await call(method, argument, { token })).toMatchObject(denied());
      }
    });

    test('are closed to an access token that is over', async () => {
      const { browser, call, tenant } = await signedIn(host, [{ type: 'otp' }]);
      await call('list');
      await browser.post('/pages/stepUp').send({ otp: tenant.totp(ada) });
      expect(await call('list')).toMatchObject([200, [{ type: 'otp' }]]);
      tenant.clock.advance(601);
      expect(await call('list')).toMatchObject(denied());
      expect(await call('verify', { otp: tenant.totp(ada) })).toMatchObject(denied());
    });
  });
}
