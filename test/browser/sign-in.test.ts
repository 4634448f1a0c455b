import { describe, expect, test } from 'vitest';
import { passTime } from '../support/time.js';
import { ada, ask, codeOf, openApp, openCodePage, titled, typeCode } from './app.js';
import { look, openBrowser, phone, views } from './support.js';

describe.each(views)('on a $name', (view) => {
  test('the sign-in page asks for an address, or for a number', async () => {
    const { page } = await openApp(view);
    await look(page, view, 'sign-in', titled('Sign in'));
    expect(await page.getByLabel('Email address').evaluate((field) => field === document.activeElement)).toBe(true);

    await page.getByRole('link', { name: 'Use a phone number instead' }).click();
    await look(page, view, 'sign-in-phone', titled('Sign in'));
    await page.getByLabel('Phone number').fill('12');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await look(page, view, 'sign-in-invalid', titled('Error: Sign in'));
    expect(await describedBy(page, 'Phone number')).toMatch(/international form.* With the country's code/);
  });

  test('a code signs in, after a wrong one; then there is a profile, and a way out', async () => {
    const { tenant, page } = await openCodePage(view);
    await look(page, view, 'code', titled('Enter your code'));
    await typeCode(page, view, '000000');
    await look(page, view, 'code-wrong', titled('Error: Enter your code'));
    expect(await describedBy(page, 'Code')).toBe('The code is wrong. Check it, or ask for a new one.');
    expect(await page.getByLabel('Code').evaluate((field) => field === document.activeElement)).toBe(true);

    await typeCode(page, view, codeOf(tenant));
    await look(page, view, 'profile', titled('Your profile'));
    await page.getByRole('link', { name: 'What Auth0 says about you' }).click();
    await look(page, view, 'claims', titled('Claims'));
    await page.goBack();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await look(page, view, 'signed-out', titled('Sign in'));
  });

  test('a code by SMS signs in', async () => {
    const { tenant, page } = await openApp(view);
    await page.getByRole('link', { name: 'Use a phone number instead' }).click();
    await page.getByLabel('Phone number').fill('+44 20 7946 0000');
    await page.getByRole('button', { name: 'Text me a code' }).click();
    await page.getByText('Nothing arrived?').click();
    await look(page, view, 'code-sms', titled('Enter your code'));
    await typeCode(page, view, codeOf(tenant, '+442079460000'));
    expect(await page.getByRole('heading').textContent()).toBe('Ada Lovelace');
  });

  test('a new code is sent when it is time for one', async () => {
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
  ])('a code that is good for nothing any more (%s) makes room for a new one', async (name, message, tries) => {
    const { tenant, page } = await openCodePage(view);
    const first = codeOf(tenant);
    if (name === 'expired') tenant.clock.advance(181);
    for (let nth = 0; nth < tries; nth++) await typeCode(page, view, name === 'expired' ? first : '000000');
    expect(await page.getByRole('alert').textContent()).toContain(message);
    await look(page, view, `code-${name}`, titled('Error: Get a new code'));

    passTime(31);
    await page.clock.fastForward(31_000);
    await page.getByRole('button', { name: 'Send a new code' }).click();
    await typeCode(page, view, codeOf(tenant));
    expect(await page.title()).toBe(titled('Your profile'));
  });

  test('the address can be changed, and is filled in', async () => {
    const { tenant, page } = await openCodePage(view);
    await page.getByText('Nothing arrived?').click();
    await look(page, view, 'code-nothing-arrived', titled('Enter your code'));
    await page.getByRole('link', { name: 'Change the address' }).click();
    expect(await page.getByLabel('Email address').inputValue()).toBe(ada);
    await page.getByLabel('Email address').fill('grace@example.com');
    await page.getByRole('button', { name: 'Email me a code' }).click();
    await page.getByText('g•••@example.com').waitFor();
    await typeCode(page, view, codeOf(tenant, 'grace@example.com'));
    await look(page, view, 'profile-new-user', titled('Your profile'));
  });

  test('the page that was asked for comes after the sign-in', async () => {
    const { baseURL, tenant, page } = await openApp(view);
    await page.goto(`${baseURL}/claims`);
    await ask(page, 'Email me a code');
    await typeCode(page, view, codeOf(tenant));
    expect(await page.title()).toBe(titled('Claims'));
  });

  test('a new link is sent; one that has expired leads to the form', async () => {
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

  test('a link signs in; the tab that asked for it notices', async () => {
    const { tenant, page } = await openApp(view);
    await ask(page, 'Email me a sign-in link');
    await look(page, view, 'link', titled('Open the link'));

    const tab = await page.context().newPage();
    await tab.goto(tenant.inbox.latest(ada)?.link ?? '');
    expect(await tab.title()).toBe(titled('Your profile'));
    // As when one comes back to the tab; this browser shows all of them at all times.
    if (view.hasScript) await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    else await page.reload();
    await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  });

  test('a link that is opened in another browser offers a code there', async () => {
    const { tenant, page } = await openApp(view);
    await ask(page, 'Email me a sign-in link');

    const other = await openBrowser(view);
    await other.goto(tenant.inbox.latest(ada)?.link ?? '');
    await look(other, view, 'link-opened-elsewhere', titled('Error: Sign in'));
    expect(await other.getByRole('button').allTextContents()).toEqual(['Email me a code']);
    await ask(other, 'Email me a code');
    await typeCode(other, view, codeOf(tenant));
    expect(await other.title()).toBe(titled('Your profile'));
  });
});

test('the code can be pasted as it stands in the message', async () => {
  const { tenant, page } = await openCodePage(phone);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const code = codeOf(tenant).replace(/^.../, '$& ');
  await page.evaluate((text) => navigator.clipboard.writeText(text), code);
  const answered = page.waitForEvent('load');
  await page.getByLabel('Code').focus();
  await page.keyboard.press('ControlOrMeta+V');
  await answered;
  expect(await page.title()).toBe(titled('Your profile'));
});

test('everything can be reached with the keyboard, and shows that it has the focus', async () => {
  const { page } = await openCodePage(phone);
  await page.locator('input:focus').waitFor();
  await page.clock.fastForward(31_000);
  const reached: string[] = [];
  for (let nth = 0; nth < 5; nth++) {
    await page.keyboard.press('Tab');
    const { name, outline } = await page.evaluate(() => {
      const { activeElement } = document;
      if (!activeElement) throw new Error('Nothing has the focus.');
      return { name: activeElement.textContent.trim(), outline: getComputedStyle(activeElement).outlineStyle };
    });
    reached.push(name);
    expect(outline, name).toBe('solid');
  }
  const all = ['Sign in', 'Send a new code', 'Change the address', 'Nothing arrived?', 'Open the inbox'];
  expect(reached).toEqual(all);
});

/** What a screen reader says of a field beside its name. */
function describedBy(page: Awaited<ReturnType<typeof openBrowser>>, label: string): Promise<string> {
  return page.getByLabel(label).evaluate((field) => {
    const ids = field.getAttribute('aria-describedby')?.split(' ') ?? [];
    return ids.map((id) => document.getElementById(id)?.textContent.trim()).join(' ');
  });
}
