import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ada } from '../example-app/support.js';
import { item, openBoth, withoutScript } from './inbox-support.js';
import { desktop } from './support.js';

// test/tenant/ presses every button of the inbox as a browser without JavaScript does.

const eve = 'eve@example.com';
const withFactor = (type: 'otp' | 'push') => ({ mfa: 'always' as const, users: [{ email: ada, factors: [{ type }] }] });

describe.each([desktop, withoutScript])('next to the app, on a $name', (view) => {
  test('the inbox shows a code to type, and a link to open', async () => {
    const { app, inbox, ask, type, update, heading } = await openBoth(view);
    await ask(ada);
    await type(ada);
    await heading(ada);

    await app.context().clearCookies();
    await ask(eve, 'Email me a sign-in link');
    await update();
    const opened = inbox.context().waitForEvent('page');
    await item(inbox, eve).getByRole('link', { name: 'Open the sign-in link' }).click();
    await heading(eve, await opened);
    expect(await inbox.title()).toBe('Inbox');
  });

  test.each(['Yes', 'No'])('the inbox answers a push with %s', async (answer) => {
    const { app, inbox, tenant, ask, type, update, press, heading } = await openBoth(view, withFactor('push'));
    await ask(ada);
    await type(ada);
    await app.getByRole('button', { name: /notification/i }).click();
    await heading('Check your phone');
    await update();
    await press(`${answer} for ${ada}`);
    await inbox.getByText('On the phone').waitFor({ state: 'detached' });
    tenant.clock.advance(30);
    // With JavaScript, the app polls by itself.
    if (!view.hasScript) await app.getByRole('button', { name: 'I have answered' }).click();
    if (answer === 'Yes') await heading(ada);
    else await app.getByRole('alert').filter({ hasText: 'was refused' }).waitFor();
  });

  test('the inbox shows the codes of an authenticator app', async () => {
    // Without this, the next code could come in the middle of the test.
    vi.setSystemTime(Date.now());
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { app, inbox, ask, type, typed, update, heading } = await openBoth(view, withFactor('otp'));
    await ask(ada);
    await type(ada);
    await app.getByRole('button', { name: 'Authenticator app' }).click();
    await heading('Enter your code');
    await update();
    await typed(await inbox.locator('.totp').textContent());
    await heading(ada);
    await update();
    await inbox.getByText('used, next in').waitFor();
  });

  test('the inbox gives the browser the session that a link requires', async () => {
    const { inbox, ask, press, update, heading } = await openBoth(view);
    await press('With a session only');
    await ask(ada, 'Email me a sign-in link');
    await update();
    const open = async (name: string) => {
      const opened = inbox.context().waitForEvent('page');
      await inbox.getByRole('link', { name }).first().click();
      return opened;
    };
    await (await open('Open the sign-in link')).getByText('must be opened on the same device').waitFor();
    await (await open('/authorize')).getByText('This browser now has a session').waitFor();
    await heading(ada, await open('Open the sign-in link'));
  });

  test('the inbox injects a fault until it is undone', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => {
      log.mockRestore();
    });
    const { inbox, ask, press, heading } = await openBoth(view);
    await inbox.getByLabel('Endpoint').selectOption('/passwordless/start');
    await inbox.getByLabel('What it does').selectOption({ label: "503, a gateway's page" });
    await inbox.getByLabel('How often').selectOption({ label: 'until I undo it' });
    await press('Let it go wrong');
    await inbox.getByText("503, a gateway's page, until it is undone").waitFor();
    for (let i = 0; i < 2; i += 1) {
      await ask(ada);
      await heading('Sign-in is not available');
    }
    await press('Undo the fault of /passwordless/start');
    await inbox.getByText('Nothing will go wrong.').waitFor();
    await ask(ada);
    await heading('Enter your code');
  });
});

describe('next to the app, with JavaScript,', () => {
  test('the inbox switches second factors on and off', async () => {
    const { app, tenant, ask, type, press, heading } = await openBoth(desktop, {
      mfa: ({ email }) => email === eve,
      users: [{ email: ada }, { email: eve, factors: [{ type: 'otp' }] }],
    });
    await press('Always');
    await ask(ada);
    await type(ada);
    await heading('Set up a second step');
    await press('Authenticator app');
    await press('Push');
    expect(tenant.settings.mfaFactors).toEqual(['phone', 'email', 'recovery-code']);
    await press('Never');
    await app.context().clearCookies();
    await ask(eve);
    await type(eve);
    await heading(eve);
  });

  test('the inbox moves the clock past the life of a code, and back', async () => {
    const { app, inbox, ask, type, press, heading } = await openBoth(desktop);
    await ask(ada);
    await press('181 s');
    await item(inbox, ada).getByText('Expired').waitFor();
    await type(ada);
    await app.getByRole('alert').filter({ hasText: 'The code has expired' }).waitFor();
    await ask(eve);
    await press('181 s');
    await press("Back to this machine's time");
    await inbox.getByText('as on this machine').waitFor();
    await type(eve);
    await heading(eve);
  });

  test('the inbox rotates the keys, and shows the new one', async () => {
    const { inbox, ask, type, press, heading } = await openBoth(desktop);
    const key = inbox.locator('#clock code');
    const before = (await key.textContent()) ?? '';
    await press('Rotate the keys');
    await key.filter({ hasNotText: before }).waitFor();
    await ask(ada);
    await type(ada);
    await heading(ada);
  });
});
