import { readFileSync } from 'node:fs';
import { Agent as HTTPSAgent } from 'node:https';
import { AuthenticationClient } from 'auth0';
import type express from 'express';
import passport from 'passport';
import type { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import { Agent, fetch, type RequestInit } from 'undici';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { ada, browse, createApp, extract, setUp } from './examples.js';

const { load } = extract('docs/migration.md');
afterEach(() => {
  vi.unstubAllEnvs();
});

/** Signs in as any app of the page does, after a wrong code; returns what the app's home page shows. */
async function signIn(app: express.Express, code: () => string): Promise<unknown> {
  const { get, submit } = browse(app);
  expect(await submit('/login', { email: ada })).toBe('/login/code');
  expect(await submit('/login/code', { otp: '000000' })).toBe('/login/code');
  expect(await submit('/login/code', { otp: code() })).toBe('/');
  return (await get('/')).body;
}

test('the app that replaces passport-auth0 signs in', async () => {
  const tenant = await startLocalTenant();
  onTestFinished(() => tenant.close());
  vi.stubEnv('AUTH0_DOMAIN', tenant.domain);
  vi.stubEnv('AUTH0_CLIENT_ID', tenant.clientID);
  vi.stubEnv('AUTH0_CLIENT_SECRET', tenant.clientSecret);
  vi.stubEnv('SESSION_SECRET', 'secret');
  const { app } = (await load('app.ts')) as { app: express.Express };
  const { get } = browse(app);
  expect((await get('/login')).text).toContain('name="email"');
  expect((await get('/login/code')).text).toContain('name="otp"');
  const user = await signIn(app, () => tenant.inbox.latest(ada)?.code ?? '');
  expect(user).toEqual({ id: tenant.users[0]?.userID });
});

test('the routes that replace the client of auth0 sign the same user in', async () => {
  const pem = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
  const ca = pem('cert');
  const dispatcher = new Agent({ connect: { ca } });
  const agent = new HTTPSAgent({ ca });
  const { tenant, strategy, code } = await setUp({
    tenant: { tls: { key: pem('key'), cert: ca } },
    strategy: { dispatcher },
    verify: (_tokens, { id }) => Promise.resolve({ id }),
  });
  onTestFinished(async () => {
    agent.destroy();
    await dispatcher.destroy();
  });
  const withHome = (app: express.Express) =>
    app.get('/', (req, res) => {
      res.json(req.user ?? (req.session as { user?: object }).user ?? null);
    });

  const before = (await load('before.ts')) as {
    addLogin: (app: express.Express, auth0: AuthenticationClient) => void;
  };
  const auth0 = new AuthenticationClient({
    domain: new URL(tenant.domain).host,
    clientId: tenant.clientID,
    clientSecret: tenant.clientSecret,
    agent: agent as never,
    fetch: ((url: string, init: RequestInit) => fetch(url, { ...init, dispatcher })) as never,
  });
  const old = createApp();
  before.addLogin(old, auth0);
  const user = await signIn(withHome(old), code);
  expect(user).toEqual({ id: tenant.users[0]?.userID });

  const after = (await load('after.ts')) as {
    addLogin: (app: express.Express, strategy: PasswordlessStrategy) => void;
  };
  const app = createApp(strategy).use(passport.session());
  after.addLogin(app, strategy);
  expect(await signIn(withHome(app), code)).toEqual(user);
});
