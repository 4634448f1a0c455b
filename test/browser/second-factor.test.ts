import { TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { ada, koa } from '../example-app/support.js';
import { passTime } from '../support/time.js';
import { askAgain, expectTitle, isFocused, openSecondFactor, press, sendPush, titled, typeCode, user } from './app.js';
import { look, phone, views } from './support.js';

describe.each(views)('on a $name', (view) => {
  test('a user chooses among second factors, and signs in after a wrong code', async () => {
    const factors = [{ type: 'otp' }, { type: 'sms' }, { type: 'voice' }, { type: 'recovery-code' }] as const;
    const { tenant, page } = await openSecondFactor(view, [...factors]);
    await look(page, view, 'second-step', titled('Second step'));
    await press(page, 'Authenticator app');
    await look(page, view, 'second-step-app', titled('Enter your code'));
    await typeCode(page, view, '000000');
    await look(page, view, 'second-step-wrong', titled('Error: Enter your code'));
    await typeCode(page, view, tenant.totp(ada));
    await look(page, view, 'profile-second-step', titled('Your profile'));
    expect(await page.getByText('Authenticator app').isVisible()).toBe(true);
  });

  test('a code by text message can be sent again', async () => {
    const { tenant, page, code } = await openSecondFactor(view, [{ type: 'sms' }]);
    await press(page, 'Text message');
    await look(page, view, 'second-step-sms', titled('Enter your code'));
    await press(page, 'Send a new code');
    await expect.poll(() => tenant.inbox.messages.length).toBe(3);
    await page.waitForLoadState();
    await typeCode(page, view, code(user.phoneNumber));
    await expectTitle(page, 'Your profile');
  });

  test('the page waits for a push, and signs in once it is approved', async () => {
    const { tenant, page } = await openSecondFactor(view, [{ type: 'push' }]);
    await press(page, 'Notification');
    await look(page, view, 'push', titled('Check your phone'));
    const polls = () => tenant.requests.filter(({ path }) => path === '/oauth/token').length;
    const before = polls();
    passTime(5);
    await askAgain(page, view);
    await expect.poll(polls).toBe(before + 1);
    if (!view.hasScript) await look(page, view, 'push-not-yet', titled('Check your phone'));
    expect(await page.title()).toBe(titled('Check your phone'));
    expect(await page.getByRole('progressbar').isVisible()).toBe(view.hasScript);
    expect(await page.getByText('Your phone has not answered yet.').isVisible()).toBe(!view.hasScript);

    tenant.approvePush(ada);
    passTime(5);
    await askAgain(page, view);
    // The page may still wait for the response to the poll before, and set its timer later.
    await expect
      .poll(async () => {
        if (view.hasScript) await page.clock.runFor(5_000);
        return page.getByRole('heading', { name: 'Ada Lovelace' }).isVisible();
      })
      .toBe(true);
  });

  test('a push can be sent again, or replaced by a call', async () => {
    const { tenant, page, code } = await openSecondFactor(view, [{ type: 'push' }, { type: 'voice' }]);
    await press(page, 'Notification');
    await press(page, 'Notify me again');
    await expect.poll(() => tenant.requests.filter(({ path }) => path === '/mfa/challenge').length).toBe(2);
    await page.getByRole('link', { name: 'Use another way' }).click();
    await press(page, 'Phone call');
    await page.getByText('We are calling').waitFor();
    await look(page, view, 'second-step-call', titled('Enter your code'));
    await typeCode(page, view, code(user.phoneNumber));
    await expectTitle(page, 'Your profile');
  });

  test('a second factor that took too long leads to the sign-in form', async () => {
    const { tenant, page } = await openSecondFactor(view, [{ type: 'otp' }]);
    await press(page, 'Authenticator app');
    await page.getByRole('textbox', { name: 'Code' }).waitFor();
    tenant.clock.advance(301);
    await typeCode(page, view, tenant.totp(ada));
    await look(page, view, 'second-step-expired', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toContain('took too long');
  });

  test('a push that the user rejects leads to the sign-in form', async () => {
    const { tenant, page } = await openSecondFactor(view, [{ type: 'push' }]);
    await sendPush(page);
    tenant.rejectPush(ada);
    await askAgain(page, view);
    await page.getByLabel('Email address').waitFor();
    await look(page, view, 'push-refused', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toContain('was refused on your phone');
    expect(await isFocused(page.getByLabel('Email address'))).toBe(true);
  });

  test('a recovery code signs in after a wrong one, and the next one is shown', async () => {
    const { tenant, page } = await openSecondFactor(view, [{ type: 'otp' }, { type: 'recovery-code' }]);
    await press(page, 'Recovery code');
    await look(page, view, 'recovery-code', titled('Enter a recovery code'));
    await page.getByLabel('Recovery code').fill('NONE');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.getByLabel('Recovery code').fill(tenant.recoveryCode(ada));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your new recovery code' }).waitFor();
    await look(page, view, 'recovery-code-new', titled('Your new recovery code'));
    expect(await page.getByText(tenant.recoveryCode(ada)).isVisible()).toBe(true);
    await page.getByRole('link', { name: 'I have written it down' }).click();
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  });

  test('an authenticator app is set up with a QR code, a key and recovery codes to copy', async () => {
    const { page } = await openSecondFactor(view, []);
    await look(page, view, 'enroll', titled('Set up a second step'));
    await press(page, 'Authenticator app');
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await look(page, view, 'enroll-app', titled('Set up a second step'));
    // On a phone, the keyboard of a focused field would hide the QR code.
    expect(await isFocused(page.getByRole('textbox', { name: 'Code' }))).toBe(false);
    expect(await page.getByRole('link', { name: 'open it' }).getAttribute('href')).toMatch(/^otpauth:/);

    const copy = page.getByRole('button', { name: 'Copy' });
    expect(await copy.isVisible()).toBe(view.hasScript);
    if (view.hasScript) {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await copy.click();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(/^[\dA-Z]{24}$/);
    }
    const secret = await page.locator('code').first().innerText();
    await typeCode(page, view, new TOTP({ secret }).generate());
    await expectTitle(page, 'Your profile');
  });

  test('the recovery code stays on the page while notifications are set up', async () => {
    const { tenant, page } = await openSecondFactor(view, []);
    await press(page, 'Notification');
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await look(page, view, 'enroll-push', titled('Set up a second step'));
    await press(page, 'I have set it up');
    await page.getByText('Finish the set-up').waitFor();
    await look(page, view, 'enroll-push-unfinished', titled('Check your phone'));

    tenant.approvePush(ada);
    passTime(5);
    await askAgain(page, view);
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  });

  test('a phone is set up after an invalid number', async () => {
    const { page, code } = await openSecondFactor(view, []);
    await page.getByLabel('Phone number').fill('12');
    await press(page, 'Text me');
    await page.getByRole('alert').waitFor();
    await look(page, view, 'enroll-invalid', titled('Error: Set up a second step'));
    expect(await page.getByLabel('Phone number').inputValue()).toBe('12');
    await page.getByLabel('Phone number').fill('+44 20 7946 0000');
    await press(page, 'Text me');
    await page.getByText('We sent you a code.').waitFor();
    await look(page, view, 'enroll-phone', titled('Set up a second step'));
    await typeCode(page, view, code(user.phoneNumber));
    await expectTitle(page, 'Your profile');
  });
});

test('the app on Koa signs in with a second factor, and out', async () => {
  const { tenant, page } = await openSecondFactor(phone, [{ type: 'push' }], { createApp: koa.createApp });
  await sendPush(page);
  tenant.approvePush(ada);
  await askAgain(page, phone);
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  await press(page, 'Sign out');
  await page.getByText('You are signed out.').waitFor();
});

test('the progress bar stands still for users who prefer reduced motion', async () => {
  const { page } = await openSecondFactor(phone, [{ type: 'push' }]);
  await press(page, 'Notification');
  const animation = () => page.getByRole('progressbar').evaluate((bar) => getComputedStyle(bar).animationName);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await animation()).toBe('wait');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await animation()).toBe('none');
});
