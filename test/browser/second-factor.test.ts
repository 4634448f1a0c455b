import { TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { passTime } from '../support/time.js';
import { ada, codeOf, koa, openSecondStep, sendPush, titled, typeCode, user } from './app.js';
import { look, phone, views } from './support.js';

describe.each(views)('on a $name', (view) => {
  test('a factor is chosen, a code is wrong, and then right', async () => {
    const factors = [{ type: 'otp' }, { type: 'sms' }, { type: 'voice' }, { type: 'recovery-code' }] as const;
    const { tenant, page } = await openSecondStep(view, { factors: [...factors] });
    await look(page, view, 'second-step', titled('Second step'));
    await page.getByRole('button', { name: 'Authenticator app' }).click();
    await look(page, view, 'second-step-app', titled('Enter your code'));
    await typeCode(page, view, '000000');
    await look(page, view, 'second-step-wrong', titled('Error: Enter your code'));
    await typeCode(page, view, tenant.totp(ada));
    await look(page, view, 'profile-second-step', titled('Your profile'));
    expect(await page.getByText('Authenticator app').isVisible()).toBe(true);
  });

  test('a text message is sent, and once more', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [{ type: 'sms' }] });
    await page.getByRole('button', { name: 'Text message' }).click();
    await look(page, view, 'second-step-sms', titled('Enter your code'));
    await page.getByRole('button', { name: 'Send a new code' }).click();
    await expect.poll(() => tenant.inbox.messages.length).toBe(3);
    await page.waitForLoadState();
    await typeCode(page, view, codeOf(tenant, user.phoneNumber));
    expect(await page.title()).toBe(titled('Your profile'));
  });

  test('a push is waited for, and lets in', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [{ type: 'push' }] });
    await page.getByRole('button', { name: 'Notification' }).click();
    await look(page, view, 'push', titled('Check your phone'));
    const asked = () => tenant.requests.filter(({ path }) => path === '/oauth/token').length;
    const before = asked();
    const askAgain = async () => {
      passTime(5);
      if (view.hasScript) await page.clock.runFor(5_000);
      else await page.getByRole('button', { name: 'I have answered' }).click();
    };
    await askAgain();
    await expect.poll(asked).toBe(before + 1);
    if (!view.hasScript) await look(page, view, 'push-not-yet', titled('Check your phone'));
    expect(await page.title()).toBe(titled('Check your phone'));
    expect(await page.getByRole('progressbar').isVisible()).toBe(view.hasScript);
    expect(await page.getByText('Your phone has not answered yet.').isVisible()).toBe(!view.hasScript);

    tenant.approvePush(ada);
    await askAgain();
    // The page may have been busy with the answer before, and its timer not set yet.
    await expect
      .poll(async () => {
        if (view.hasScript) await page.clock.runFor(5_000);
        return page.getByRole('heading', { name: 'Ada Lovelace' }).isVisible();
      })
      .toBe(true);
  });

  test('a push is sent again, and then another way is taken', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [{ type: 'push' }, { type: 'voice' }] });
    await page.getByRole('button', { name: 'Notification' }).click();
    await page.getByRole('button', { name: 'Notify me again' }).click();
    await expect.poll(() => tenant.requests.filter(({ path }) => path === '/mfa/challenge').length).toBe(2);
    await page.getByRole('link', { name: 'Use another way' }).click();
    await page.getByRole('button', { name: 'Phone call' }).click();
    await page.getByText('We are calling').waitFor();
    await look(page, view, 'second-step-call', titled('Enter your code'));
    await typeCode(page, view, codeOf(tenant, user.phoneNumber));
    expect(await page.title()).toBe(titled('Your profile'));
  });

  test('a second step that took too long leads to the start', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [{ type: 'otp' }] });
    await page.getByRole('button', { name: 'Authenticator app' }).click();
    await page.getByRole('textbox', { name: 'Code' }).waitFor();
    tenant.clock.advance(301);
    await typeCode(page, view, tenant.totp(ada));
    await look(page, view, 'second-step-expired', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toBe('The second step took too long. Start again.');
  });

  test('a push that is refused leads to the start', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [{ type: 'push' }] });
    await sendPush(page);
    tenant.rejectPush(ada);
    if (view.hasScript) await page.clock.runFor(5_000);
    else await page.getByRole('button', { name: 'I have answered' }).click();
    await page.getByLabel('Email address').waitFor();
    await look(page, view, 'push-refused', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toContain('was refused on your phone');
    expect(await page.getByLabel('Email address').evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test('a recovery code lets in, and the next one is shown once', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [{ type: 'otp' }, { type: 'recovery-code' }] });
    await page.getByRole('button', { name: 'Recovery code' }).click();
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

  test('an authenticator app is set up with a QR code', async () => {
    const { page } = await openSecondStep(view, { factors: [] });
    await look(page, view, 'enroll', titled('Set up a second step'));
    await page.getByRole('button', { name: 'Authenticator app' }).click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await look(page, view, 'enroll-app', titled('Set up a second step'));
    // Whoever types first would not see what is to be scanned, on a phone.
    expect(
      await page.getByRole('textbox', { name: 'Code' }).evaluate((field) => field === document.activeElement),
    ).toBe(false);
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
    expect(await page.title()).toBe(titled('Your profile'));
  });

  test('notifications are set up: the recovery code stays until one goes on', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [] });
    await page.getByRole('button', { name: 'Notification' }).click();
    await page.getByRole('img', { name: 'QR code' }).waitFor();
    await look(page, view, 'enroll-push', titled('Set up a second step'));
    const goOn = page.getByRole('button', { name: 'I have set it up' });
    await goOn.click();
    await page.getByText('Finish the set-up').waitFor();
    await look(page, view, 'enroll-push-unfinished', titled('Check your phone'));

    tenant.approvePush(ada);
    passTime(5);
    if (view.hasScript) await page.clock.runFor(5_000);
    else await page.getByRole('button', { name: 'I have answered' }).click();
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  });

  test('a phone is set up, after a number that is none', async () => {
    const { tenant, page } = await openSecondStep(view, { factors: [] });
    await page.getByLabel('Phone number').fill('12');
    await page.getByRole('button', { name: 'Text me' }).click();
    await page.getByRole('alert').waitFor();
    await look(page, view, 'enroll-invalid', titled('Error: Set up a second step'));
    expect(await page.getByLabel('Phone number').inputValue()).toBe('12');
    await page.getByLabel('Phone number').fill('+44 20 7946 0000');
    await page.getByRole('button', { name: 'Text me' }).click();
    await page.getByText('We sent you a code.').waitFor();
    await look(page, view, 'enroll-phone', titled('Set up a second step'));
    await typeCode(page, view, codeOf(tenant, user.phoneNumber));
    expect(await page.title()).toBe(titled('Your profile'));
  });
});

test('on Koa, a code, a second step and a way out', async () => {
  const { tenant, page } = await openSecondStep(phone, { factors: [{ type: 'push' }], createApp: koa.createApp });
  await sendPush(page);
  tenant.approvePush(ada);
  await page.clock.runFor(5_000);
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
});

test('who does not want things to move sees a bar that stands still', async () => {
  const { page } = await openSecondStep(phone, { factors: [{ type: 'push' }] });
  await page.getByRole('button', { name: 'Notification' }).click();
  const animation = () => page.getByRole('progressbar').evaluate((bar) => getComputedStyle(bar).animationName);
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  expect(await animation()).toBe('wait');
  await page.emulateMedia({ reducedMotion: 'reduce' });
  expect(await animation()).toBe('none');
});
