import { TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { passTime } from '../support/time.js';
import { ada, type Browser, expectRedirect, hosts, phoneNumber, setUp, setUpSecondFactor, textOf } from './support.js';

/** Chooses a second factor by its button, and opens the page that asks for its proof. */
async function choose(user: Browser, button: string): Promise<string> {
  expectRedirect(await user.submit('/login/mfa/challenge', {}, { button }), '/login/mfa/answer');
  return (await user.get('/login/mfa/answer')).text;
}

const answer = (user: Browser, fields = {}) => user.submit('/login/mfa/answer', fields);

describe.each(hosts)('on $host', ({ createApp }) => {
  test('an authenticator app signs in, after a wrong code', async () => {
    const { tenant, user } = await setUpSecondFactor(createApp, [{ type: 'otp' }]);
    expect(await choose(user, 'Authenticator app')).toContain('autocomplete="one-time-code"');
    const wrong = await answer(user, { otp: '000000' });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('The code is wrong');
    expectRedirect(await answer(user, { otp: tenant.totp(ada) }), '/');
    expect((await user.get('/')).text).toContain('Second step');
  });

  test('a code by text message signs in', async () => {
    const { user, code } = await setUpSecondFactor(createApp, [{ type: 'sms' }]);
    expect(user.page?.text).toContain('0123');
    await choose(user, 'Text message');
    expectRedirect(await answer(user, { otp: code(phoneNumber) }), '/');
  });

  test('a push signs in once it is approved; until then the page waits', async () => {
    const { tenant, user } = await setUpSecondFactor(createApp, [{ type: 'push' }]);
    expect(await choose(user, 'Notification')).toContain('data-poll-after="5"');
    const waiting = await answer(user);
    expect(waiting.status).toBe(401);
    expect(waiting.text).toContain('Check your phone');
    expect(waiting.text).not.toContain('role="alert"');
    tenant.approvePush(ada);
    passTime(5);
    expectRedirect(await answer(user), '/');
  });

  test('a push that the user rejects leads back to the sign-in form', async () => {
    const { tenant, user } = await setUpSecondFactor(createApp, [{ type: 'push' }]);
    await choose(user, 'Notification');
    tenant.rejectPush(ada);
    const refused = await answer(user);
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('was refused on your phone');
    expect(refused.text).toContain('name="email"');
  });

  test('a recovery code signs in, and the next one is shown once', async () => {
    const { tenant, user } = await setUpSecondFactor(createApp, [{ type: 'otp' }, { type: 'recovery-code' }]);
    const used = tenant.recoveryCode(ada);
    expect(await choose(user, 'Recovery code')).toContain('name="recovery_code"');
    const done = await answer(user, { recovery_code: used });
    expect(done.status).toBe(200);
    expect(done.text).toContain(tenant.recoveryCode(ada));
    expect(tenant.recoveryCode(ada)).not.toBe(used);
    expect((await user.get('/')).text).not.toContain(tenant.recoveryCode(ada));
  });

  test('a user without a second factor sets up an authenticator app', async () => {
    const { user } = await setUpSecondFactor(createApp);
    expect(user.page?.text).toContain('Set up a second step');
    const { text } = await user.submit('/login/mfa/enroll', { type: 'otp' });
    expect(text).toContain('<svg');
    expect(text).toContain('data-copy="recovery-codes"');
    const [, secret = ''] = /<code>([A-Z2-7]{16,})<\/code>/.exec(text) ?? [];
    expectRedirect(await answer(user, { otp: new TOTP({ secret }).generate() }), '/');
  });

  test('the choice shows what is wrong with a phone number or a second factor', async () => {
    const { user } = await setUpSecondFactor(createApp);
    const { csrf: _csrf } = user;
    const number = await user.post('/login/mfa/enroll', { _csrf, type: 'sms', phone_number: '12' });
    expect(number.status).toBe(400);
    expect(number.text).toMatch(/role="alert"[^>]*>Enter the phone number in international form/);
    expect(number.text).toMatch(/name="phone_number"[^>]*aria-describedby="alert" aria-invalid="true"/);
    const factor = await user.post('/login/mfa/challenge', { _csrf, authenticator_id: 'nobody' });
    expect(factor.status).toBe(400);
    expect(factor.text).toContain('This second step is not available');
    expect(factor.text).toContain('Authenticator app');
    for (const path of ['/login/mfa/challenge', '/login/mfa/enroll']) {
      expect((await user.get(path)).headers.location).toBe('/login/mfa');
    }
  });

  test.each(['phone_number[a]', 'phone_number[]', 'phone_number'])(
    'a phone number posted as %s is invalid, and does not reach the next page',
    async (name) => {
      const { user } = await setUpSecondFactor(createApp);
      const refused = await user.submit('/login/mfa/enroll', { type: 'sms', [name]: '1'.repeat(2000) });
      expect(refused.status).toBe(400);
      expect(textOf(refused)).toContain('Enter the phone number in international form');
      const { status, text } = await user.get('/login/mfa');
      expect(status).toBe(200);
      expect(text).not.toContain('1'.repeat(321));
    },
  );

  test('the pages of the second factor lead to the sign-in form if none is pending', async () => {
    const user = (await setUp(createApp)).browser();
    for (const path of ['/login/mfa', '/login/mfa/answer']) {
      expect((await user.get(path)).headers.location).toBe('/login');
    }
  });
});
