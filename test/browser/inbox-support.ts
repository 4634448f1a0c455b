import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { hosts, setUp } from '../example-app/support.js';
import { openBrowser, phone, type View } from './support.js';

const [{ createApp }] = hosts as [(typeof hosts)[number]];
export const withoutScript: View = { ...phone, name: 'phone, without JavaScript', hasScript: false };

/** The inbox in one tab, and the example app in another. */
export async function openBoth(view: View, options: LocalTenantOptions = {}) {
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
export const item = (inbox: Page, to: string) =>
  inbox
    .locator('#messages li')
    .filter({ hasText: `to ${to}` })
    .first();

/** Presses a button, and waits until it has been done. */
export async function press(inbox: Page, name: string): Promise<void> {
  const done = inbox.waitForResponse((response) => response.request().method() === 'POST');
  await inbox.getByRole('button', { name, exact: true }).click();
  expect((await done).status()).toBe(303);
}
