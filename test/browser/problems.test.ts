import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { passTime } from '../support/time.js';
import { ada, ask, codeOf, openApp, openCodePage, openSecondStep, sendPush, titled, typeCode } from './app.js';
import { look, phone, views } from './support.js';

// The log is for whoever runs the app; it is tested elsewhere.
beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(views)('on a $name', (view) => {
  test('too many attempts: a countdown says when to try again', async () => {
    const { page } = await openCodePage(view, { tenant: { startLimit: 1 } });
    await page.getByRole('link', { name: 'Change the address' }).click();
    await page.getByLabel('Email address').fill('grace@example.com');
    await page.getByRole('button', { name: 'Email me a code' }).click();
    await page.getByRole('alert').waitFor();
    await look(page, view, 'rate-limited', titled('Error: Sign in'));
    const timer = page.getByRole('timer');
    if (view.hasScript) {
      expect(await timer.textContent()).toMatch(/in (\d+ min )?\d+ s\.\s*$/);
      await page.clock.fastForward(3_600_000);
      expect(await timer.textContent()).toBe('You can try again now.');
      expect(await page.getByRole('status').last().textContent()).toBe('You can try again now.');
    } else {
      expect(await timer.textContent()).toMatch(/in \d+ (minutes|seconds)\./);
    }
  });

  test('a blocked account', async () => {
    const { tenant, page } = await openCodePage(view);
    Object.assign(tenant.users[0] ?? {}, { blocked: true });
    await typeCode(page, view, codeOf(tenant));
    await look(page, view, 'blocked', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toContain('This account is blocked.');
  });

  test('a sign-in that took too long', async () => {
    const { tenant, page } = await openCodePage(view);
    passTime(601);
    await typeCode(page, view, codeOf(tenant));
    await look(page, view, 'took-too-long', titled('Error: Sign in'));
  });

  test('Auth0 out of reach: trying again leads back to the code', async () => {
    const { tenant, page } = await openCodePage(view);
    tenant.fault({ path: '/oauth/token', respond: 'reset' });
    await typeCode(page, view, codeOf(tenant));
    await look(page, view, 'unreachable', titled('Sign-in is not available'));
    await page.getByRole('link', { name: 'Try again' }).click();
    await typeCode(page, view, codeOf(tenant));
    expect(await page.title()).toBe(titled('Your profile'));
  });

  test('an address that takes no message', async () => {
    const { tenant, page } = await openApp(view);
    const body = { error: 'email_provider_error' };
    tenant.fault({ path: '/passwordless/start', respond: { status: 400, body } });
    await ask(page, 'Email me a code');
    await page.getByRole('alert').waitFor();
    await look(page, view, 'not-delivered', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toContain('could not be sent');
  });

  test('what an Action says is told, and what can be done', async () => {
    const { tenant, page } = await openCodePage(view);
    const body = { error: 'access_denied', error_description: 'We are closed on <b>Sundays</b>.' };
    tenant.fault({ path: '/oauth/token', respond: { status: 403, body } });
    await typeCode(page, view, codeOf(tenant));
    await look(page, view, 'denied', titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toBe(
      'Access was denied. We are closed on <b>Sundays</b>. Use another account, or ask whoever runs this site.',
    );
  });

  test('a set-up that is wrong, with the remedy for the developer', async () => {
    const { tenant, page } = await openApp(view);
    tenant.fault({ path: '/passwordless/start', respond: { status: 401, body: { error: 'invalid_client' } } });
    await ask(page, 'Email me a code');
    await page.getByText('Check clientID and clientSecret').waitFor();
    await look(page, view, 'not-set-up', titled('Sign-in is not set up'));
  });

  test('a form of another session, and an address without a page', async () => {
    const { baseURL, page } = await openApp(view);
    await page.context().clearCookies();
    await ask(page, 'Email me a code');
    await page.getByText('Open the page again').waitFor();
    await look(page, view, 'out-of-date', titled('This form is out of date'));
    await page.getByRole('link', { name: 'Try again' }).click();
    await page.getByLabel('Email address').waitFor();
    await page.goto(`${baseURL}/nothing`);
    await look(page, view, 'not-found', titled('Page not found'));
  });
});

test('while Auth0 is out of reach, a push goes on being asked about', async () => {
  const { tenant, page } = await openSecondStep(phone, { factors: [{ type: 'push' }] });
  await sendPush(page);
  tenant.approvePush(ada);
  tenant.fault({ path: '/oauth/token', respond: 'reset' });
  await page.clock.runFor(5_000);
  await page.getByText('cannot be reached').waitFor();
  await page.getByRole('link', { name: 'Try again' }).click();
  await look(page, phone, 'second-step-after-outage', titled('Second step'));
});

// This takes as long as the strategy waits for Auth0.
test('Auth0 takes too long', async () => {
  const { tenant, page } = await openApp(phone);
  page.setDefaultTimeout(30_000);
  tenant.fault({ path: '/passwordless/start', respond: 'timeout' });
  await ask(page, 'Email me a code');
  await page.getByText('did not answer in time').waitFor();
  await look(page, phone, 'timeout', titled('Sign-in is taking too long'));
});
