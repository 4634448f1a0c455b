import cookie from '@fastify/cookie';
import secureSession from '@fastify/secure-session';
import session from '@fastify/session';
import passport from '@fastify/passport';
import formBody from '@fastify/formbody';
import { fastify } from 'fastify';
import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, onTestFinished, test } from 'vitest';
import { fastifyHost } from './adapters/fastify.js';
import { loginRoutes } from './recipes/fastify.js';
import { testHost } from './scenarios.js';
import { SlowStore } from './slow-store.js';

const secret = 'test'.repeat(8);

testHost(
  fastifyHost('Fastify, @fastify/session', 'store', (app) => {
    app.register(cookie);
    app.register(session, { secret, cookie: { secure: false }, store: new SlowStore() });
  }),
);

testHost(
  fastifyHost('Fastify, @fastify/secure-session', 'cookie', (app) => {
    app.register(secureSession, { key: Buffer.alloc(32, 1), cookie: { path: '/' } });
  }),
);

test('the routes of the documentation sign in', async () => {
  const tenant = await startLocalTenant();
  const strategy = new PasswordlessStrategy(tenant, (_tokens, { displayName: name }) => Promise.resolve({ name }));
  passport.use(strategy);
  passport.registerUserSerializer((user) => Promise.resolve(user));
  const app = fastify();
  app.register(formBody).register(cookie);
  app.register(session, {
    ...{ secret, cookie: { secure: false }, store: new SlowStore() },
    ...{ rolling: false, saveUninitialized: false },
  });
  app.register(passport.initialize());
  loginRoutes(app);
  onTestFinished(async () => {
    await app.close();
    await strategy.auth0.close();
    await tenant.close();
  });

  const browser = request.agent(await app.listen({ port: 0, host: '127.0.0.1' }));
  const post = async (path: string, body: object) => {
    const { status, headers } = await browser.post(path).type('form').send(body);
    return [status, headers.location] as unknown;
  };
  const email = 'ada@example.com';
  expect(await post('/login', { email })).toEqual([303, '/login/code']);
  expect(await post('/login/code', { otp: '000000' })).toEqual([302, '/login/code']);
  expect(await post('/login/code', { otp: tenant.inbox.latest(email)?.code })).toEqual([302, '/']);
  await post('/login', { email });
  const wrong = await browser.post('/api/login/code').send({ otp: '000000' });
  expect([wrong.status, wrong.body]).toMatchObject([401, { code: 'wrong_code' }]);
  const signedIn = await browser.post('/api/login/code').send({ otp: tenant.inbox.latest(email)?.code });
  expect(signedIn.body).toMatchObject({ user: { name: email }, info: { method: 'code' } });
});
