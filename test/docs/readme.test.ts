import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { type LocalTenant, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, beforeAll, expect, test } from 'vitest';

// The README's examples, as they stand, run inside the checkout, where the package's name means lib/. That they compile is
// tested in test/package/types.test.ts.

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/^```ts (\S+)\n(.*?)^```$/gms)].map(([, name = '', code = '']) => ({
  name,
  code,
}));
const tsx = join(root, 'node_modules/.bin/tsx');

let folder = '';
let tenant: LocalTenant;
beforeAll(async () => {
  folder = mkdtempSync(join(root, 'test/docs/.examples-'));
  for (const { name, code } of examples) writeFileSync(join(folder, name), code);
  tenant = await startLocalTenant();
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await tenant.close();
});

test('every block of TypeScript in the README has a file name, so that none is left out', () => {
  expect(examples.map(({ name }) => name)).toEqual(['server.ts', 'pages.ts', 'api.ts', 'local-tenant.test.ts']);
  expect(readme.match(/^```ts/gm)).toHaveLength(examples.length);
});

test('the local tenant does what its example says', () => {
  execFileSync(tsx, [join(folder, 'local-tenant.test.ts')], { stdio: 'inherit' });
}, 30_000);

test('the Express app signs a user in by code and by link', async () => {
  const { domain, clientID, clientSecret } = tenant;
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const app = spawn(tsx, [join(folder, 'server.ts')], {
    env: {
      ...process.env,
      PORT: String(port),
      BASE_URL: base,
      SESSION_SECRET: 'secret',
      AUTH0_DOMAIN: domain,
      AUTH0_CLIENT_ID: clientID,
      AUTH0_CLIENT_SECRET: clientSecret,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await saysListening(app);
    const email = 'ada@example.com';
    const browser = request.agent(base);
    const post = (path: string, body = {}) => browser.post(path).type('form').send(body);

    expect((await browser.get('/')).headers.location).toBe('/login');
    expect((await browser.get('/login')).text).toContain('Email me a link');
    expect((await post('/login', { email: 'nonsense' })).headers.location).toBe('/login');
    expect((await browser.get('/login')).text).toContain('not a valid email address');
    expect((await post('/login', { email })).headers.location).toBe('/login/code');
    expect((await browser.get('/login/code')).text).toContain('a•••@example.com');
    expect((await post('/login/resend')).headers.location).toBe('/login/code');
    expect((await browser.get('/login/code')).text).toContain('was sent a moment ago');
    expect((await post('/login/code', { otp: tenant.inbox.latest(email)?.code })).headers.location).toBe('/');
    expect((await browser.get('/')).text).toContain('Signed in as');

    const other = request.agent(base);
    await other.post('/login').type('form').send({ email, send: 'link' });
    expect((await other.get('/login/code')).text).toContain('Open the link');
    const opened = await fetch(tenant.inbox.latest(email)?.link ?? '', { redirect: 'manual' });
    const callback = new URL(opened.headers.get('location') ?? '');
    expect((await other.get(callback.pathname + callback.search)).headers.location).toBe('/');
    expect((await other.get('/')).text).toContain('ada@example.com');
  } finally {
    app.kill();
  }
}, 30_000);

test('the pages and the API for a second factor sign a user in', async () => {
  const { secondFactorPages } = (await import(join(folder, 'pages.ts'))) as { secondFactorPages: AddRoutes };
  const { loginAPI } = (await import(join(folder, 'api.ts'))) as { loginAPI: AddRoutes };
  const email = 'grace@example.com';
  const local = await startLocalTenant({ users: [{ email, factors: [{ type: 'otp' }] }], mfa: 'always' });
  const strategy = new PasswordlessStrategy(local, (_tokens, { displayName }) => Promise.resolve({ displayName }));
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

  const api = request.agent(app);
  expect((await api.post('/api/login').send({ email })).status).toBe(204);
  const required = await api.post('/api/login/code').send({ otp: local.inbox.latest(email)?.code });
  expect([required.status, required.body]).toMatchObject([401, { code: 'mfa_required' }]);
  const [{ id }] = (await api.get('/api/login/mfa')).body as [{ id: string }];
  const challenge = await api.post('/api/login/mfa/challenge').send({ authenticator_id: id });
  expect(challenge.body).toEqual({ type: 'otp', prompt: true });
  expect((await api.post('/api/login/mfa').send({ otp: '000000' })).body).toMatchObject({ code: 'wrong_code' });
  expect((await api.post('/api/login/mfa').send({ otp: local.totp(email) })).body).toEqual({ displayName: email });
  expect((await api.post('/api/login/mfa/enroll').send({ type: 'otp' })).status).toBe(403);

  const pages = request.agent(app);
  const post = (path: string, body: object) => pages.post(path).type('form').send(body);
  await pages.post('/api/login').send({ email });
  const code = await post('/login/code', { otp: local.inbox.latest(email)?.code });
  expect([code.status, code.headers.location]).toEqual([303, '/login/mfa']);
  expect((await pages.get('/login/mfa')).text).toContain(`value="${id}"`);
  expect((await post('/login/mfa/challenge', { authenticator: id })).headers.location).toBe('/login/mfa/answer');
  expect((await pages.get('/login/mfa/answer')).text).toContain('recovery_code');
  expect((await post('/login/mfa', { otp: '000000' })).headers.location).toBe('/login/mfa/answer');
  local.clock.advance(30);
  const done = await post('/login/mfa', { otp: local.totp(email), recovery_code: '' });
  expect(done.body).toMatchObject({ user: { displayName: email }, authInfo: { mfa: { factor: 'otp' } } });
  await strategy.auth0.close();
  await local.close();
}, 30_000);

type AddRoutes = (app: express.Express, strategy: PasswordlessStrategy, signedIn: express.Handler) => void;

function saysListening(app: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    app.stdout?.once('data', () => {
      resolve();
    });
    app.once('exit', (code) => {
      reject(new Error(`The example ended with ${code ?? 'a signal'}.`));
    });
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
