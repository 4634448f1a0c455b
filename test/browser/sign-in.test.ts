import { describe, expect, test } from 'vitest';
import { hosts, setUp } from '../example-app/support.js';
import { look, openBrowser, views } from './support.js';

const [{ createApp }] = hosts as [(typeof hosts)[number]];

describe.each(views)('on a $name', (view) => {
  test('the sign-in page asks for an address', async () => {
    const { baseURL } = await setUp(createApp);
    const page = await openBrowser(view);
    await page.goto(baseURL);
    await look(page, view, 'sign-in', 'Sign in · Example');
    expect(await page.getByLabel('Email address').evaluate((field) => field === document.activeElement)).toBe(true);
  });
});
