import { describe, expect, test } from 'vitest';
import { passTime } from '../support/time.js';
import { ada, expectRedirect, hosts, setUp, setUpUser, textOf } from './support.js';

describe.each(hosts)('on $host', ({ createApp }) => {
  test('a code by email signs in', async () => {
    const { user, page, signIn } = await setUpUser(createApp, {
      tenant: { users: [{ email: ada, name: 'Ada Lovelace' }] },
      form: { email: 'Ada@example.com' },
    });
    expect(textOf(page)).toContain('We sent it to a•••@example.com');
    expect(page.text).toMatch(/inputmode="numeric"\s+autocomplete="one-time-code"/);
    expect(page.text).not.toContain(ada);
    expectRedirect(await signIn(), '/');
    const profile = textOf(await user.get('/'));
    for (const fact of ['Ada Lovelace', ada, 'A code, connection email', 'Expires in 24 hours']) {
      expect(profile).toContain(fact);
    }
  });

  test('a code by SMS signs in', async () => {
    const { browser, code } = await setUp(createApp);
    const user = browser();
    const page = await user.ask({ phone_number: '+44 20 7946 0000' }, '/login?by=phone');
    expect(textOf(page)).toContain('We sent it to +•••0000');
    expectRedirect(await user.submit('/login/code', { otp: code('+442079460000') }), '/');
    expect(textOf(await user.get('/'))).toContain('A code, connection sms');
  });

  test('a link signs in, in the browser that requested it, and leads home when it is opened again', async () => {
    const { user, page, openLink } = await setUpUser(createApp, { form: { send: 'link' } });
    expect(textOf(page)).toContain('Open the link we sent you');
    const callback = await openLink();
    expectRedirect(await user.get(callback), '/');
    expect(textOf(await user.get('/'))).toContain('A link, connection email');
    const again = await user.get(callback);
    expect([again.status, again.headers.location]).toEqual([302, '/']);
  });

  test('a link in another browser signs nobody in, and offers a code there', async () => {
    const { browser, openLink, code } = await setUpUser(createApp, { form: { send: 'link' } });
    const other = browser();
    const page = await other.get(await openLink());
    expect(page.status).toBe(403);
    expect(page.text).toContain('role="alert"');
    expect(textOf(page)).toContain('Sign in with a code here');
    expect(textOf(page)).toContain('Email me a code');
    expect(textOf(page)).not.toContain('Email me a sign-in link');
    await other.submit('/login', { email: ada, send: 'code' });
    await other.get('/login/code');
    expectRedirect(await other.submit('/login/code', { otp: code() }), '/');
  });

  test('a wrong code shows the same page again, and the right code then signs in', async () => {
    const { user, signIn } = await setUpUser(createApp);
    const page = await user.submit('/login/code', { otp: '000000' });
    expect(page.status).toBe(401);
    expect(page.text).toMatch(/role="alert"[^>]*>\s*The code is wrong/);
    expect(page.text).toContain('aria-invalid="true"');
    expect(textOf(page)).toContain('a•••@example.com');
    expectRedirect(await signIn(), '/');
  });

  test('a resend waits for the cooldown, and then sends a new code', async () => {
    const { tenant, user, code } = await setUpUser(createApp);
    const first = code();
    const early = await user.submit('/login/resend');
    expect(early.status).toBe(429);
    expect(Number(early.headers['retry-after'])).toBeGreaterThan(0);
    expect(textOf(early)).toMatch(/You can try again in \d+ seconds/);
    expect((await user.get('/login/resend')).headers.location).toBe('/login/code');

    await user.get('/login/code');
    passTime(31);
    const { headers } = await user.submit('/login/resend');
    expect(textOf(await user.get(headers.location ?? ''))).toContain('A new code is on its way');
    expect(tenant.inbox.messages).toHaveLength(2);
    expect(code()).not.toBe(first);
  });

  test('a second start within the cooldown leads to the message that was sent', async () => {
    const { tenant, user, signIn } = await setUpUser(createApp);
    await user.get('/login');
    const page = await user.submit('/login', { email: ada });
    expect(page.status).toBe(429);
    expect(page.text).toContain('href="/login/code"');
    expect(tenant.inbox.messages).toHaveLength(1);
    await user.get('/login/code');
    expectRedirect(await signIn(), '/');
  });

  test('an invalid phone number is shown in the form again, with what is wrong', async () => {
    const user = (await setUp(createApp)).browser();
    await user.get('/login?by=phone&returnTo=/claims');
    const page = await user.submit('/login', { phone_number: '12' });
    expect(page.status).toBe(400);
    expect(page.text).toMatch(/role="alert"[^>]*>\s*Enter the phone number/);
    expect(page.text).toMatch(/name="phone_number"[^>]*value="12"/);
    expect(page.text).toContain('name="returnTo" value="/claims"');
  });

  test('the page for the code leads to the sign-in form if nothing is pending', async () => {
    const answer = await (await setUp(createApp)).browser().get('/login/code');
    expect([answer.status, answer.headers.location]).toEqual([302, '/login']);
  });

  test('a code after the transaction has expired leads back to the sign-in form', async () => {
    const { user } = await setUpUser(createApp);
    passTime(601);
    const page = await user.submit('/login/code', { otp: '123456' });
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('took too long');
    expect(page.text).toMatch(/name="email"[^>]*value="ada@example.com"/);
  });

  test('signing in leads to the page that the user opened first', async () => {
    const { browser, code } = await setUp(createApp);
    const user = browser();
    const { headers } = await user.get('/claims');
    expect(headers.location).toBe('/login?returnTo=%2Fclaims');
    await user.ask({ email: ada }, headers.location);
    expectRedirect(await user.submit('/login/code', { otp: code() }), '/claims');
    expect(textOf(await user.get('/claims'))).toContain('email_verified');
  });

  test('a POST signs out, and a GET does not', async () => {
    const { user, signIn } = await setUpUser(createApp);
    await signIn();
    expect((await user.get('/logout')).status).toBe(404);
    expect((await user.get('/login')).headers.location).toBe('/');
    await user.get('/');
    expectRedirect(await user.submit('/logout'), '/login?signedOut');
    expect(textOf(await user.get('/login?signedOut'))).toContain('You are signed out.');
    expect((await user.get('/')).headers.location).toBe('/login?returnTo=%2F');
  });
});
