import type { LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { type CreateApp, hosts, setUp } from '../example-app/support.js';
import { openBrowser, type View } from './support.js';

export const ada = 'ada@example.com';
export const user = { email: ada, phoneNumber: '+442079460000', name: 'Ada Lovelace', givenName: 'Ada' };

const [express, koa] = hosts as [(typeof hosts)[number], (typeof hosts)[number]];
export { express, koa };

type Factors = NonNullable<LocalTenantOptions['users']>[number]['factors'];

interface Setup {
  tenant?: LocalTenantOptions;
  createApp?: CreateApp;
}

/** The example app with a tenant of its own, and a browser on its first page. */
export async function openApp(view: View, { tenant: options, createApp = express.createApp }: Setup = {}) {
  const { tenant, baseURL } = await setUp(createApp, { tenant: { users: [user], ...options } });
  const page = await openBrowser(view);
  await page.clock.install();
  await page.goto(baseURL);
  return { tenant, baseURL, page };
}

/** The same, with a code on its way. */
export async function openCodePage(view: View, setup?: Setup) {
  const app = await openApp(view, setup);
  await ask(app.page, 'Email me a code');
  await app.page.waitForURL('**/login/code');
  return app;
}

/** The same, with a right code, so that the second step is next. */
export async function openSecondStep(view: View, { factors, ...setup }: Setup & { factors: NonNullable<Factors> }) {
  const options: LocalTenantOptions = { users: [{ ...user, factors }], mfa: 'always', ...setup.tenant };
  const app = await openCodePage(view, { ...setup, tenant: options });
  await typeCode(app.page, view, codeOf(app.tenant));
  await app.page.waitForURL('**/login/mfa');
  return app;
}

export async function ask(page: Page, button: string): Promise<void> {
  await page.getByLabel('Email address').fill(ada);
  await page.getByRole('button', { name: button }).click();
}

/** With JavaScript, the sixth digit sends the form. */
export async function typeCode(page: Page, { hasScript }: View, code: string): Promise<void> {
  const field = page.getByRole('textbox', { name: 'Code' });
  await field.waitFor();
  await page.waitForLoadState();
  const answered = page.waitForEvent('load');
  await field.fill(code);
  if (!hasScript) await page.getByRole('button', { name: 'Sign in' }).click();
  await answered;
}

/** Has a notification sent, and is on the page that waits for its answer. */
export async function sendPush(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Notification' }).click();
  await expect.poll(() => page.title()).toBe(titled('Check your phone'));
  await page.waitForLoadState();
}

export const codeOf = ({ inbox }: LocalTenant, to = ada): string => inbox.latest(to)?.code ?? '';

/** Page titles say where one is, and end with where that is. */
export const titled = (title: string): string => `${title} · Example`;
