import request, { type Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import { cookiesOf, hosts, setUp, textOf } from './support.js';

describe.each(hosts)('on $host', ({ createApp }) => {
  test('the session cookie is httpOnly and lax, and behind an https proxy secure', async () => {
    const attributesOf = ({ headers }: Response) =>
      (headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.toLowerCase().split('; '));
    const local = await setUp(createApp);
    const plain = attributesOf(await local.browser().get('/login'));
    expect(plain.length).toBeGreaterThan(0);
    for (const [pair, ...attributes] of plain) {
      expect(pair).toMatch(/^example\.sid/);
      expect(attributes).toEqual(expect.arrayContaining(['path=/', 'httponly', 'samesite=lax']));
      expect(attributes).not.toContain('secure');
    }

    const { baseURL } = await setUp(createApp, { config: { baseURL: 'https://app.example.com' } });
    const proxied = attributesOf(await request(baseURL).get('/login').set('X-Forwarded-Proto', 'https'));
    expect(proxied.length).toBeGreaterThan(0);
    for (const [pair, ...attributes] of proxied) {
      expect(pair).toMatch(/^__host-example\.sid/);
      expect(attributes).toEqual(expect.arrayContaining(['path=/', 'httponly', 'samesite=lax', 'secure']));
    }
  });

  test('the session gets another id with the sign-in', async () => {
    const { tenant, browser } = await setUp(createApp);
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

  test('a CSRF token outlives neither the sign-in nor the sign-out', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    /** What a form is answered that was shown before. */
    const statusOf = async (action: string, { text }: Response) => {
      const _csrf = /name="_csrf" value="([^"]+)"/.exec(text)?.[1];
      expect(_csrf).toBeTruthy();
      return (await user.agent.post(action).type('form').send({ email: 'ada@example.com', _csrf })).status;
    };
    const signInPage = await user.get('/login');
    await user.submit('/login', { email: 'ada@example.com' });
    await user.get('/login/code');
    await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect(await statusOf('/logout', signInPage)).toBe(403);

    const profile = await user.get('/');
    expect(profile.status).toBe(200);
    await user.submit('/logout');
    expect(await statusOf('/login', profile)).toBe(403);
  });

  test('the address is not shown to whoever comes after', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com' });
    await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    await user.get('/');
    await user.submit('/logout');
    expect((await user.get('/login')).text).not.toContain('ada@example.com');
  });

  test('a session that was signed out stays so, for whoever kept its cookie', async () => {
    const { tenant, baseURL, browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com' });
    const cookie = cookiesOf(
      await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' }),
    );
    const status = async () => (await request(baseURL).get('/').set({ cookie })).status;
    expect(await status()).toBe(200);
    await user.get('/');
    await user.submit('/logout');
    expect(await status()).toBe(302);
  });

  test('users who sign in at the same time are each answered', async () => {
    const { tenant, browser } = await setUp(createApp);
    const emails = ['ada@example.com', 'grace@example.com', 'barbara@example.com'];
    const users = emails.map((email) => ({ email, user: browser() }));
    await Promise.all(users.map(({ email, user }) => user.ask({ email })));
    await Promise.all(
      users.map(({ email, user }) => user.submit('/login/code', { otp: tenant.inbox.latest(email)?.code ?? '' })),
    );
    for (const { email, user } of users) expect(textOf(await user.get('/'))).toContain(email);
  });
});
