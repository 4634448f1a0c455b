import express from 'express';
import { PasswordlessError } from 'passport-auth0-passwordless';
import request from 'supertest';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { html } from '../../example-app/html.js';
import { errorPage } from '../../example-app/routes/errors.js';
import { safePath } from '../../example-app/safe-path.js';
import { setUp, textOf } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
});

test('a form without a CSRF token, or with a wrong one, is refused and sends nothing', async () => {
  const { tenant, browser } = await setUp();
  const user = browser();
  await user.get('/login');
  for (const token of [{}, { _csrf: '' }, { _csrf: 'x'.repeat(43) }]) {
    const answer = await user.agent
      .post('/login')
      .type('form')
      .send({ email: 'ada@example.com', ...token });
    expect(answer.status).toBe(403);
    expect(textOf(answer)).toContain('This form is out of date');
  }
  expect((await browser().agent.post('/logout')).status).toBe(403);
  expect(tenant.inbox.messages).toHaveLength(0);
});

test("another session's CSRF token is refused", async () => {
  const { browser } = await setUp();
  const [one, other] = [browser(), browser()];
  const page = await one.get('/login');
  await other.get('/login');
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
  expect(_csrf).toMatch(/^[\w-]{43}$/);
  const body = { email: 'ada@example.com', _csrf };
  expect((await other.agent.post('/login').type('form').send(body)).status).toBe(403);
  expect((await one.agent.post('/login').type('form').send(body)).status).toBe(303);
});

test('a start that another site posts is refused', async () => {
  const { tenant, browser } = await setUp();
  const user = browser();
  await user.get('/login');
  const page = await user.submit('/login', { email: 'ada@example.com' }, { 'Sec-Fetch-Site': 'cross-site' });
  expect(page.status).toBe(403);
  expect(page.text).toMatch(/role="alert"[^>]*>\s*This request came from another site/);
  expect(tenant.inbox.messages).toHaveLength(0);
});

test.each([
  ['another site', '//evil.example'],
  // More than a pending login can carry.
  ['a path that is too long', `/${'a'.repeat(2000)}`],
])('sign-in never leads to %s', async (_what, returnTo) => {
  const { tenant, browser } = await setUp();
  const user = browser();
  await user.ask({ email: 'ada@example.com', send: 'code', returnTo });
  const answer = await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
  expect(answer.headers.location).toBe('/');
});

test.each([
  ['/claims?a=1', '/claims?a=1'],
  ['/', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example', '/'],
  ['evil', '/'],
  [`/${'a'.repeat(600)}`, '/'],
  [['/claims'], '/'],
  [undefined, '/'],
])('the safe path of %j is %j', (path, expected) => {
  expect(safePath(path)).toBe(expected);
});

test('a hostile name is text, not markup', async () => {
  const name = `<img src=x onerror="alert('1')">`;
  const { tenant, browser } = await setUp({ tenant: { users: [{ email: 'ada@example.com', name }] } });
  const user = browser();
  await user.ask({ email: 'ada@example.com', send: 'code' });
  await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
  for (const path of ['/', '/claims']) {
    const { status, text } = await user.get(path);
    expect(status).toBe(200);
    expect(text).toContain('&lt;img src=x');
    expect(text).not.toContain('<img');
  }
});

test('html escapes text and attributes, and passes markup of its own', () => {
  const value = `"'<>&`;
  expect(html`<a title="${value}">${[html`<b>${1}</b>`, undefined, false]}</a>`.markup).toBe(
    '<a title="&quot;&#39;&lt;&gt;&amp;"><b>1</b></a>',
  );
});

test('every page has a strict policy, and is kept by no cache', async () => {
  const { browser } = await setUp();
  for (const path of ['/login', '/login/callback', '/nothing']) {
    const { headers, text } = await browser().get(path);
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("form-action 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain("base-uri 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    // What the policy would block.
    expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  }
  expect((await browser().get('/style.css')).headers['cache-control']).toContain('public');
});

test('the session cookie is httpOnly and lax, and behind an https proxy secure', async () => {
  const local = await setUp();
  const [plain] = (await local.browser().get('/login')).headers['set-cookie'] as unknown as string[];
  expect(plain).toMatch(/^example\.sid=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);

  const { baseURL } = await setUp({ config: { baseURL: 'https://app.example.com' } });
  const proxied = await request(baseURL).get('/login').set('X-Forwarded-Proto', 'https');
  const [secure] = proxied.headers['set-cookie'] as unknown as string[];
  expect(secure).toMatch(/^__Host-example\.sid=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
});

test('the session gets another id with the sign-in', async () => {
  const { tenant, browser } = await setUp();
  const user = browser();
  const sessionOf = ({ headers }: { headers: Record<string, unknown> }) =>
    /example\.sid=([^;]+)/.exec(String(headers['set-cookie']))?.[1];
  const before = sessionOf(await user.get('/login'));
  await user.submit('/login', { email: 'ada@example.com' });
  await user.get('/login/code');
  const after = sessionOf(
    await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' }),
  );
  expect(before).toBeTruthy();
  expect(after).toBeTruthy();
  expect(after).not.toBe(before);
});

test('localhost leads to the address that the cookies are for', async () => {
  const { baseURL } = await setUp();
  const answer = await request(baseURL).get('/login').set('Host', 'localhost:3000');
  expect([answer.status, answer.headers.location]).toEqual([302, `${baseURL}/`]);
});

describe('when a user can mend nothing', () => {
  test('a wrong secret is told in development, with the remedy', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const { browser } = await setUp({ config: { clientSecret: 'wrong' } });
    const user = browser();
    await user.get('/login');
    const page = await user.submit('/login', { email: 'ada@example.com' });
    expect(page.status).toBe(500);
    expect(textOf(page)).toContain('Sign-in is not set up');
    expect(textOf(page)).toContain('Check clientID and clientSecret');
  });

  test('in production nothing of it is told, but the log has it', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const { baseURL } = await setUp({ config: { baseURL: 'https://app.example.com', clientSecret: 'wrong' } });
    const proxied = { 'X-Forwarded-Proto': 'https' };
    const page = await request(baseURL).get('/login').set(proxied);
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
    const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
    const answer = await request(baseURL)
      .post('/login')
      .set({ ...proxied, cookie })
      .type('form')
      .send({ email: 'ada@example.com', _csrf });
    expect(answer.status).toBe(500);
    expect(textOf(answer)).toContain('Sign-in is not set up');
    expect(textOf(answer)).not.toContain('clientSecret');
    expect(log).toHaveBeenCalledWith('POST /login:', expect.objectContaining({ code: 'configuration_error' }));
  });

  test('Auth0 out of reach keeps the login pending, and offers to try again', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const { tenant, browser } = await setUp();
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'code' });
    tenant.fault({ path: '/oauth/token', respond: 'reset' });
    const otp = tenant.inbox.latest('ada@example.com')?.code ?? '';

    const page = await user.submit('/login/code', { otp });
    expect(page.status).toBe(503);
    expect(textOf(page)).toContain('Sign-in is not available');
    expect(page.text).toContain('href="/login/code"');
    await user.get('/login/code');
    expect((await user.submit('/login/code', { otp })).status).toBe(303);
  });

  test('after a timeout the code page is offered, since the code may have been sent', async () => {
    vi.spyOn(console, 'error').mockReturnValue();
    const app = express();
    app.post('/login', () => {
      throw new PasswordlessError('timeout');
    });
    app.use(errorPage({ baseURL: 'http://127.0.0.1' }));
    const page = await request(app).post('/login');
    expect(page.status).toBe(504);
    expect(textOf(page)).toContain('Sign-in is taking too long');
    expect(page.text).toContain('href="/login/code"');
  });

  test('an address without a page is a 404', async () => {
    const { browser } = await setUp();
    const page = await browser().get('/nothing');
    expect(page.status).toBe(404);
    expect(textOf(page)).toContain('Page not found');
  });
});
