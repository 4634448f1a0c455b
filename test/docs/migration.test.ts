import { readFileSync } from 'node:fs';
import { Agent as HTTPSAgent } from 'node:https';
import { join } from 'node:path';
import { AuthenticationClient } from 'auth0';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { type LocalTenant, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { Agent, fetch, type RequestInit } from 'undici';
import { afterAll, afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { extract } from './pages.js';

const { folder, remove } = extract('docs/migration.md');
afterAll(remove);
afterEach(() => {
  vi.unstubAllEnvs();
});

const email = 'ada@example.com';

/** The same login for whatever stands behind the routes. */
async function expectToSignIn(app: express.Express, tenant: LocalTenant): Promise<unknown> {
  const browser = request.agent(app);
  const post = async (path: string, body: object) =>
    (await browser.post(path).type('form').send(body)).headers.location ?? '';
  expect(await post('/login', { email })).toBe('/login/code');
  expect(await post('/login/code', { otp: '000000' })).toBe('/login/code');
  expect(await post('/login/code', { otp: tenant.inbox.latest(email)?.code })).toBe('/');
  return (await browser.get('/')).body;
}

function createApp(): express.Express {
  const app = express();
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), passport.session());
  return app.use(express.urlencoded());
}

test('what takes the place of passport-auth0 signs in', async () => {
  const tenant = await startLocalTenant();
  onTestFinished(() => tenant.close());
  vi.stubEnv('AUTH0_DOMAIN', tenant.domain);
  vi.stubEnv('AUTH0_CLIENT_ID', tenant.clientID);
  vi.stubEnv('AUTH0_CLIENT_SECRET', tenant.clientSecret);
  vi.stubEnv('SESSION_SECRET', 'secret');
  const { app } = (await import(join(folder, 'app.ts'))) as { app: express.Express };
  expect((await request(app).get('/login')).text).toContain('name="email"');
  expect((await request(app).get('/login/code')).text).toContain('name="otp"');
  expect(await expectToSignIn(app, tenant)).toEqual({ id: tenant.users[0]?.userID });
});

test('what takes the place of the client of auth0 signs in the same user', async () => {
  const pem = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
  const cert = pem('cert');
  const tenant = await startLocalTenant({ tls: { key: pem('key'), cert } });
  const dispatcher = new Agent({ connect: { ca: cert } });
  const agent = new HTTPSAgent({ ca: cert });
  onTestFinished(async () => {
    agent.destroy();
    await dispatcher.destroy();
    await tenant.close();
  });
  const { domain, clientID, clientSecret } = tenant;
  const home: express.Handler = (req, res) => {
    res.json(req.user ?? (req.session as { user?: object }).user ?? null);
  };

  const before = (await import(join(folder, 'before.ts'))) as {
    addLogin: (app: express.Express, auth0: AuthenticationClient) => void;
  };
  const auth0 = new AuthenticationClient({
    domain: domain.replace('https://', ''),
    clientId: clientID,
    clientSecret,
    agent: agent as never,
    fetch: ((url: string, init: RequestInit) =>
      fetch(url, { ...init, dispatcher })) as unknown as typeof globalThis.fetch,
  });
  const old = createApp();
  before.addLogin(old, auth0);
  old.get('/', home);
  const user = await expectToSignIn(old, tenant);
  expect(user).toEqual({ id: tenant.users[0]?.userID });

  const after = (await import(join(folder, 'after.ts'))) as {
    addLogin: (app: express.Express, strategy: PasswordlessStrategy) => void;
  };
  const strategy = new PasswordlessStrategy({ domain, clientID, clientSecret, dispatcher }, (_tokens, { id }) =>
    Promise.resolve({ id }),
  );
  passport.use(strategy);
  const fresh = createApp();
  after.addLogin(fresh, strategy);
  fresh.get('/', home);
  expect(await expectToSignIn(fresh, tenant)).toEqual(user);
});
