import { PasswordlessError } from 'passport-auth0-passwordless';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { errorPage } from '../../example-app/errors.js';
import { html } from '../../example-app/html.js';
import { safePath } from '../../example-app/safe-path.js';
import { ada, expectRedirect, hosts, setUp, setUpUser, textOf } from './support.js';

beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(hosts)('on $host', ({ createApp }) => {
  test('a form without its CSRF token, or with a wrong one, is refused and sends nothing', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.get('/login');
    for (const token of [{}, { _csrf: '' }, { _csrf: 'x'.repeat(43) }]) {
      const answer = await user.post('/login', { email: ada, ...token });
      expect(answer.status).toBe(403);
      expect(textOf(answer)).toContain('This form is out of date');
    }
    expect((await browser().post('/logout', {})).status).toBe(403);
    expect(tenant.inbox.messages).toHaveLength(0);
  });

  test("a form with another session's CSRF token is refused", async () => {
    const { browser } = await setUp(createApp);
    const [one, other] = [browser(), browser()];
    await one.get('/login');
    await other.get('/login');
    const { csrf: _csrf } = one;
    expect(_csrf).toMatch(/^[\w-]{43}$/);
    expect((await other.post('/login', { email: ada, _csrf })).status).toBe(403);
    expect((await one.post('/login', { email: ada, _csrf })).status).toBe(303);
  });

  test('a start that another site posts is refused and sends nothing', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.get('/login');
    const page = await user.submit('/login', { email: ada }, { headers: { 'Sec-Fetch-Site': 'cross-site' } });
    expect(page.status).toBe(403);
    expect(page.text).toMatch(/role="alert"[^>]*>\s*This request came from another site/);
    expect(tenant.inbox.messages).toHaveLength(0);
  });

  test('signing in never leads to another site', async () => {
    const { signIn } = await setUpUser(createApp, { form: { returnTo: '//evil.example' } });
    expectRedirect(await signIn(), '/');
  });

  test('a hostile name is shown as text, not as markup', async () => {
    const name = `<img src=x onerror="alert('1')">`;
    const { user, signIn } = await setUpUser(createApp, { tenant: { users: [{ email: ada, name }] } });
    await signIn();
    for (const path of ['/', '/claims']) {
      const { status, text } = await user.get(path);
      expect(status).toBe(200);
      expect(text).toContain('&lt;img src=x');
      expect(text).not.toContain('<img');
    }
  });

  test('every page has a strict content security policy, and no cache keeps it', async () => {
    const { browser } = await setUp(createApp);
    const directives = ["default-src 'none'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"];
    for (const path of ['/login', '/login/callback', '/nothing']) {
      const { headers, text } = await browser().get(path);
      for (const directive of directives) expect(headers['content-security-policy']).toContain(directive);
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({
        'referrer-policy': 'no-referrer',
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      // The policy would block these.
      expect(text).not.toMatch(/<script(?![^>]*src=)|<style|\sstyle=|\son\w+=/);
    }
    expect((await browser().get('/style.css')).headers['cache-control']).toContain('public');
  });

  test("only the proxy of this machine can say what a client's address is", async () => {
    const { tenant, browser } = await setUp(createApp, { config: { baseURL: 'https://app.example.com' } });
    const proxied = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '8.8.8.8, 9.9.9.9' };
    const user = browser();
    await user.get('/login', proxied);
    await user.submit('/login', { email: ada }, { headers: { ...proxied, cookie: user.cookies } });
    expect(tenant.requests.map(({ headers }) => headers['auth0-forwarded-for'])).toEqual(['9.9.9.9']);
  });

  test('a form that is too large is refused with a page', async () => {
    const user = (await setUp(createApp)).browser();
    await user.get('/login');
    const page = await user.submit('/login', { email: 'x'.repeat(20_000) });
    expect(page.status).toBe(413);
    expect(textOf(page)).toContain('This request cannot be read');
  });

  test('localhost redirects to the address that the cookies are for', async () => {
    const { baseURL, browser } = await setUp(createApp);
    const { status, headers } = await browser().get('/login', { Host: 'localhost:3000' });
    expect([status, headers.location]).toEqual([302, `${baseURL}/`]);
  });

  test.each([
    ['shows the remedy in development', {}, {}],
    ['only logs the remedy in production', { baseURL: 'https://app.example.com' }, { 'X-Forwarded-Proto': 'https' }],
  ])('a wrong client secret %s', async (_where, config, headers) => {
    const user = (await setUp(createApp, { config: { ...config, clientSecret: 'wrong' } })).browser();
    await user.get('/login', headers);
    const page = await user.submit('/login', { email: ada }, { headers: { ...headers, cookie: user.cookies } });
    expect(page.status).toBe(500);
    expect(textOf(page)).toContain('Sign-in is not set up');
    expect(textOf(page).includes('Check clientID and clientSecret')).toBe(!('baseURL' in config));
    expect(console.error).toHaveBeenCalledWith(
      'POST /login:',
      expect.objectContaining({ code: 'configuration_error' }),
    );
  });

  test('an unreachable Auth0 keeps the login pending, and the page offers to try again', async () => {
    const { tenant, user, signIn } = await setUpUser(createApp);
    tenant.fault({ path: '/oauth/token', respond: 'reset' });
    const page = await signIn();
    expect(page.status).toBe(503);
    expect(textOf(page)).toContain('Sign-in is not available');
    expect(page.text).toContain('href="/login/code"');
    await user.get('/login/code');
    expectRedirect(await signIn(), '/');
  });

  test('an unknown path is a 404', async () => {
    const page = await (await setUp(createApp)).browser().get('/nothing');
    expect(page.status).toBe(404);
    expect(textOf(page)).toContain('Page not found');
  });
});

test.each([
  ['/claims?a=1', '/claims?a=1'],
  ['/', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['https://evil.example', '/'],
  ['evil', '/'],
  [`/${'a'.repeat(500)}`, `/${'a'.repeat(500)}`],
  [`/${'a'.repeat(501)}`, '/'],
  [['/claims'], '/'],
  [undefined, '/'],
])('the safe path of %j is %j', (path, expected) => {
  expect(safePath(path)).toBe(expected);
});

test('html escapes text and attributes, but not other markup of its own', () => {
  const value = `"'<>&`;
  expect(html`<a title="${value}">${[html`<b>${1}</b>`, undefined, false]}</a>`.markup).toBe(
    '<a title="&quot;&#39;&lt;&gt;&amp;"><b>1</b></a>',
  );
});

test('the page after a timeout leads to the page for the code, because the code may have been sent', () => {
  const request = { method: 'POST', path: '/login' };
  const { status, page } = errorPage(new PasswordlessError('timeout'), request, { baseURL: 'http://127.0.0.1' });
  expect(status).toBe(504);
  expect(page.title).toBe('Sign-in is taking too long');
  expect(page.main.markup).toContain('href="/login/code"');
});
