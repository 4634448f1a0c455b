import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { desktop, newContext, violations, views, watch } from './support.js';

/** Opens a page with this body, watched as the tests watch theirs. */
async function open(body: string, { status = 200, view = desktop } = {}) {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? status : 404, { 'content-type': 'text/html' });
    response.end(`<!doctype html><html lang="en"><title>A page</title><main><h1>A page</h1>${body}</main></html>`);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const context = await newContext(view);
  onTestFinished(async () => {
    await context.close();
    server.close();
  });
  const complaints = watch(context);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { waitUntil: 'networkidle' });
  return { page, complaints };
}

test('a request to another host is reported, and blocked', async () => {
  const { page, complaints } = await open(
    '<img alt="" src="http://example.com/a.png"><img alt="" src="http://8.8.8.8/b.png">',
  );
  expect(complaints).toContain('request to http://example.com/a.png');
  expect(complaints).toContain('request to http://8.8.8.8/b.png');
  const failures = await page.evaluate(() => [...document.images].map((image) => image.naturalWidth));
  expect(failures).toEqual([0, 0]);
});

test('an error in the console, an exception and a missing file are reported', async () => {
  const { complaints } = await open(
    '<script>console.error("one"); throw new Error("two")</script><script src="/three.js"></script>',
  );
  expect(complaints).toEqual(expect.arrayContaining(['console: one', 'script: two', expect.stringContaining('404')]));
});

test('the status of a page that shows an error is not reported', async () => {
  const { complaints } = await open('', { status: 403 });
  expect(complaints).toEqual([]);
});

test.each(views)('axe checks a page on a $name', async (view) => {
  const { page } = await open('<input><p style="color: #ccc; background: #fff">Pale</p>', { view });
  expect((await violations(page, view)).map((each) => each.split(':', 1)[0])).toEqual(['color-contrast', 'label']);
});
