import { randomBytes } from 'node:crypto';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import type { Config } from './config.js';

/** Starts the local tenant, and says how to run with it. */
export async function startLocal(port: number): Promise<Config> {
  const baseURL = `http://127.0.0.1:${port}`;
  const { domain, clientID, clientSecret } = await startLocalTenant({
    // Not any free port: a tab with the inbox survives a restart.
    port: port + 1,
    // The inbox lists them, with what their factors show.
    users: [
      { email: 'ada@example.com', phoneNumber: '+442079460000', name: 'Ada Lovelace', givenName: 'Ada' },
      { email: 'app@example.com', name: 'Alan, with an app', factors: [{ type: 'otp' }, { type: 'recovery-code' }] },
      {
        email: 'phone@example.com',
        phoneNumber: '+442079460001',
        name: 'Grace, with a phone',
        factors: [{ type: 'sms' }, { type: 'voice' }],
      },
      { email: 'push@example.com', name: 'Barbara, with a push', factors: [{ type: 'push' }] },
      { email: 'new@example.com', name: 'Edsger, who has yet to set one up', factors: [] },
      { email: 'mallory@example.com', name: 'Mallory', blocked: true },
    ],
    // Those with `factors` above, even with none in it, need a second step.
    mfa: (user) => user.factors !== undefined,
  });
  const sessionSecret = randomBytes(32).toString('base64url');
  return { domain, clientID, clientSecret, sessionSecret, baseURL, inboxURL: `${domain}/inbox` };
}
