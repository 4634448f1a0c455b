import passport from 'passport';
import { type PasswordlessStrategy, start, type TransactionStore, verify } from 'passport-auth0-passwordless';
import request from 'supertest';
import { expect, test } from 'vitest';
import { ada, createApp, extract, setUp } from './examples.js';

const { load } = extract('docs/options.md');

test('the strategy of the page can be created', async () => {
  const { strategy } = (await load('verify.ts')) as { strategy: PasswordlessStrategy };
  expect(strategy.name).toBe('auth0-passwordless');
});

test('the store of the page keeps a transaction for one browser, and removes it once it is used', async () => {
  const { databaseStore } = (await load('store.ts')) as { databaseStore: (database: object) => TransactionStore };
  const rows = new Map<string, string>();
  const store = databaseStore({
    get: (key: string) => Promise.resolve(rows.get(key)),
    set: (key: string, value: string) => Promise.resolve(rows.set(key, value)),
    delete: (key: string) => Promise.resolve(rows.delete(key)),
  });
  const { strategy, code } = await setUp({ strategy: { store } });
  const on = (options: object) => passport.authenticate(strategy.name, options);
  const app = createApp(strategy);
  app.post('/login', on(start()), async (req, res) => {
    res.json(await strategy.pending(req));
  });
  app.post('/login/code', on(verify()), (_req, res) => {
    res.json('signed in');
  });

  const started = await request(app).post('/login').send({ email: ada });
  expect(started.body).toMatchObject({ stage: 'code' });
  const cookie = started.get('Set-Cookie')?.find((each) => each.startsWith('__Host-login=')) ?? '';
  expect(cookie).toMatch(/Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  const [value = ''] = cookie.split(';');

  expect((await request(app).post('/login/code').send({ otp: code() })).status).toBe(403);
  const again = await request(app).post('/login').set('cookie', `a=b; ${value}`).send({ email: ada });
  expect(again.get('Set-Cookie')?.join()).toContain(value);
  expect(rows.size).toBe(1);
  const done = await request(app).post('/login/code').set('cookie', value).send({ otp: code() });
  expect(done.body).toBe('signed in');
  expect(rows.size).toBe(0);
});
