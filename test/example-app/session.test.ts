import request, { type Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import { ada, cookiesOf, hosts, setUp, setUpUser, textOf } from './support.js';

const proxied = { config: { baseURL: 'https://app.example.com' }, headers: { 'X-Forwarded-Proto': 'https' } };

describe.each(hosts)('on $host', ({ createApp }) => {
  test.each([
    ['the session cookie is httpOnly and lax', 'example.sid', false, { config: {}, headers: {} }],
    ['the session cookie behind an HTTPS proxy is secure, too', '__host-example.sid', true, proxied],
  ])('%s', async (_title, name, isSecure, { config, headers }) => {
    const { baseURL } = await setUp(createApp, { config });
    const response = await request(baseURL).get('/login').set(headers);
    const cookies = response.get('Set-Cookie') ?? [];
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) {
      const [pair, ...attributes] = cookie.toLowerCase().split('; ');
      expect(pair?.startsWith(name)).toBe(true);
      expect(attributes).toEqual(expect.arrayContaining(['path=/', 'httponly', 'samesite=lax']));
      expect(attributes.includes('secure')).toBe(isSecure);
    }
  });

  test('signing in gives the session another ID', async () => {
    const { browser, code } = await setUp(createApp);
    const user = browser();
    const sessionOf = ({ headers }: Response) => /example\.sid=([^;]+)/.exec(String(headers['set-cookie']))?.[1];
    const before = sessionOf(await user.get('/login'));
    await user.submit('/login', { email: ada });
    await user.get('/login/code');
    const after = sessionOf(await user.submit('/login/code', { otp: code() }));
    expect(before).toBeTruthy();
    expect(after).toBeTruthy();
    expect(after).not.toBe(before);
  });

  test('a CSRF token is invalid after signing in, and after signing out', async () => {
    const { user, signIn } = await setUpUser(createApp);
    const beforeSignIn = user.csrf;
    await signIn();
    expect((await user.post('/logout', { _csrf: beforeSignIn })).status).toBe(403);
    expect((await user.get('/')).status).toBe(200);
    const beforeSignOut = user.csrf;
    expect((await user.submit('/logout')).status).toBe(303);
    expect((await user.post('/login', { email: ada, _csrf: beforeSignOut })).status).toBe(403);
  });

  test('the email address is not shown to the next user of the browser', async () => {
    const { user, signIn } = await setUpUser(createApp);
    await signIn();
    await user.get('/');
    await user.submit('/logout');
    expect((await user.get('/login')).text).not.toContain(ada);
  });

  test('a copied session cookie is invalid after signing out', async () => {
    const { baseURL, user, signIn } = await setUpUser(createApp);
    const cookie = cookiesOf(await signIn());
    const status = async () => (await request(baseURL).get('/').set({ cookie })).status;
    expect(await status()).toBe(200);
    await user.get('/');
    await user.submit('/logout');
    expect(await status()).toBe(302);
  });

  test('users who sign in concurrently each see their own profile', async () => {
    const { browser, code } = await setUp(createApp);
    const emails = [ada, 'grace@example.com', 'barbara@example.com'];
    const users = emails.map((email) => ({ email, user: browser() }));
    await Promise.all(users.map(({ email, user }) => user.ask({ email })));
    await Promise.all(users.map(({ email, user }) => user.submit('/login/code', { otp: code(email) })));
    for (const { email, user } of users) expect(textOf(await user.get('/'))).toContain(email);
  });
});
