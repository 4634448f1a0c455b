import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ada } from '../tenant/mfa-support.js';
import { item, openBoth, press, withoutScript } from './inbox-support.js';
import { desktop } from './support.js';

const heading = (page: Page) => page.getByRole('heading', { level: 1 });

describe.each([desktop, withoutScript])('beside the app, on a $name', (view) => {
  test('a code is read and typed, and a link is clicked', async () => {
    const { app, inbox, ask, type } = await openBoth(view);
    await ask(ada);
    await type(ada);
    await heading(app).filter({ hasText: ada }).waitFor();

    const eve = 'eve@example.com';
    await app.context().clearCookies();
    await ask(eve, 'Email me a sign-in link');
    if (!view.hasScript) await inbox.reload();
    const opened = inbox.context().waitForEvent('page');
    await item(inbox, eve).getByRole('link', { name: 'Open the sign-in link' }).click();
    await heading(await opened)
      .filter({ hasText: eve })
      .waitFor();
    expect(await inbox.title()).toBe('Inbox');
  });

  test.each(['Yes', 'No'])('a push is answered with %s', async (answer) => {
    const { app, inbox, tenant, ask, type, press } = await openBoth(view, {
      mfa: 'always',
      users: [{ email: ada, factors: [{ type: 'push' }] }],
    });
    await ask(ada);
    await type(ada);
    await app.getByRole('button', { name: /notification/i }).click();
    await heading(app).filter({ hasText: 'Check your phone' }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await press(`${answer} for ${ada}`);
    await inbox.getByText('On the phone').waitFor({ state: 'detached' });
    tenant.clock.advance(30);
    // With script it asks by itself.
    if (!view.hasScript) await app.getByRole('button', { name: 'I have answered' }).click();
    if (answer === 'Yes') await heading(app).filter({ hasText: ada }).waitFor();
    else
      await app
        .getByRole('alert')
        .filter({ hasText: /refused|rejected|denied/ })
        .waitFor();
  });

  test('the policy decides whether there is a second step', async () => {
    const { app, tenant, ask, type, press } = await openBoth(view, {
      mfa: ({ email }) => email === 'app@example.com',
      users: [{ email: ada }, { email: 'app@example.com', factors: [{ type: 'otp' }] }],
    });
    await press('Always');
    await ask(ada);
    await type(ada);
    await heading(app).filter({ hasText: 'Set up a second step' }).waitFor();
    await press('Authenticator app');
    await press('Push');
    await app.reload();
    expect(tenant.settings.mfaFactors).toEqual(['phone', 'email', 'recovery-code']);
    await press('Never');
    await app.context().clearCookies();
    await ask('app@example.com');
    await type('app@example.com');
    await heading(app).filter({ hasText: 'app@example.com' }).waitFor();
  });

  test('the codes of an authenticator app are there', async () => {
    // So that the next one does not come in the middle.
    vi.setSystemTime(Date.now());
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const { app, inbox, ask, type } = await openBoth(view, {
      mfa: 'always',
      users: [{ email: ada, factors: [{ type: 'otp' }] }],
    });
    await ask(ada);
    await type(ada);
    await app.getByRole('button', { name: 'Authenticator app' }).click();
    await heading(app).filter({ hasText: 'Enter your code' }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await app.getByLabel('Code').fill((await inbox.locator('.totp').textContent()) ?? '');
    if (!view.hasScript) await app.getByRole('button', { name: 'Sign in' }).click();
    await heading(app).filter({ hasText: ada }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await inbox.getByText('used, next in').waitFor();
  });

  test('a call to Auth0 goes wrong, once', async () => {
    const { app, inbox, ask } = await openBoth(view);
    await inbox.getByLabel('Endpoint').selectOption('/passwordless/start');
    await inbox.getByLabel('What it does').selectOption({ label: '429, too many: again after 30 s' });
    await press(inbox, 'Let it go wrong');
    await inbox.getByText('429, too many: again after 30 s, once').waitFor();
    await ask(ada);
    await app.getByRole('alert').filter({ hasText: 'Too many attempts' }).waitFor();
    if (!view.hasScript) await inbox.reload();
    await inbox.getByText('Nothing will go wrong.').waitFor();
    await ask('eve@example.com');
    await heading(app).filter({ hasText: 'Enter your code' }).waitFor();
  });

  test('Auth0 is out of reach, until that is undone', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => {
      log.mockRestore();
    });
    const { app, inbox, ask, press } = await openBoth(view);
    await inbox.getByLabel('What it does').selectOption({ label: "503, a gateway's page" });
    await inbox.getByLabel('How often').selectOption({ label: 'until I undo it' });
    await press('Let it go wrong');
    for (let i = 0; i < 2; i += 1) {
      await ask(ada);
      await heading(app).filter({ hasText: 'Sign-in is not available' }).waitFor();
    }
    await press('Undo the fault of /passwordless/start');
    await ask(ada);
    await heading(app).filter({ hasText: 'Enter your code' }).waitFor();
  });

  test('the limit of messages is reached, and an hour later it is not', async () => {
    const { app, inbox, ask, press } = await openBoth(view, { startLimit: 1 });
    await ask(ada);
    await ask('eve@example.com');
    await app.getByRole('alert').filter({ hasText: 'Too many attempts' }).waitFor();
    await press('1 hour');
    await ask('eve@example.com');
    await heading(app).filter({ hasText: 'Enter your code' }).waitFor();
    await inbox.getByText("1 h ahead of this machine's").waitFor();
  });

  test('a code gets old, and young again', async () => {
    const { app, inbox, ask, type, press } = await openBoth(view);
    await ask(ada);
    await press('181 s');
    await item(inbox, ada).getByText('Expired').waitFor();
    await type(ada);
    await app.getByRole('alert').filter({ hasText: 'The code has expired' }).waitFor();
    await ask('eve@example.com');
    await press('181 s');
    await press("Back to this machine's time");
    await inbox.getByText('as on this machine').waitFor();
    await type('eve@example.com');
    await heading(app).filter({ hasText: 'eve@example.com' }).waitFor();
  });

  test('tokens are stamped so that they are refused, and the keys are rotated', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    onTestFinished(() => {
      log.mockRestore();
    });
    const { app, inbox, ask, type, press } = await openBoth(view);
    await press('As expired');
    await ask(ada);
    await type(ada);
    await heading(app).filter({ hasNotText: 'Enter your code' }).waitFor();
    expect(log.mock.calls.flat()).toContainEqual(expect.objectContaining({ code: 'id_token_invalid' }));
    await press('Right');
    const key = inbox.locator('#clock code');
    const before = (await key.textContent()) ?? '';
    await press('Rotate the keys');
    await key.filter({ hasNotText: before }).waitFor();
    await ask('eve@example.com');
    await type('eve@example.com');
    await heading(app).filter({ hasText: 'eve@example.com' }).waitFor();
  });

  test('a user is blocked between the message and the code', async () => {
    const { app, inbox, ask, type, press } = await openBoth(view, { users: [{ email: ada, name: 'Ada' }] });
    await ask(ada);
    await press(`Block ${ada}`);
    await inbox.getByText('blocked', { exact: true }).waitFor();
    await type(ada);
    await app.getByRole('alert').filter({ hasText: 'This account is blocked' }).waitFor();
    await press(`Unblock ${ada}`);
    await inbox.getByRole('button', { name: `Block ${ada}`, exact: true }).waitFor();
  });

  test('a factor is removed', async () => {
    const { inbox, tenant, press } = await openBoth(view, { users: [{ email: ada, factors: [{ type: 'push' }] }] });
    await press(`Remove this factor of ${ada}`);
    await inbox.getByRole('button', { name: /^Remove/ }).waitFor({ state: 'detached' });
    expect(tenant.users[0]?.factors).toEqual([]);
  });

  test('a link wants a session, which the browser is given', async () => {
    const { inbox, ask, press } = await openBoth(view);
    await press('With a session only');
    await ask(ada, 'Email me a sign-in link');
    if (!view.hasScript) await inbox.reload();
    const open = async (name: string) => {
      const opened = inbox.context().waitForEvent('page');
      await inbox.getByRole('link', { name }).first().click();
      return opened;
    };
    await (await open('Open the sign-in link')).getByText('must be opened on the same device').waitFor();
    await (await open('/authorize')).getByText('This browser now has a session').waitFor();
    await heading(await open('Open the sign-in link'))
      .filter({ hasText: ada })
      .waitFor();
  });
});
