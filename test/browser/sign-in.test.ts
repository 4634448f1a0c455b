import { describe, expect, test } from 'vitest';
import { ada } from '../example-app/support.js';
import { passTime } from '../support/time.js';
import { ask, expectTitle, isFocused, openApp, openCodePage, press, titled, typeCode } from './app.js';
import { look, openBrowser, phone, views } from './support.js';

describe.each(views)('on a $name', (view) => {
  test('the sign-in page asks for an email address, or for a phone number', async () => {
    const { page, code } = await openApp(view);
    await look(page, view, 'sign-in', titled('Sign in'));
    expect(await isFocused(page.getByLabel('Email address'))).toBe(true);

    await page.getByRole('link', { name: 'Use a phone number instead' }).click();
    await look(page, view, 'sign-in-phone', titled('Sign in'));
    await page.getByLabel('Phone number').fill('12');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await look(page, view, 'sign-in-invalid', titled('Error: Sign in'));
    expect(await describedBy(page, 'Phone number')).toMatch(/international form.* With the country's code/);

    await page.getByLabel('Phone number').fill('+44 20 7946 0000');
    await press(page, 'Text me a code');
    await page.getByText('Nothing arrived?').click();
    await look(page, view, 'code-sms', titled('Enter your code'));
    await typeCode(page, view, code('+442079460000'));
    expect(await page.getByRole('heading').textContent()).toBe('Ada Lovelace');
  });

  test('a code signs in after a wrong one, and the profile leads to the claims and out', async () => {
    const { page, code } = await openCodePage(view);
    await look(page, view, 'code', titled('Enter your code'));
    await typeCode(page, view, '000000');
    await look(page, view, 'code-wrong', titled('Error: Enter your code'));
    expect(await describedBy(page, 'Code')).toMatch(/^The code is wrong/);
    expect(await isFocused(page.getByLabel('Code'))).toBe(true);

    await typeCode(page, view, code());
    await look(page, view, 'profile', titled('Your profile'));
    await page.getByRole('link', { name: 'What Auth0 says about you' }).click();
    await look(page, view, 'claims', titled('Claims'));
    await page.goBack();
    await press(page, 'Sign out');
    await look(page, view, 'signed-out', titled('Sign in'));
  });

  test('the button for a new code waits for the cooldown, and then sends one', async () => {
    const { tenant, page } = await openCodePage(view);
    const resend = page.getByRole('button', { name: 'Send a new code' });
    if (view.hasScript) {
      expect(await resend.textContent()).toMatch(/^Send a new code \(\d\d s\)$/);
      expect(await resend.isDisabled()).toBe(true);
      await page.clock.fastForward(31_000);
      expect(await page.locator('#announcement').textContent()).toBe('You can now: Send a new code');
    } else {
      await resend.click();
      await look(page, view, 'code-too-soon', titled('Error: Enter your code'));
      expect(await page.getByRole('timer').textContent()).toMatch(/You can try again in \d+ seconds\./);
    }
    passTime(31);
    await resend.click();
    await look(page, view, 'code-sent-again', titled('Enter your code'));
    expect(tenant.inbox.messages).toHaveLength(2);
  });

  test.each([
    ['expired', 'The code has expired.', 1],
    ['wrong-too-often', 'The code was wrong too often.', 3],
  ])('a code that is no longer valid (%s) can be replaced', async (name, message, tries) => {
    const { tenant, page, code } = await openCodePage(view);
    const first = code();
    if (name === 'expired') tenant.clock.advance(181);
    for (let nth = 0; nth < tries; nth++) await typeCode(page, view, name === 'expired' ? first : '000000');
    expect(await page.getByRole('alert').textContent()).toContain(message);
    await look(page, view, `code-${name}`, titled('Error: Get a new code'));

    passTime(31);
    await page.clock.fastForward(31_000);
    await press(page, 'Send a new code');
    await typeCode(page, view, code());
    await expectTitle(page, 'Your profile');
  });

  test('the email address can be changed, in a form that has it already', async () => {
    const { page, code } = await openCodePage(view);
    await page.getByText('Nothing arrived?').click();
    await look(page, view, 'code-nothing-arrived', titled('Enter your code'));
    await page.getByRole('link', { name: 'Change the address' }).click();
    expect(await page.getByLabel('Email address').inputValue()).toBe(ada);
    await ask(page, 'Email me a code', 'grace@example.com');
    await page.getByText('g•••@example.com').waitFor();
    await typeCode(page, view, code('grace@example.com'));
    await look(page, view, 'profile-new-user', titled('Your profile'));
  });

  test('a link can be sent again, and leads to the sign-in form once it has expired', async () => {
    const { tenant, page } = await openApp(view);
    await ask(page, 'Email me a sign-in link');
    const resend = page.getByRole('button', { name: 'Send a new link' });
    await resend.waitFor();
    await page.getByText('Nothing arrived?').click();
    await look(page, view, 'link-nothing-arrived', titled('Open the link'));
    passTime(31);
    await page.clock.fastForward(31_000);
    await resend.click();
    await page.getByText('A new link is on its way.').waitFor();
    await look(page, view, 'link-sent-again', titled('Open the link'));

    tenant.clock.advance(181);
    await page.goto(tenant.inbox.latest(ada)?.link ?? '');
    await look(page, view, 'link-expired', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toMatch(/link/);
  });

  test('a link signs in, and the tab that requested it notices', async () => {
    const { tenant, page } = await openApp(view);
    await ask(page, 'Email me a sign-in link');
    await look(page, view, 'link', titled('Open the link'));

    const tab = await page.context().newPage();
    await tab.goto(tenant.inbox.latest(ada)?.link ?? '');
    await expectTitle(tab, 'Your profile');
    // As if the user came back to the tab; this browser shows all tabs all the time.
    if (view.hasScript) await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    else await page.reload();
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  });

  test('a link in another browser offers a code there', async () => {
    const { tenant, page } = await openApp(view);
    await ask(page, 'Email me a sign-in link');
    const other = await openBrowser(view);
    await other.goto(tenant.inbox.latest(ada)?.link ?? '');
    await look(other, view, 'link-opened-elsewhere', titled('Error: Sign in'));
    expect(await other.getByRole('button').allTextContents()).toEqual(['Email me a code']);
    await ask(other, 'Email me a code');
    await expectTitle(other, 'Enter your code');
  });
});

test('a code can be pasted with the space that the message has', async () => {
  const { page, code } = await openCodePage(phone);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), code().replace(/^.../, '$& '));
  const answered = page.waitForEvent('load');
  await page.getByLabel('Code').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await answered;
  await expectTitle(page, 'Your profile');
});

test('the keyboard reaches everything on the page, and shows what has the focus', async () => {
  const { page } = await openCodePage(phone);
  await page.locator('input:focus').waitFor();
  await page.clock.fastForward(31_000);
  const all = ['Sign in', 'Send a new code', 'Change the address', 'Nothing arrived?', 'Open the inbox'];
  for (const expected of all) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect((await focused.textContent())?.trim()).toBe(expected);
    expect(await focused.evaluate((element) => getComputedStyle(element).outlineStyle), expected).toBe('solid');
  }
});

/** The texts that a screen reader adds to the name of a field. */
function describedBy(page: Awaited<ReturnType<typeof openBrowser>>, label: string): Promise<string> {
  return page.getByLabel(label).evaluate((field) => {
    const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent.trim()).join(' ');
  });
}
