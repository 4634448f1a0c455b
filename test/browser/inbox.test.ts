import type { BrowserContext, Page } from 'playwright-core';
import { startLocalTenant, type LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { hosts, setUp } from '../example-app/support.js';
import { ada, mfaToken, oobCodeFor, phone as number } from '../tenant/mfa-support.js';
import { linkFor, message, start, startSMS } from '../tenant/support.js';
import { desktop, look, newContext, openBrowser, phone, type View, views } from './support.js';

const [{ createApp }] = hosts as [(typeof hosts)[number]];
const withoutScript: View = { ...phone, name: 'phone, without JavaScript', hasScript: false };

/** The inbox in one tab, and the example app in another. */
async function openBoth(view: View, options: LocalTenantOptions = {}) {
  const { baseURL, tenant } = await setUp(createApp, { tenant: options });
  const inbox = await openBrowser(view);
  await inbox.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await inbox.goto(`${tenant.domain}/inbox`);
  const app = await inbox.context().newPage();
  /** Asks for a message in the app's tab. */
  const ask = async (email: string, what = 'Email me a code') => {
    await app.goto(`${baseURL}/login`);
    await app.getByLabel('Email address').fill(email);
    await app.getByRole('button', { name: what }).click();
    await app.waitForLoadState();
  };
  /** Types the code that the inbox shows for an address, which the script has got by itself. */
  const type = async (email: string) => {
    if (!view.hasScript) await inbox.getByRole('link', { name: 'Reload' }).click();
    const code = await item(inbox, email).locator('.code').textContent();
    await app.getByLabel('Code').fill(code ?? '');
    if (!view.hasScript) await app.getByRole('button', { name: 'Sign in' }).click();
  };
  return { inbox, app, tenant, ask, type, press: (name: string) => press(inbox, name) };
}

/** The newest message to an address. */
const item = (inbox: Page, to: string) =>
  inbox
    .locator('#messages li')
    .filter({ hasText: `to ${to}` })
    .first();

/** Presses a button, and waits until it has been done. */
async function press(inbox: Page, name: string): Promise<void> {
  const done = inbox.waitForResponse((response) => response.request().method() === 'POST');
  await inbox.getByRole('button', { name, exact: true }).click();
  expect((await done).status()).toBe(303);
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

const said = (inbox: Page, text: string) => inbox.getByRole('status').filter({ hasText: text }).waitFor();

test.each(views)('on a $name it is fit to be seen, empty and full', async (view) => {
  const long = 'somebody.with-a-long-name@a-subdomain.of-a-domain-that-is-long.example.com';
  const tenant = await startLocalTenant({
    mfa: ({ email }) => email === ada,
    users: [
      {
        email: ada,
        phoneNumber: number,
        name: 'Ada Lovelace',
        factors: [{ type: 'otp' }, { type: 'push' }, { type: 'sms', active: false }, { type: 'recovery-code' }],
      },
      { email: 'mallory@example.com', blocked: true },
      { email: long, name: 'Somebody' },
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
  await oobCodeFor(tenant, token, 'email');
  await oobCodeFor(tenant, token, 'push');
  tenant.fault({ path: '/oauth/token', respond: 'reset' });
  tenant.fault({ path: '/passwordless/start', times: Infinity, respond: { status: 503 } });
  tenant.configure({ allowMagicLinkWithoutSession: false });
  await page.getByRole('link', { name: 'Reload' }).click();
  await look(page, view, 'inbox', 'Inbox');
});

describe('with JavaScript', () => {
  test('what arrives is there by itself, and nothing that a person does is lost', async () => {
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

    await startSMS(tenant, number);
    await item(inbox, number).waitFor();
    await said(inbox, `New: SMS to ${number}`);
    tenant.clock.advance(60);
    await first.filter({ hasText: /Good for 1[12]\d s/ }).waitFor();

    expect(await inbox.locator('#messages li').allTextContents()).toEqual([
      expect.stringContaining(message(tenant, number).code),
      expect.stringContaining(message(tenant).code),
    ]);
    expect(await first.evaluate((element) => 'same' in element)).toBe(true);
    expect(await inbox.evaluate(() => 'same' in window)).toBe(true);
    expect(await endpoint.inputValue()).toBe('/userinfo');
    expect(await endpoint.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await inbox.evaluate(() => String(getSelection()))).toBe(message(tenant).code);
  });

  test('a code and a link are copied', async () => {
    const { inbox, tenant } = await openBoth(phone);
    await linkFor(tenant);
    const copied = () => inbox.evaluate(() => navigator.clipboard.readText());
    await inbox.bringToFront();
    await item(inbox, ada).getByRole('button', { name: 'Copy code' }).click();
    await said(inbox, 'Copied');
    expect(await copied()).toBe(message(tenant).code);
    await item(inbox, ada).getByRole('button', { name: 'Copy link' }).click();
    await expect.poll(copied).toBe(message(tenant).link);
  });

  test('a button that is gone with what it was for leaves the focus where a keyboard goes on', async () => {
    const { inbox, tenant, press } = await openBoth(desktop);
    tenant.fault({ path: '/userinfo', respond: 'reset' });
    await press('Undo the fault of /userinfo');
    await said(inbox, 'Undo: done');
    expect(await inbox.evaluate(() => document.activeElement?.textContent)).toBe('Faults');
    await press('Always');
    await said(inbox, 'Always: done');
    expect(await inbox.evaluate(() => document.activeElement?.textContent)).toBe('Always');
  });

  test('what the tenant refuses is said', async () => {
    const { inbox } = await openBoth(desktop);
    const button = inbox.getByRole('button', { name: '30 s', exact: true });
    // Until the page is drawn anew, which puts it right.
    await button.evaluate((element: HTMLButtonElement) => {
      element.value = '-1';
      element.click();
    });
    await said(inbox, 'pass a number of seconds');
  });

  test('a tenant that ends is said, and one that comes back is taken up', async () => {
    const tenant = await startLocalTenant();
    const port = Number(new URL(tenant.domain).port);
    // Not watched: Chromium logs every request that finds nobody as an error.
    const context: BrowserContext = await newContext(desktop);
    onTestFinished(() => context.close());
    const inbox = await context.newPage();
    await inbox.goto(`${tenant.domain}/inbox`);
    await tenant.close();
    await said(inbox, 'The tenant does not answer');
    const next = await startLocalTenant({ port });
    onTestFinished(() => next.close());
    await start(next);
    await item(inbox, ada).waitFor();
  });
});

describe.each([desktop, withoutScript])('beside the app, on a $name', (view) => {
  test('a code is read and typed, and a link is clicked', async () => {
    const { app, inbox, ask, type } = await openBoth(view);
    await ask(ada);
    await type(ada);
    await heading(app).filter({ hasText: ada }).waitFor();

    const eve = 'eve@example.com';
    await app.context().clearCookies();
    await ask(eve, 'Email me a sign-in link');
    if (!view.hasScript) await inbox.reload();
    const opened = inbox.context().waitForEvent('page');
    await item(inbox, eve).getByRole('link', { name: 'Open the sign-in link' }).click();
    await heading(await opened)
      .filter({ hasText: eve })
      .waitFor();
    expect(await inbox.title()).toBe('Inbox');
  });

  test.each(['Yes', 'No'])('a push is answered with %s', async (answer) => {
    const { app, inbox, tenant, ask, type, press } = await openBoth(view, {
      mfa: 'always',
      users: [{ email: ada, factors: [{ type: 'push' }] }],
    });
    await ask(ada);
    await type(ada);
    await app.getByRole('button', { name: /notification/i }).click();
    await heading(app).filter({ hasText: 'Check your phone' }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await press(`${answer} for ${ada}`);
    await inbox.getByText('On the phone').waitFor({ state: 'detached' });
    tenant.clock.advance(30);
    // With script it asks by itself.
    if (!view.hasScript) await app.getByRole('button', { name: 'I have answered' }).click();
    if (answer === 'Yes') await heading(app).filter({ hasText: ada }).waitFor();
    else
      await app
        .getByRole('alert')
        .filter({ hasText: /refused|rejected|denied/ })
        .waitFor();
  });

  test('the policy decides whether there is a second step', async () => {
    const { app, tenant, ask, type, press } = await openBoth(view, {
      mfa: ({ email }) => email === 'app@example.com',
      users: [{ email: ada }, { email: 'app@example.com', factors: [{ type: 'otp' }] }],
    });
    await press('Always');
    await ask(ada);
    await type(ada);
    await heading(app).filter({ hasText: 'Set up a second step' }).waitFor();
    await press('Authenticator app');
    await press('Push');
    await app.reload();
    expect(tenant.settings.mfaFactors).toEqual(['phone', 'email', 'recovery-code']);
    await press('Never');
    await app.context().clearCookies();
    await ask('app@example.com');
    await type('app@example.com');
    await heading(app).filter({ hasText: 'app@example.com' }).waitFor();
  });

  test('the codes of an authenticator app are there', async () => {
    const { app, inbox, ask, type } = await openBoth(view, {
      mfa: 'always',
      users: [{ email: ada, factors: [{ type: 'otp' }] }],
    });
    await ask(ada);
    await type(ada);
    await app.getByRole('button', { name: 'Authenticator app' }).click();
    await heading(app).filter({ hasText: 'Enter your code' }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await app.getByLabel('Code').fill((await inbox.locator('.totp').textContent()) ?? '');
    if (!view.hasScript) await app.getByRole('button', { name: 'Sign in' }).click();
    await heading(app).filter({ hasText: ada }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await inbox.getByText('used, next in').waitFor();
  });

  test('a call to Auth0 goes wrong, once', async () => {
    const { app, inbox, ask } = await openBoth(view);
    await inbox.getByLabel('Endpoint').selectOption('/passwordless/start');
    await inbox.getByLabel('What it does').selectOption({ label: '429, too many: again after 30 s' });
    await press(inbox, 'Let it go wrong');
    await inbox.getByText('429, too many: again after 30 s, once').waitFor();
    await ask(ada);
    await app.getByRole('alert').filter({ hasText: 'Too many attempts' }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await inbox.getByText('Nothing will go wrong.').waitFor();
    await ask('eve@example.com');
    await heading(app).filter({ hasText: 'Enter your code' }).waitFor();
  });

  test('a code gets old', async () => {
    const { app, inbox, ask, type, press } = await openBoth(view);
    await ask(ada);
    await press('181 s');
    await item(inbox, ada).getByText('Expired').waitFor();
    await type(ada);
    await app.getByRole('alert').filter({ hasText: 'The code has expired' }).waitFor();
  });

  test('tokens are stamped so that they are refused, and the keys are rotated', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => {
      log.mockRestore();
    });
    const { app, inbox, ask, type, press } = await openBoth(view);
    await press('As expired');
    await ask(ada);
    await type(ada);
    await heading(app).filter({ hasNotText: 'Enter your code' }).waitFor();
    expect(log.mock.calls.flat()).toContainEqual(expect.objectContaining({ code: 'id_token_invalid' }));
    await press('Right');
    const key = () => inbox.locator('#clock code').textContent();
    const before = await key();
    await press('Rotate the keys');
    expect(await key()).not.toBe(before);
    await ask('eve@example.com');
    await type('eve@example.com');
    await heading(app).filter({ hasText: 'eve@example.com' }).waitFor();
  });

  test('a user is blocked between the message and the code', async () => {
    const { app, inbox, ask, type, press } = await openBoth(view, { users: [{ email: ada, name: 'Ada' }] });
    await ask(ada);
    await press(`Block ${ada}`);
    await inbox.getByText('blocked', { exact: true }).waitFor();
    await type(ada);
    await app.getByRole('alert').filter({ hasText: 'This account is blocked' }).waitFor();
    await press(`Unblock ${ada}`);
    await inbox.getByRole('button', { name: `Block ${ada}`, exact: true }).waitFor();
  });

  test('a factor is removed', async () => {
    const { inbox, tenant, press } = await openBoth(view, { users: [{ email: ada, factors: [{ type: 'push' }] }] });
    await press(`Remove this factor of ${ada}`);
    await inbox.getByRole('button', { name: /^Remove/ }).waitFor({ state: 'detached' });
    expect(tenant.users[0]?.factors).toEqual([]);
  });

  test('a link wants a session, which the browser is given', async () => {
    const { inbox, ask, press } = await openBoth(view);
    await press('With a session only');
    await ask(ada, 'Email me a sign-in link');
    if (!view.hasScript) await inbox.reload();
    const open = async (name: string) => {
      const opened = inbox.context().waitForEvent('page');
      await inbox.getByRole('link', { name }).first().click();
      return opened;
    };
    await (await open('Open the sign-in link')).getByText('must be opened on the same device').waitFor();
    await (await open('/authorize')).getByText('This browser now has a session').waitFor();
    await heading(await open('Open the sign-in link'))
      .filter({ hasText: ada })
      .waitFor();
  });
});

test('without JavaScript there is no button that does nothing', async () => {
  const { inbox, tenant } = await openBoth(withoutScript, {
    users: [{ email: ada, factors: [{ type: 'recovery-code' }] }],
  });
  await linkFor(tenant);
  await inbox.getByRole('link', { name: 'Reload' }).click();
  await item(inbox, ada).waitFor();
  expect(await inbox.getByRole('button', { name: /Copy/ }).count()).toBe(0);
});
