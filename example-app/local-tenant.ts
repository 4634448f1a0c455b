import { randomBytes } from 'node:crypto';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import type { Config } from './config.js';

/** Starts the local tenant, and says how to run with it. */
export async function startLocal(port: number): Promise<Config> {
  const baseURL = `http://127.0.0.1:${port}`;
  const { domain, clientID, clientSecret } = await startLocalTenant({
    // Not any free port: a tab with the inbox survives a restart.
    port: port + 1,
    users: [
      { email: 'ada@example.com', phoneNumber: '+442079460000', name: 'Ada Lovelace', givenName: 'Ada' },
      { email: 'mallory@example.com', name: 'Mallory', blocked: true },
    ],
  });
  const sessionSecret = randomBytes(32).toString('base64url');
  return { domain, clientID, clientSecret, sessionSecret, baseURL, inboxURL: `${domain}/inbox` };
}
