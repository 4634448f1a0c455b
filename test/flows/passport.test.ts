import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import { PasswordlessStrategy, resend, start, verify } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, onTestFinished, test } from 'vitest';

// Passport's own options on the routes, in place of a custom callback.

const ada = 'ada@example.com';

async function setUp() {
  const tenant = await startLocalTenant();
  const passport = new Passport();
  const strategy = new PasswordlessStrategy(
    { ...tenant, callbackURL: 'http://127.0.0.1/login/callback', resendCooldown: 0 },
    (_tokens, profile) => Promise.resolve({ name: profile.displayName }),
  );
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  const on = (options: object) => passport.authenticate('auth0-passwordless', options) as express.Handler;
  const failing = (failureRedirect: string) => ({ failureRedirect, failureMessage: true });

  const app = express();
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), express.urlencoded());
  app.post('/login', on(start({ pendingRedirect: '/login/code', ...failing('/login') })));
  app.post('/login/resend', on(resend({ pendingRedirect: '/login/code', ...failing('/login/code') })));
  app.post('/login/code', on(verify({ stage: 'code', successRedirect: '/', ...failing('/login/code') })));
  app.post('/bare', on(verify()), (_req, res) => {
    res.send('reached');
  });
  app.get('/pending', async (req, res) => {
    res.json(await strategy.pending(req));
  });
  app.get('/messages', (req, res) => {
    res.json((req.session as { messages?: string[] }).messages ?? []);
  });
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await strategy.auth0.close();
    await tenant.close();
  });
  return { tenant, agent: request.agent(server) };
}

test('redirects lead through the login, each with 303 or 302 to the page it names', async () => {
  const { tenant, agent } = await setUp();
  const post = async (path: string, body = {}) => {
    const { status, headers } = await agent.post(path).type('form').send(body);
    return [status, headers.location];
  };
  expect(await post('/login', { email: 'nonsense' })).toEqual([302, '/login']);
  expect(await post('/login', { email: ada })).toEqual([303, '/login/code']);
  expect(await post('/login/resend')).toEqual([303, '/login/code']);
  expect(await post('/login/code', { otp: '000000' })).toEqual([302, '/login/code']);
  expect((await agent.get('/messages')).body).toEqual([
    'This is not a valid email address.',
    'The code is wrong. Check it, or ask for a new one.',
  ]);
  expect(await post('/login/code', { otp: tenant.inbox.latest(ada)?.code })).toEqual([302, '/']);
});

test('a route that expects a user never reaches its handler without one', async () => {
  const { agent } = await setUp();
  for (const body of [{}, { otp: '123456' }, { email: ada }]) {
    const response = await agent.post('/bare').type('form').send(body);
    expect([response.status, response.text]).toEqual([403, 'Forbidden']);
  }
});

test('a second factor that failureRedirect hides from the answer is there for the next request', async () => {
  const { tenant, agent } = await setUp();
  const body = { error: 'mfa_required', mfa_token: 'Fe26.2*', mfa_requirements: { challenge: [{ type: 'otp' }] } };
  tenant.fault({ path: '/oauth/token', respond: { status: 403, body } });
  await agent.post('/login').type('form').send({ email: ada });
  const redirect = await agent.post('/login/code').type('form').send({ otp: '123456' });
  expect([redirect.status, redirect.headers.location]).toEqual([302, '/login/code']);
  expect((await agent.get('/messages')).body).toEqual(['A second step is needed to sign in.']);
  const mfa = { code: 'mfa_required', requirements: { challenge: ['otp'], enroll: [] } };
  expect((await agent.get('/pending')).body).toMatchObject({ stage: 'mfa', mfa });
});
