import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { express, setUp } from '../example-app/support.js';
import { ask } from './app.js';
import { openBrowser, phone, type View } from './support.js';

export const withoutScript: View = { ...phone, name: 'phone, without JavaScript', hasScript: false };

/** The inbox in one tab, and the example app in another. */
export async function openBoth(view: View, options: LocalTenantOptions = {}) {
  const { baseURL, tenant } = await setUp(express.createApp, { tenant: options });
  const inbox = await openBrowser(view);
  await inbox.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await inbox.goto(`${tenant.domain}/inbox`);
  const app = await inbox.context().newPage();
  /** With JavaScript, the inbox shows by itself what is new. */
  const update = async () => {
    if (!view.hasScript) await inbox.getByRole('link', { name: 'Reload' }).click();
  };
  const typed = async (code: string | null) => {
    await app.getByLabel('Code').fill(code ?? '');
    if (!view.hasScript) await app.getByRole('button', { name: 'Sign in' }).click();
  };
  return {
    inbox,
    app,
    tenant,
    update,
    /** Requests a message in the app's tab. */
    ask: async (email: string, button = 'Email me a code') => {
      await app.goto(`${baseURL}/login`);
      await ask(app, button, email);
      await app.waitForLoadState();
    },
    typed,
    /** Types the code that the inbox shows for an address. */
    type: async (email: string) => {
      await update();
      await typed(await item(inbox, email).locator('.code').textContent());
    },
    press: (name: string) => press(inbox, name),
    /** Waits for a heading of the app's tab. */
    heading: (text: string, page = app) => page.getByRole('heading', { level: 1 }).filter({ hasText: text }).waitFor(),
  };
}

/** The newest message to an address. */
export const item = (inbox: Page, to: string) =>
  inbox
    .locator('#messages li')
    .filter({ hasText: `to ${to}` })
    .first();

/** Presses a button, and waits for the response. */
export async function press(inbox: Page, name: string): Promise<void> {
  const done = inbox.waitForResponse((response) => response.request().method() === 'POST');
  await inbox.getByRole('button', { name, exact: true }).click();
  expect((await done).status()).toBe(303);
}
