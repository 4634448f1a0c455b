import { PasswordlessError } from 'passport-auth0-passwordless';
import request from 'supertest';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { errorPage } from '../../example-app/errors.js';
import { html } from '../../example-app/html.js';
import { safePath } from '../../example-app/safe-path.js';
import { cookiesOf, hosts, setUp, textOf } from './support.js';

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(hosts)('on $host', ({ createApp }) => {
  test('a form without a CSRF token, or with a wrong one, is refused and sends nothing', async () => {
    const { tenant, browser } = await setUp(createApp);
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
    const { browser } = await setUp(createApp);
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
    const { tenant, browser } = await setUp(createApp);
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
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'code', returnTo });
    const answer = await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect(answer.headers.location).toBe('/');
  });

  test('a hostile name is text, not markup', async () => {
    const name = `<img src=x onerror="alert('1')">`;
    const { tenant, browser } = await setUp(createApp, { tenant: { users: [{ email: 'ada@example.com', name }] } });
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

  test.each([['phone_number[a]'], ['phone_number[]'], ['phone_number']])(
    'a number that comes as %s is no number, and spoils no page after it',
    async (name) => {
      const { tenant, browser } = await setUp(createApp, {
        tenant: { mfa: 'always', users: [{ email: 'ada@example.com' }] },
      });
      const user = browser();
      await user.ask({ email: 'ada@example.com', send: 'code' });
      await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
      await user.get('/login/mfa');
      const refused = await user.submit('/login/mfa/enroll', { type: 'sms', [name]: '1'.repeat(2000) });
      expect(refused.status).toBe(400);
      expect(textOf(refused)).toContain('Enter the phone number in international form');
      const { status, text } = await user.get('/login/mfa');
      expect(status).toBe(200);
      expect(text).not.toContain('1'.repeat(321));
    },
  );

  test('every page has a strict policy, and is kept by no cache', async () => {
    const { browser } = await setUp(createApp);
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

  test("of a client's address, only what the proxy of this machine wrote counts", async () => {
    const { tenant, baseURL } = await setUp(createApp, { config: { baseURL: 'https://app.example.com' } });
    const proxied = { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '8.8.8.8, 9.9.9.9' };
    const page = await request(baseURL).get('/login').set(proxied);
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
    const body = { email: 'ada@example.com', _csrf };
    await request(baseURL)
      .post('/login')
      .set({ ...proxied, cookie: cookiesOf(page) })
      .type('form')
      .send(body);
    expect(tenant.requests.map(({ headers }) => headers['auth0-forwarded-for'])).toEqual(['9.9.9.9']);
  });

  test('a form that is too large gets a page that says so', async () => {
    const { browser } = await setUp(createApp);
    const user = browser();
    await user.get('/login');
    const page = await user.submit('/login', { email: 'x'.repeat(20_000) });
    expect(page.status).toBe(413);
    expect(textOf(page)).toContain('This request cannot be read');
  });

  test('localhost leads to the address that the cookies are for', async () => {
    const { baseURL } = await setUp(createApp);
    const answer = await request(baseURL).get('/login').set('Host', 'localhost:3000');
    expect([answer.status, answer.headers.location]).toEqual([302, `${baseURL}/`]);
  });

  describe('when a user can mend nothing', () => {
    test('a wrong secret is told in development, with the remedy', async () => {
      vi.spyOn(console, 'error').mockReturnValue();
      const { browser } = await setUp(createApp, { config: { clientSecret: 'wrong' } });
      const user = browser();
      await user.get('/login');
      const page = await user.submit('/login', { email: 'ada@example.com' });
      expect(page.status).toBe(500);
      expect(textOf(page)).toContain('Sign-in is not set up');
      expect(textOf(page)).toContain('Check clientID and clientSecret');
    });

    test('in production nothing of it is told, but the log has it', async () => {
      const log = vi.spyOn(console, 'error').mockReturnValue();
      const { baseURL } = await setUp(createApp, {
        config: { baseURL: 'https://app.example.com', clientSecret: 'wrong' },
      });
      const proxied = { 'X-Forwarded-Proto': 'https' };
      const page = await request(baseURL).get('/login').set(proxied);
      const _csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1];
      const cookie = cookiesOf(page);
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
      const { tenant, browser } = await setUp(createApp);
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

    test('an address without a page is a 404', async () => {
      const { browser } = await setUp(createApp);
      const page = await browser().get('/nothing');
      expect(page.status).toBe(404);
      expect(textOf(page)).toContain('Page not found');
    });
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
  [`/${'a'.repeat(600)}`, '/'],
  [['/claims'], '/'],
  [undefined, '/'],
])('the safe path of %j is %j', (path, expected) => {
  expect(safePath(path)).toBe(expected);
});

test('html escapes text and attributes, and passes markup of its own', () => {
  const value = `"'<>&`;
  expect(html`<a title="${value}">${[html`<b>${1}</b>`, undefined, false]}</a>`.markup).toBe(
    '<a title="&quot;&#39;&lt;&gt;&amp;"><b>1</b></a>',
  );
});

test('after a timeout the code page is offered, since the code may have been sent', () => {
  vi.spyOn(console, 'error').mockReturnValue();
  const request = { method: 'POST', path: '/login' };
  const { status, page } = errorPage(new PasswordlessError('timeout'), request, { baseURL: 'http://127.0.0.1' });
  expect(status).toBe(504);
  expect(page.title).toBe('Sign-in is taking too long');
  expect(page.main.markup).toContain('href="/login/code"');
});
