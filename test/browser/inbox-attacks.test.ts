import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { ada } from '../example-app/support.js';
import { message, start } from '../tenant/support.js';
import { launchOptions } from './chromium.js';

/** Resolves to loopback in this browser, as an attacker's own domain may anywhere. */
const EVIL = 'evil.example';

let browser: Browser;
beforeAll(async () => {
  const options = launchOptions();
  browser = await chromium.launch({
    ...options,
    args: [...options.args, `--host-resolver-rules=MAP ${EVIL} 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`],
  });
});
afterAll(() => browser.close());

/** A tenant with a code in its inbox, and an empty page in the same browser. */
async function setUp() {
  const tenant = await startLocalTenant({ users: [{ email: ada }] });
  onTestFinished(() => tenant.close());
  await start(tenant);
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  return { tenant, page: await context.newPage(), inbox: `${tenant.domain}/inbox`, code: message(tenant).code };
}

/** Starts the attacker's site, whose every path is an empty page; returns its port. */
async function listen(): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>Hostile</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return String((server.address() as AddressInfo).port);
}

/** Fetches a URL as a script of the page would; returns what the script can read. */
const fetched = (page: Page, url: string, init: RequestInit = {}) =>
  page.evaluate(
    async ([url, init]) => {
      try {
        const answer = await fetch(url, init);
        return [answer.type, answer.status, await answer.text()];
      } catch {
        return 'nothing';
      }
    },
    [url, init] as const,
  );

test.each(['127.0.0.1', EVIL])('a page of %s on another port cannot read the inbox', async (host) => {
  const { page, inbox, code } = await setUp();
  await page.goto(`http://${host}:${await listen()}/`);
  for (const accept of ['*/*', 'text/html']) {
    expect(await fetched(page, inbox, { headers: { accept } })).toBe('nothing');
  }
  // Prevents side channels: a response that the page cannot read would still be in its process.
  expect(await fetched(page, inbox, { mode: 'no-cors' })).toBe('nothing');
  const tag = (name: string) =>
    page.evaluate(
      ([name, inbox]) =>
        new Promise((resolve) => {
          const element = Object.assign(document.createElement(name), { src: inbox });
          element.addEventListener('load', () => {
            resolve('load');
          });
          element.addEventListener('error', () => {
            resolve('error');
          });
          document.body.append(element);
        }),
      [name, inbox] as const,
    );
  expect(await tag('script')).toBe('error');
  expect(await tag('img')).toBe('error');
  await tag('iframe');
  expect(await page.frames()[1]?.content()).not.toContain(code);
});

test.each(['127.0.0.1', EVIL])('a page of %s that opens the inbox gets no handle on it', async (host) => {
  const { page, inbox, code } = await setUp();
  await page.goto(`http://${host}:${await listen()}/`);
  const opened = page.context().waitForEvent('page');
  await page.evaluate((inbox) => Object.assign(window, { other: open(inbox) }), inbox);
  const other = await opened;
  await other.getByText(code).waitFor();
  expect(await page.evaluate(() => (window as unknown as { other: Window }).other.closed)).toBe(true);
  expect(await other.evaluate(() => opener as unknown)).toBe(null);
});

test.each(['127.0.0.1', EVIL])('a page of %s cannot press a button of the inbox', async (host) => {
  const { tenant, page, inbox } = await setUp();
  await page.goto(`http://${host}:${await listen()}/`);
  const body = new URLSearchParams({ disableSignup: 'true' });
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  await fetched(page, `${inbox}/policy`, { method: 'POST', mode: 'no-cors', body: body.toString(), headers });
  await page.evaluate((action) => {
    document.body.innerHTML = `<form method="post" action="${action}"><input name="disableSignup" value="true"></form>`;
    document.querySelector('form')?.submit();
  }, `${inbox}/policy`);
  await page.getByText('Another site made the browser send this').waitFor();
  expect(tenant.settings.disableSignup).toBe(false);
});

test('a page of a domain that resolves to loopback cannot read the inbox, although it has the same origin', async () => {
  const { tenant, page, code } = await setUp();
  const { port } = new URL(tenant.domain);
  // A script in any response of the tenant could read the tenant's other responses.
  await page.goto(`http://${EVIL}:${port}/nothing`);
  for (const accept of ['*/*', 'text/html']) {
    const answer = await fetched(page, '/inbox', { headers: { accept } });
    expect(answer).toEqual(['basic', 403, expect.stringContaining('for this machine only')]);
    expect(answer).not.toContain(code);
  }
  const body = 'disableSignup=true';
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  expect((await fetched(page, '/inbox/policy', { method: 'POST', body, headers }))[1]).toBe(403);
  expect(tenant.settings.disableSignup).toBe(false);
  // Like any program, the page can call the tenant's API, but that shows no code.
  expect(JSON.stringify(await fetched(page, '/passwordless/start', { method: 'POST' }))).not.toContain(code);
});
