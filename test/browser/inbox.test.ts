import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ada, phoneNumber } from '../example-app/support.js';
import { mfaToken, oobCodeFor } from '../tenant/mfa-support.js';
import { codeFor, credentials, exchange, linkFor, message, postJSON, start, startSMS } from '../tenant/support.js';
import { item, openBoth, withoutScript } from './inbox-support.js';
import { desktop, look, newContext, openBrowser, phone, views } from './support.js';

const hasStatus = (inbox: Page, text: string) => inbox.getByRole('status').filter({ hasText: text }).waitFor();

test.each(views)('on a $name, the inbox is accessible and fits, empty and full', async (view) => {
  const long = 'somebody.with-a-long-name@a-subdomain.of-a-domain-that-is-long.example.com';
  const tenant = await startLocalTenant({
    mfa: ({ email }) => email === ada,
    connections: [
      { name: 'email', strategy: 'email' },
      { name: 'sms', strategy: 'sms' },
      { name: 'customers', strategy: 'auth0', otp: true },
    ],
    users: [
      {
        email: ada,
        phoneNumber,
        name: 'Ada Lovelace',
        factors: [{ type: 'otp' }, { type: 'push' }, { type: 'sms', active: false }, { type: 'recovery-code' }],
      },
      { email: 'mallory@example.com', blocked: true },
      { email: long, name: 'Somebody' },
      { email: ada, connection: 'customers' },
    ],
  });
  onTestFinished(() => tenant.close());
  const page = await openBrowser(view);
  await page.goto(`${tenant.domain}/inbox`);
  await look(page, view, 'inbox-empty', 'Inbox');

  await start(tenant, { email: long }, { 'x-request-language': 'fr' });
  tenant.clock.advance(181);
  await startSMS(tenant, '+442079460001');
  const token = await mfaToken(tenant);
  await linkFor(tenant);
  await postJSON(tenant, '/otp/challenge', { ...credentials(tenant), connection: 'customers', email: ada });
  await exchange(tenant, await codeFor(tenant, 'eve@example.com'), {
    username: 'eve@example.com',
    scope: 'openid offline_access',
  });
  await oobCodeFor(tenant, token, 'email');
  await oobCodeFor(tenant, token, 'push');
  tenant.fault({ path: '/oauth/token', respond: 'reset' });
  tenant.fault({ path: '/passwordless/start', times: Infinity, respond: { status: 503 } });
  tenant.configure({ allowMagicLinkWithoutSession: false });
  await page.getByRole('link', { name: 'Reload' }).click();
  await look(page, view, 'inbox', 'Inbox');
});

describe('with JavaScript', () => {
  test('the inbox shows new messages by itself, and keeps focus, selection and choices', async () => {
    const { inbox, tenant } = await openBoth(desktop);
    await start(tenant, { email: ada });
    await item(inbox, ada).waitFor();
    await inbox.evaluate(() => Object.assign(window, { same: true }));
    const endpoint = inbox.getByLabel('Endpoint');
    await endpoint.selectOption('/userinfo');
    await endpoint.focus();
    const first = item(inbox, ada);
    await first.evaluate((element) => Object.assign(element, { same: true }));
    await first.locator('.code').evaluate((code) => getSelection()?.selectAllChildren(code));

    await startSMS(tenant, phoneNumber);
    await item(inbox, phoneNumber).waitFor();
    await hasStatus(inbox, `New: SMS to ${phoneNumber}`);
    tenant.clock.advance(60);
    await first.filter({ hasText: /Good for 1 min/ }).waitFor();

    expect(await inbox.locator('#messages li').allTextContents()).toEqual([
      expect.stringContaining(message(tenant, phoneNumber).code),
      expect.stringContaining(message(tenant).code),
    ]);
    expect(await first.evaluate((element) => 'same' in element)).toBe(true);
    expect(await inbox.evaluate(() => 'same' in window)).toBe(true);
    expect(await endpoint.inputValue()).toBe('/userinfo');
    expect(await endpoint.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await inbox.evaluate(() => String(getSelection()))).toBe(message(tenant).code);
  });

  test('the inbox copies a code and a link', async () => {
    const { inbox, tenant } = await openBoth(phone);
    await linkFor(tenant);
    const copied = () => inbox.evaluate(() => navigator.clipboard.readText());
    await inbox.bringToFront();
    await item(inbox, ada).getByRole('button', { name: 'Copy code' }).click();
    await hasStatus(inbox, 'Copied');
    expect(await copied()).toBe(message(tenant).code);
    await item(inbox, ada).getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(copied).toBe(message(tenant).link);
  });

  test('a button that removes itself leaves the focus on its heading', async () => {
    const { inbox, tenant, press } = await openBoth(desktop);
    tenant.fault({ path: '/userinfo', respond: 'reset' });
    await press('Undo the fault of /userinfo');
    await hasStatus(inbox, 'Undo: done');
    expect(await inbox.evaluate(() => document.activeElement?.textContent)).toBe('Faults');
    await press('Always');
    await hasStatus(inbox, 'Always: done');
    expect(await inbox.evaluate(() => document.activeElement?.textContent)).toBe('Always');
  });

  test('the inbox shows why the tenant refuses a value', async () => {
    const { inbox } = await openBoth(desktop);
    const button = inbox.getByRole('button', { name: '30 s', exact: true });
    // The next update of the page restores the value.
    await button.evaluate((element: HTMLButtonElement) => {
      element.value = '-1';
      element.click();
    });
    await hasStatus(inbox, 'pass a number of seconds');
  });

  test('the inbox shows that the tenant has ended, and goes on once it is back', async () => {
    const tenant = await startLocalTenant();
    const port = Number(new URL(tenant.domain).port);
    // Not watched, because Chromium logs every failed request as an error.
    const context: BrowserContext = await newContext(desktop);
    onTestFinished(() => context.close());
    const inbox = await context.newPage();
    await inbox.goto(`${tenant.domain}/inbox`);
    await tenant.close();
    await hasStatus(inbox, 'The tenant does not answer');
    const next = await startLocalTenant({ port });
    onTestFinished(() => next.close());
    await start(next);
    await item(inbox, ada).waitFor();
  });
});

test('without JavaScript, the inbox has no button that does nothing', async () => {
  const { inbox, tenant } = await openBoth(withoutScript, {
    users: [{ email: ada, factors: [{ type: 'recovery-code' }] }],
  });
  await linkFor(tenant);
  await inbox.getByRole('link', { name: 'Reload' }).click();
  await item(inbox, ada).waitFor();
  expect(await inbox.getByRole('button', { name: /Copy/ }).count()).toBe(0);
});
