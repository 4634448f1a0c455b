import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { page, press, readable } from './inbox-support.js';
import { mfaTenant, mfaToken, oobCodeFor } from './mfa-support.js';
import { call, postForm, start, tenantFor } from './support.js';

const html = { accept: 'text/html' };

const block = (tenant: LocalTenant, headers: Record<string, string>) =>
  call(tenant, '/inbox/policy', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: 'disableSignup=true',
  });

describe('a page of another site', () => {
  test.each([
    'evil.example',
    'evil.example:3001',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '10.0.0.1',
    '::1',
  ])('that has its name %s resolve to loopback reads nothing, and presses nothing', async (host) => {
    const tenant = await tenantFor();
    await start(tenant);
    for (const headers of [{ host }, { host, ...html }]) {
      const answer = await call(tenant, '/inbox', { headers });
      expect(answer.status).toBe(403);
      expect(answer.text).toContain(`open ${tenant.domain}/inbox`);
      expect(answer.text).not.toContain('ada@example.com');
    }
    expect((await block(tenant, { host })).status).toBe(403);
    expect(tenant.settings.disableSignup).toBe(false);
  });

  test.each([
    { 'sec-fetch-site': 'cross-site' },
    // The same host, and another port: the app that is being developed, or anything else that listens there.
    { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' },
    { 'sec-fetch-site': 'none' },
    { origin: 'https://evil.example' },
    { origin: 'http://127.0.0.1:1' },
    { origin: 'null' },
  ])('cannot post: %j', async (headers) => {
    const tenant = await tenantFor();
    const answer = await block(tenant, headers);
    expect(answer.status).toBe(403);
    expect(readable(answer.text)).toContain('Another site made the browser send this');
    expect(tenant.settings.disableSignup).toBe(false);
  });

  test.each([
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    // Another port of this machine.
    { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
    // A browser that sends no Sec-Fetch-*.
    { origin: 'https://evil.example' },
  ])('cannot fetch or embed: %j', async (headers) => {
    const tenant = await tenantFor();
    await start(tenant);
    for (const accept of ['*/*', 'text/html']) {
      const answer = await call(tenant, '/inbox', { headers: { ...headers, accept } });
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('ada@example.com');
    }
  });

  test('can open it as a link does, and keeps no handle on it', async () => {
    const tenant = await tenantFor();
    const opening = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    const { status, headers } = await call(tenant, '/inbox', { headers: { ...opening, ...html } });
    expect([status, headers['cross-origin-opener-policy']]).toEqual([200, 'same-origin']);
    // A form that is posted navigates, too.
    expect((await block(tenant, opening)).status).toBe(403);
  });

  test('reads nothing by a custom domain, and is told the address that works', async () => {
    const tenant = await tenantFor({ customDomains: ['login.example.com', 'localhost'] });
    const answer = await call(tenant, '/inbox', { headers: { host: 'login.example.com:3001', ...html } });
    expect([answer.status, answer.text.includes(`open ${tenant.domain}/inbox`)]).toEqual([403, true]);
    const { port } = new URL(tenant.domain);
    const page = await call(tenant, '/inbox', { headers: { host: `localhost:${port}`, ...html } });
    expect([page.status, page.text.includes(`${tenant.domain} ·`)]).toEqual([200, true]);
  });

  test('cannot post a form to any of the paths', async () => {
    const tenant = await tenantFor();
    for (const path of ['push', 'user', 'revoke', 'factor', 'policy', 'fault', 'undo', 'clock', 'skew', 'keys']) {
      const init = { method: 'POST', headers: { 'sec-fetch-site': 'cross-site' } } as const;
      expect((await call(tenant, `/inbox/${path}`, init)).status).toBe(403);
    }
  });
});

describe('this machine', () => {
  test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])(
    'reads it and presses its buttons as %s',
    async (name) => {
      const tenant = await tenantFor();
      const host = `${name}:${new URL(tenant.domain).port}`;
      expect((await call(tenant, '/inbox', { headers: { host } })).status).toBe(200);
      const origin = `http://${host.toLowerCase()}`;
      expect((await block(tenant, { host, origin })).status).toBe(303);
      expect(tenant.settings.disableSignup).toBe(true);
    },
  );

  test('presses with a browser that says so', async () => {
    const tenant = await tenantFor();
    expect((await block(tenant, { 'sec-fetch-site': 'same-origin' })).status).toBe(303);
    expect(tenant.settings.disableSignup).toBe(true);
  });
});

test('runs the script that came with it and nothing else, and escapes what comes from outside', async () => {
  const tenant = await mfaTenant([{ type: 'push' }]);
  const hostile = `"><script>alert('&')</script>@example.com`.replaceAll(' ', '');
  await start(tenant, { email: hostile }, { 'x-request-language': '<script>' });
  const user = { name: '<script>', factors: [{ type: 'email', email: hostile } as const], userID: `"><script>` };
  tenant.users.push({ email: hostile, ...user });
  tenant.fault({ path: '/"><script>', respond: 'reset' });
  await oobCodeFor(tenant, await mfaToken(tenant), 'push');
  for (const each of tenant.users) if (each.email !== hostile) each.email = hostile;

  const { text, headers } = await call(tenant, '/inbox', { headers: html });
  expect(text.match(/<script/g)).toHaveLength(1);
  expect(text.split('&#34;&#62;&#60;script&#62;').length).toBeGreaterThan(8);
  const csp = headers['content-security-policy'] ?? '';
  const inline = (tag: string) => new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, 's').exec(text)?.[1] ?? '';
  for (const tag of ['script', 'style'] as const) {
    const hash = createHash('sha256').update(inline(tag)).digest('base64');
    expect(csp).toContain(`${tag}-src 'sha256-${hash}'`);
  }
  expect(csp).toMatch(/^default-src 'none'; img-src data:; .*connect-src 'self'; .*frame-ancestors 'none'$/);
  expect(csp).not.toContain('unsafe');
});

test('escapes what it says of a bad value', async () => {
  const tenant = await tenantFor();
  const { status, text } = await postForm(tenant, '/inbox/policy', { '<script>': '1' });
  expect(status).toBe(400);
  expect(text).toContain('&#60;script&#62;');
  expect(text).not.toContain('<script');
});

test('is no part of the wire: not among the requests, and no fault can hit it', async () => {
  const tenant = await tenantFor();
  await page(tenant);
  await press(tenant, 'Are refused');
  await call(tenant, '/inbox/nothing');
  expect(tenant.requests).toEqual([]);
  await call(tenant, '/inboxes');
  expect(tenant.requests).toHaveLength(1);
  for (const path of ['/inbox', '/inbox/policy']) {
    expect(() => tenant.fault({ path, respond: 'reset' })).toThrow(TypeError);
  }
});
