import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ada } from '../example-app/support.js';
import { passTime } from '../support/time.js';
import { ask, expectTitle, openApp, openCodePage, openSecondFactor, sendPush, titled, typeCode } from './app.js';
import { look, phone, views } from './support.js';

// test/example-app/ tests what the app logs.
beforeEach(() => {
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.restoreAllMocks();
});

const answerOnce = (tenant: LocalTenant, path: string, status: number, error: string, error_description?: string) => {
  tenant.fault({ path, respond: { status, body: { error, error_description } } });
};

describe.each(views)('on a $name', (view) => {
  test('a countdown shows when a user with too many attempts can try again', async () => {
    const { page } = await openCodePage(view, { tenant: { startLimit: 1 } });
    await page.getByRole('link', { name: 'Change the address' }).click();
    await ask(page, 'Email me a code', 'grace@example.com');
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

  const afterCode: [name: string, message: string, meanwhile: (tenant: LocalTenant) => void][] = [
    [
      'blocked',
      'This account is blocked.',
      ({ users }) => {
        for (const user of users) user.blocked = true;
      },
    ],
    [
      'took-too-long',
      'took too long',
      () => {
        passTime(601);
      },
    ],
    [
      'denied',
      'We are closed on <b>Sundays</b>.',
      (tenant) => {
        answerOnce(tenant, '/oauth/token', 403, 'access_denied', 'We are closed on <b>Sundays</b>.');
      },
    ],
  ];
  test.each(afterCode)('the sign-in form shows a login that failed (%s)', async (name, message, meanwhile) => {
    const { tenant, page, code } = await openCodePage(view);
    meanwhile(tenant);
    await typeCode(page, view, code());
    await look(page, view, name, titled('Error: Sign in'));
    expect(await page.getByRole('alert').textContent()).toContain(message);
  });

  test.each([
    ['not-delivered', 400, 'email_provider_error', 'could not be sent', 'Error: Sign in'],
    ['not-set-up', 401, 'invalid_client', 'Check clientID and clientSecret', 'Sign-in is not set up'],
  ])('the page shows a message that was not sent (%s)', async (name, status, error, message, title) => {
    const { tenant, page } = await openApp(view);
    answerOnce(tenant, '/passwordless/start', status, error);
    await ask(page, 'Email me a code');
    await page.getByText(message).waitFor();
    await look(page, view, name, titled(title));
  });

  test('trying again while Auth0 is unreachable leads back to the code', async () => {
    const { tenant, page, code } = await openCodePage(view);
    tenant.fault({ path: '/oauth/token', respond: 'reset' });
    await typeCode(page, view, code());
    await look(page, view, 'unreachable', titled('Sign-in is not available'));
    await page.getByRole('link', { name: 'Try again' }).click();
    await typeCode(page, view, code());
    await expectTitle(page, 'Your profile');
  });

  test('a form of another session and an unknown path have pages', async () => {
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

test('the page that polls for a push offers to try again while Auth0 is unreachable', async () => {
  const { tenant, page } = await openSecondFactor(phone, [{ type: 'push' }]);
  await sendPush(page);
  tenant.approvePush(ada);
  tenant.fault({ path: '/oauth/token', respond: 'reset' });
  await page.clock.runFor(5_000);
  await page.getByText('cannot be reached').waitFor();
  await page.getByRole('link', { name: 'Try again' }).click();
  await look(page, phone, 'second-step-after-outage', titled('Second step'));
});

// This test takes as long as the strategy waits for Auth0.
test('the page shows that Auth0 did not answer in time', async () => {
  const { tenant, page } = await openApp(phone);
  page.setDefaultTimeout(30_000);
  tenant.fault({ path: '/passwordless/start', respond: 'timeout' });
  await ask(page, 'Email me a code');
  await page.getByText('did not answer in time').waitFor();
  await look(page, phone, 'timeout', titled('Sign-in is taking too long'));
});
