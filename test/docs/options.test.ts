import { join } from 'node:path';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy, start, type TransactionStore, verify } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { extract } from './pages.js';

const { folder, remove } = extract('docs/options.md');
afterAll(remove);

async function setUp(store: TransactionStore) {
  const tenant = await startLocalTenant();
  const strategy = new PasswordlessStrategy({ ...tenant, store, resendCooldown: 0 }, (_tokens, profile) =>
    Promise.resolve({ id: profile.id }),
  );
  onTestFinished(async () => {
    await strategy.auth0.close();
    await tenant.close();
  });
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  const on = (options: object) => passport.authenticate(strategy.name, options);
  const app = express();
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), express.json());
  app.post('/login', on(start()), async (req, res) => {
    res.json(await strategy.pending(req));
  });
  app.post('/login/code', on(verify()), (_req, res) => {
    res.json('signed in');
  });
  return { tenant, app };
}

test('the strategy with a verify function of its own can be made', async () => {
  const { strategy } = (await import(join(folder, 'verify.ts'))) as { strategy: PasswordlessStrategy };
  expect(strategy.name).toBe('auth0-passwordless');
});

test('a store of its own keeps a login for one browser, and forgets it once it is used', async () => {
  const { databaseStore } = (await import(join(folder, 'store.ts'))) as {
    databaseStore: (database: object) => TransactionStore;
  };
  const rows = new Map<string, string>();
  const { tenant, app } = await setUp(
    databaseStore({
      get: (key: string) => Promise.resolve(rows.get(key)),
      set: (key: string, value: string) => Promise.resolve(rows.set(key, value)),
      delete: (key: string) => Promise.resolve(rows.delete(key)),
    }),
  );
  const email = 'ada@example.com';
  const started = await request(app).post('/login').send({ email });
  expect(started.body).toMatchObject({ stage: 'code' });
  const cookie = started.get('Set-Cookie')?.find((each) => each.startsWith('__Host-login=')) ?? '';
  expect(cookie).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const [value = ''] = cookie.split(';');

  const code = { otp: tenant.inbox.latest(email)?.code };
  expect((await request(app).post('/login/code').send(code)).status).toBe(403);
  const again = await request(app).post('/login').set('cookie', `a=b; ${value}`).send({ email });
  expect(again.get('Set-Cookie')?.join()).toContain(value);
  expect(rows.size).toBe(1);
  const newest = { otp: tenant.inbox.latest(email)?.code };
  expect((await request(app).post('/login/code').set('cookie', value).send(newest)).body).toBe('signed in');
  expect(rows.size).toBe(0);
});
