import { afterEach, describe, expect, test, vi } from 'vitest';
import { hosts, setUp, textOf } from './support.js';

afterEach(() => {
  vi.useRealTimers();
});

/** Time goes on, for the app; timers stay as they are. */
function later(seconds: number) {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 });
}

describe.each(hosts)('on $host', ({ createApp }) => {
  test('a code by email signs in', async () => {
    const { tenant, browser } = await setUp(createApp, {
      tenant: { users: [{ email: 'ada@example.com', name: 'Ada Lovelace' }] },
    });
    const ada = browser();
    const page = await ada.ask({ email: 'Ada@example.com', send: 'code' });
    expect(textOf(page)).toContain('We sent it to a•••@example.com');
    expect(page.text).toMatch(/inputmode="numeric"\s+autocomplete="one-time-code"/);
    expect(page.text).not.toContain('ada@example.com');

    const answer = await ada.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    const profile = textOf(await ada.get('/'));
    expect(profile).toContain('Ada Lovelace');
    expect(profile).toContain('ada@example.com');
    expect(profile).toContain('A code, connection email');
    expect(profile).toMatch(/Expires in 24 hours/);
  });

  test('a code by SMS signs in', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    const page = await user.ask({ phone_number: '+44 20 7946 0000' }, '/login?by=phone');
    expect(textOf(page)).toContain('We sent it to +•••0000');

    const answer = await user.submit('/login/code', { otp: tenant.inbox.latest('+442079460000')?.code ?? '' });
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect(textOf(await user.get('/'))).toContain('A code, connection sms');
  });

  test('a link signs in, in the browser that asked for it', async () => {
    const { browser, openLink } = await setUp(createApp);
    const user = browser();
    expect(textOf(await user.ask({ email: 'ada@example.com', send: 'link' }))).toContain('Open the link we sent you');

    const answer = await user.get(await openLink('ada@example.com'));
    expect([answer.status, answer.headers.location]).toEqual([303, '/']);
    expect(textOf(await user.get('/'))).toContain('A link, connection email');
  });

  test('a link opened in another browser gets the offer of a code there', async () => {
    const { tenant, browser, openLink } = await setUp(createApp);
    await browser().ask({ email: 'ada@example.com', send: 'link' });

    const other = browser();
    const page = await other.get(await openLink('ada@example.com'));
    expect(page.status).toBe(403);
    expect(page.text).toContain('role="alert"');
    expect(textOf(page)).toContain('Sign in with a code here');
    expect(textOf(page)).toContain('Email me a code');
    expect(textOf(page)).not.toContain('Email me a sign-in link');

    await other.submit('/login', { email: 'ada@example.com', send: 'code' });
    await other.get('/login/code');
    const answer = await other.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect(answer.status).toBe(303);
  });

  test('a link opened for the second time leads home', async () => {
    const { browser, openLink } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'link' });
    const callback = await openLink('ada@example.com');
    await user.get(callback);

    const answer = await user.get(callback);
    expect([answer.status, answer.headers.location]).toEqual([302, '/']);
  });

  test('a wrong code is told on the same page, and the right one then signs in', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'code' });

    const page = await user.submit('/login/code', { otp: '000000' });
    expect(page.status).toBe(401);
    expect(page.text).toMatch(/role="alert"[^>]*>\s*The code is wrong/);
    expect(page.text).toContain('aria-invalid="true"');
    expect(textOf(page)).toContain('a•••@example.com');

    const answer = await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect(answer.status).toBe(303);
  });

  test('a resend is too soon at first, and then sends a new code', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'code' });
    const first = tenant.inbox.latest('ada@example.com')?.code;

    const early = await user.submit('/login/resend');
    expect(early.status).toBe(429);
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(0);
    expect(textOf(early)).toMatch(/You can try again in \d+ seconds/);
    expect((await user.get('/login/resend')).headers.location).toBe('/login/code');

    await user.get('/login/code');
    later(31);
    const { headers } = await user.submit('/login/resend');
    expect(textOf(await user.get(headers.location ?? ''))).toContain('A new code is on its way');
    expect(tenant.inbox.messages).toHaveLength(2);
    expect(tenant.inbox.latest('ada@example.com')?.code).not.toBe(first);
  });

  test('whoever asks again too soon is led to the message that is on its way', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'code' });

    await user.get('/login');
    const page = await user.submit('/login', { email: 'ada@example.com', send: 'code' });
    expect(page.status).toBe(429);
    expect(page.text).toContain('href="/login/code"');
    expect(tenant.inbox.messages).toHaveLength(1);

    await user.get('/login/code');
    const answer = await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect(answer.status).toBe(303);
  });

  test('a malformed address is told beside the form, which keeps it', async () => {
    const { browser } = await setUp(createApp);
    const user = browser();
    await user.get('/login?by=phone&returnTo=/claims');

    const page = await user.submit('/login', { phone_number: '12' });
    expect(page.status).toBe(400);
    expect(page.text).toMatch(/role="alert"[^>]*>\s*Enter the phone number/);
    expect(page.text).toMatch(/name="phone_number"[^>]*value="12"/);
    expect(page.text).toContain('name="returnTo" value="/claims"');
  });

  test('the code page leads to the form where nothing is pending', async () => {
    const { browser } = await setUp(createApp);
    const answer = await browser().get('/login/code');
    expect([answer.status, answer.headers.location]).toEqual([302, '/login']);
  });

  test('a code for a login that took too long leads back to the form', async () => {
    const { browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'code' });
    later(601);

    const page = await user.submit('/login/code', { otp: '123456' });
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('took too long');
    expect(page.text).toMatch(/name="email"[^>]*value="ada@example.com"/);
  });

  test('sign-in leads to the page that was asked for', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    const { headers } = await user.get('/claims');
    expect(headers.location).toBe('/login?returnTo=%2Fclaims');

    await user.ask({ email: 'ada@example.com', send: 'code' }, headers.location);
    const answer = await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect(answer.headers.location).toBe('/claims');
    expect(textOf(await user.get('/claims'))).toContain('email_verified');
  });

  test('signing out ends the session, and only a POST does', async () => {
    const { tenant, browser } = await setUp(createApp);
    const user = browser();
    await user.ask({ email: 'ada@example.com', send: 'code' });
    await user.submit('/login/code', { otp: tenant.inbox.latest('ada@example.com')?.code ?? '' });
    expect((await user.get('/logout')).status).toBe(404);
    expect((await user.get('/login')).headers.location).toBe('/');

    await user.get('/');
    const answer = await user.submit('/logout');
    expect([answer.status, answer.headers.location]).toEqual([303, '/login?signedOut']);
    expect(textOf(await user.get('/login?signedOut'))).toContain('You are signed out.');
    expect((await user.get('/')).headers.location).toBe('/login?returnTo=%2F');
  });
});
