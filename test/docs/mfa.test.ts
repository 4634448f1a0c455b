import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { extract } from './pages.js';

const { folder, remove } = extract('docs/mfa.md');
afterAll(remove);

type AddRoutes = (app: express.Express, strategy: PasswordlessStrategy, signedIn: express.Handler) => void;
const load = (file: string) => import(join(folder, file)) as Promise<unknown>;
const { secondFactorPages } = (await load('pages.ts')) as { secondFactorPages: AddRoutes };
const { loginAPI } = (await load('api.ts')) as { loginAPI: AddRoutes };
const { waitForPush } = (await load('push.ts')) as {
  waitForPush: (url: string, headers: Record<string, string>) => Promise<unknown>;
};

const email = 'grace@example.com';

async function setUp(options: LocalTenantOptions) {
  const tenant = await startLocalTenant({ mfa: 'always', ...options });
  const strategy = new PasswordlessStrategy(tenant, (_tokens, { displayName }) => Promise.resolve({ displayName }));
  onTestFinished(async () => {
    await strategy.auth0.close();
    await tenant.close();
  });
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  const app = express();
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }));
  app.use(express.urlencoded(), express.json());
  const signedIn: express.Handler = (req, res) => {
    res.json({ user: req.user, authInfo: req.authInfo });
  };
  secondFactorPages(app, strategy, signedIn);
  loginAPI(app, strategy, signedIn);
  return { tenant, app };
}

test('the API signs a user in', async () => {
  const { tenant, app } = await setUp({ users: [{ email, factors: [{ type: 'otp' }] }] });
  const api = request.agent(app);
  expect((await api.post('/api/login').send({ email })).status).toBe(204);
  const required = await api.post('/api/login/code').send({ otp: tenant.inbox.latest(email)?.code });
  expect([required.status, required.body]).toMatchObject([401, { code: 'mfa_required' }]);
  const [{ id }] = (await api.get('/api/login/mfa')).body as [{ id: string }];
  const challenge = await api.post('/api/login/mfa/challenge').send({ authenticator_id: id });
  expect(challenge.body).toEqual({ type: 'otp', prompt: true });
  expect((await api.post('/api/login/mfa').send({ otp: '000000' })).body).toMatchObject({ code: 'wrong_code' });
  expect((await api.post('/api/login/mfa').send({ otp: tenant.totp(email) })).body).toEqual({ displayName: email });
  expect((await api.post('/api/login/mfa/enroll').send({ type: 'otp' })).status).toBe(403);
});

test('the pages sign a user in', async () => {
  const { tenant, app } = await setUp({ users: [{ email, factors: [{ type: 'otp' }] }] });
  const pages = request.agent(app);
  const post = (path: string, body: object) => pages.post(path).type('form').send(body);
  await pages.post('/api/login').send({ email });
  const code = await post('/login/code', { otp: tenant.inbox.latest(email)?.code });
  expect([code.status, code.headers.location]).toEqual([303, '/login/mfa']);
  const [, id] = /value="(.*?)"/.exec((await pages.get('/login/mfa')).text) ?? [];
  expect((await post('/login/mfa/challenge', { authenticator: id })).headers.location).toBe('/login/mfa/answer');
  expect((await pages.get('/login/mfa/answer')).text).toContain('recovery_code');
  expect((await post('/login/mfa', { otp: '000000' })).headers.location).toBe('/login/mfa/answer');
  expect((await pages.get('/login/mfa/answer')).text).toContain('The code is wrong.');
  const done = await post('/login/mfa', { otp: tenant.totp(email), recovery_code: '' });
  expect(done.body).toMatchObject({ user: { displayName: email }, authInfo: { mfa: { factor: 'otp' } } });
});

test('the pages enrol a factor for a user who has none', async () => {
  const { tenant, app } = await setUp({ mfaFactors: ['otp', 'recovery-code'] });
  const pages = request.agent(app);
  const post = (path: string, body = {}) => pages.post(path).type('form').send(body);
  await pages.post('/api/login').send({ email });
  await post('/login/code', { otp: tenant.inbox.latest(email)?.code });
  expect((await pages.get('/login/mfa')).headers.location).toBe('/login/mfa/enroll');
  expect((await pages.get('/login/mfa/enroll')).text).toContain('Set up an authenticator app');
  const shown = (await post('/login/mfa/enroll')).text;
  expect(shown).toMatch(/Key: \w+\. Recovery codes, shown once: \w{24}</);
  const done = await post('/login/mfa', { otp: tenant.totp(email) });
  expect(done.body).toMatchObject({ user: { displayName: email } });
});

test.each([
  ['approvePush', { displayName: email }],
  ['rejectPush', { code: 'mfa_rejected' }],
] as const)('the page that waits for a push hears of it (%s)', async (answer, outcome) => {
  const { tenant, app } = await setUp({ users: [{ email, factors: [{ type: 'push' }] }] });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = request.agent(origin);
  await api.post('/api/login').send({ email });
  const required = await api.post('/api/login/code').send({ otp: tenant.inbox.latest(email)?.code });
  const cookie = required.get('Set-Cookie')?.[0] ?? '';
  const list = (await api.get('/api/login/mfa')).body as { id: string; channel?: string }[];
  const push = list.find(({ channel }) => channel === 'push');
  const challenge = await api.post('/api/login/mfa/challenge').send({ authenticator_id: push?.id });
  expect(challenge.body).toMatchObject({ prompt: false });
  tenant[answer](email);
  const waited = waitForPush(`${origin}/api/login/mfa`, { cookie });
  await expect(waited.catch((failure: unknown) => failure)).resolves.toMatchObject(outcome);
});
