import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import axe from 'axe-core';
import type { Browser, BrowserContext, ConsoleMessage, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest';
import { launch } from './chromium.js';

/** How a page is seen. */
export interface View {
  name: string;
  width: number;
  hasScript: boolean;
}

export const phone: View = { name: 'phone', width: 390, hasScript: true };
export const desktop: View = { name: 'desktop', width: 1280, hasScript: true };

/** Every page must work in each of these. */
export const views: View[] = [
  phone,
  desktop,
  { name: 'phone, without JavaScript', width: 390, hasScript: false },
  { name: 'desktop, without JavaScript', width: 1280, hasScript: false },
];

const SMALLEST = { width: 320, height: 640 };
const SCREENSHOTS = fileURLToPath(new URL('screenshots/', import.meta.url));

let browser: Browser;
beforeAll(async () => {
  await mkdir(SCREENSHOTS, { recursive: true });
  browser = await launch();
});
afterAll(() => browser.close());

/**
 * A browser without any cookie, closed when the test ends. The test fails if a page logged an error, or asked for
 * anything that is not on this machine.
 */
export async function openBrowser(view: View): Promise<Page> {
  const context = await newContext(view);
  const complaints = watch(context);
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  return context.newPage();
}

export async function newContext({ width, hasScript }: View): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width, height: 800 },
    javaScriptEnabled: hasScript,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(10_000);
  return context;
}

/** The errors of all pages of a browser, as they happen. */
export function watch(context: BrowserContext): string[] {
  const complaints: string[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    const isLocal = url.hostname === '127.0.0.1' || ['data:', 'blob:', 'about:'].includes(url.protocol);
    if (!isLocal) complaints.push(`request to ${url.href}`);
  });
  context.on('console', (message) => {
    if (message.type() === 'error' && !isStatusOfPage(message)) complaints.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`));
  return complaints;
}

/** Chromium logs an error for a page with a status of 400 or more, which a page that shows an error should have. */
function isStatusOfPage(message: ConsoleMessage): boolean {
  const isStatus = message.text().startsWith('Failed to load resource: the server responded with a status of');
  return isStatus && !/\.\w+$/.test(new URL(message.location().url).pathname);
}

/**
 * Checks the page that is shown: it has this title, fits the width, also on the smallest phone, and axe finds no violation,
 * in light and in dark mode. Leaves a screenshot of each.
 */
export async function look(page: Page, view: View, name: string, title: string): Promise<void> {
  // The page may still be loading.
  await expect.poll(() => page.title(), { timeout: 10_000 }).toBe(title);
  await page.waitForLoadState();
  const shoot = (...how: (string | number)[]) => {
    const file = [name, ...how, ...(view.hasScript ? [] : ['no-script'])].join('-');
    return page.screenshot({ path: `${SCREENSHOTS}${file}.png`, fullPage: true });
  };
  if (view.width < SMALLEST.width * 2) {
    const size = page.viewportSize();
    await page.setViewportSize(SMALLEST);
    await page.emulateMedia({ colorScheme: 'light' });
    expect(await overflow(page), 'overflow on the smallest phone').toBe(0);
    await shoot(SMALLEST.width);
    if (size) await page.setViewportSize(size);
  }
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await overflow(page), 'overflow').toBe(0);
    expect(await violations(page, view), `${name}, ${colorScheme}`).toEqual([]);
    await shoot(view.width, colorScheme);
  }
}

/** The pixels by which the page, or the text of anything on it, is too wide. */
const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { clientWidth } = document.documentElement;
    const rights = [...document.querySelectorAll('body *')].map((each) => each.getBoundingClientRect().right);
    return Math.max(
      0,
      document.documentElement.scrollWidth - clientWidth,
      ...rights.map((right) => right - clientWidth),
    );
  });

/** The violations that axe finds, each as one line. */
export async function violations(page: Page, { hasScript }: Pick<View, 'hasScript'> = phone): Promise<string[]> {
  const restore = hasScript ? undefined : await letScriptsRun(page);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  await restore?.();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`.replace(/\s+/g, ' ')),
  );
}

/** Lets axe run, which needs timers. The page's own scripts were not loaded, and are not loaded now. */
async function letScriptsRun(page: Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const disable = async (value: boolean) => {
    await session.send('Emulation.setScriptExecutionDisabled', { value });
  };
  // A session sends only a value that differs from the one it knows.
  await disable(true);
  await disable(false);
  // Not detached: the setting ends with the session.
  return () => disable(true);
}
