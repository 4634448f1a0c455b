import { join } from 'node:path';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { mfaMiddleware, PasswordlessStrategy, start, type StrategyOptions, verify } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { extract } from './pages.js';

const { folder, remove } = extract('docs/localisation.md');
afterAll(remove);
const { inTheirLanguage } = (await import(join(folder, 'german.ts'))) as { inTheirLanguage: Partial<StrategyOptions> };

const email = 'ada@example.com';

async function setUp() {
  const tenant = await startLocalTenant({ users: [{ email, factors: [{ type: 'otp' }] }], mfa: 'always' });
  const strategy = new PasswordlessStrategy({ ...tenant, ...inTheirLanguage }, () =>
    Promise.resolve([undefined, { message: 'My own words.' }]),
  );
  onTestFinished(async () => {
    await strategy.auth0.close();
    await tenant.close();
  });
  const app = express();
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), express.json());
  const answer =
    (options: object): express.Handler =>
    (req, res, next) => {
      const callback = (error: unknown, _user: unknown, info: unknown, status = 401) => {
        if (error) next(error);
        else res.status(status).json(info);
      };
      (passport.authenticate(strategy, options, callback) as express.Handler)(req, res, next);
    };
  app.post('/login', answer(start()), async (req, res) => {
    res.json(await strategy.pending(req));
  });
  app.post('/login/code', answer(verify({ stage: 'code' })));
  app.post('/login/mfa', answer(verify({ stage: 'mfa' })));
  app.post('/login/mfa/challenge', mfaMiddleware(strategy).challenge());
  app.get('/login', async (req, res) => {
    res.json(await strategy.pending(req));
  });
  app.use(((error: Error, _req, res, _next) => {
    res.json({ message: error.message });
  }) as express.ErrorRequestHandler);
  return { tenant, app };
}

test.each([
  ['de-AT,de;q=0.9,en;q=0.5', 'de-AT', /^Der Code ist falsch/, /^Bitte warten Sie \d+ Sekunden/, /^Zur Anmeldung/],
  ['en', 'en', /^The code is wrong/, /^A message was sent/, /^A second step/],
])('whoever asks for %s is told in it', async (accepted, language, wrong, wait, required) => {
  const { tenant, app } = await setUp();
  const browser = request.agent(app);
  const post = (path: string, body: object) => browser.post(path).set('accept-language', accepted).send(body);
  const message = async (path: string, body: object) =>
    ((await post(path, body)).body as { message?: unknown }).message;

  await post('/login', { email });
  expect(tenant.inbox.latest(email)?.language).toBe(language);
  expect(await message('/login', { email })).toMatch(wait);
  expect(await message('/login/code', { otp: '000000' })).toMatch(wrong);
  expect(await message('/login/code', { otp: tenant.inbox.latest(email)?.code })).toMatch(required);
  const { body } = await browser.get('/login').set('accept-language', accepted);
  expect((body as { mfa: { message: string } }).mfa.message).toMatch(required);
  // No words for it in this language: the English ones.
  expect(await message('/login/mfa/challenge', { authenticator_id: 'none' })).toMatch(/^This second step/);
  expect(await message('/login/mfa', { otp: tenant.totp(email) })).toBe('My own words.');
});
