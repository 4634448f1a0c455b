import type { LocalTenantOptions, User } from 'passport-auth0-passwordless/testing';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { ada, type CreateApp, express, setUp } from '../example-app/support.js';
import { openBrowser, type View } from './support.js';

export const user = { email: ada, phoneNumber: '+442079460000', name: 'Ada Lovelace', givenName: 'Ada' };

interface Setup {
  tenant?: LocalTenantOptions;
  createApp?: CreateApp;
}

/** The example app with its tenant, and a browser on its first page. */
export async function openApp(view: View, { tenant, createApp = express.createApp }: Setup = {}) {
  const app = await setUp(createApp, { tenant: { users: [user], ...tenant } });
  const page = await openBrowser(view);
  await page.clock.install();
  await page.goto(app.baseURL);
  return { ...app, page };
}

/** The same, with a code sent. */
export async function openCodePage(view: View, setup?: Setup) {
  const app = await openApp(view, setup);
  await ask(app.page, 'Email me a code');
  await app.page.waitForURL('**/login/code');
  return app;
}

/** The same, with the right code, so that a second factor is next. */
export async function openSecondFactor(view: View, factors: NonNullable<User['factors']>, setup: Setup = {}) {
  const tenant: LocalTenantOptions = { users: [{ ...user, factors }], mfa: 'always' };
  const app = await openCodePage(view, { ...setup, tenant });
  await typeCode(app.page, view, app.code());
  await app.page.waitForURL('**/login/mfa');
  return app;
}

export async function ask(page: Page, button: string, email = ada): Promise<void> {
  await page.getByLabel('Email address').fill(email);
  await press(page, button);
}

export const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click();

/** With JavaScript, the sixth digit submits the form. */
export async function typeCode(page: Page, { hasScript }: View, code: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Code' });
  await field.waitFor();
  await page.waitForLoadState();
  const answered = page.waitForEvent('load');
  await field.fill(code);
  if (!hasScript) await press(page, 'Sign in');
  await answered;
}

/** Has a push sent, and opens the page that waits for its answer. */
export async function sendPush(page: Page): Promise<void> {
  await press(page, 'Notification');
  await expectTitle(page, 'Check your phone');
}

/** Asks whether the push was answered: by itself after five seconds with JavaScript, by a button without. */
export async function askAgain(page: Page, { hasScript }: View): Promise<void> {
  if (hasScript) await page.clock.runFor(5_000);
  else await press(page, 'I have answered');
}

export const isFocused = (field: Locator) => field.evaluate((element) => element === document.activeElement);

export async function expectTitle(page: Page, title: string): Promise<void> {
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe(titled(title));
  await page.waitForLoadState();
}

/** The titles of the app's pages end with its name. */
export const titled = (title: string): string => `${title} · Example`;
