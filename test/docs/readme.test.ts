import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { extract, root } from './pages.js';

// The README's examples, as they stand, run inside the checkout, where the package's name means lib/.

const tsx = join(root, 'node_modules/.bin/tsx');
const { folder, remove } = extract('README.md');
afterAll(remove);

test('the local tenant does what its example says', () => {
  execFileSync(tsx, [join(folder, 'local-tenant.ts')], { stdio: 'inherit' });
});

test('the app signs a user in by code and by link, against the tenant that dev.ts starts', async () => {
  const [port, tenantPort] = [await freePort(), await freePort()];
  const base = `http://127.0.0.1:${port}`;
  // The ports of the page may be taken.
  const dev = readFileSync(join(folder, 'dev.ts'), 'utf8');
  writeFileSync(
    join(folder, 'dev.ts'),
    dev.replace('127.0.0.1:3000', `127.0.0.1:${port}`).replace('3001', `${tenantPort}`),
  );
  const app = spawn(tsx, [join(folder, 'dev.ts')], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    app.kill();
  });
  await saysListening(app);

  const email = 'ada@example.com';
  const inbox = async () => {
    const response = await fetch(`http://127.0.0.1:${tenantPort}/inbox`);
    return ((await response.json()) as { code: string; link?: string }[])[0];
  };
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
  expect((await post('/login/code', { otp: (await inbox())?.code })).headers.location).toBe('/');
  expect((await browser.get('/')).text).toMatch(/Signed in as .*Ada/);

  const other = request.agent(base);
  await other.post('/login').type('form').send({ email, send: 'link' });
  expect((await other.get('/login/code')).text).toContain('Open the link');
  const opened = await fetch((await inbox())?.link ?? '', { redirect: 'manual' });
  const callback = new URL(opened.headers.get('location') ?? '');
  expect((await other.get(callback.pathname + callback.search)).headers.location).toBe('/');
  expect((await other.get('/')).text).toMatch(/Signed in as .*Ada/);
});

test('the second factor signs a user in', async () => {
  const { secondFactor } = (await import(join(folder, 'second-factor.ts'))) as {
    secondFactor: (app: express.Express, strategy: PasswordlessStrategy) => void;
  };
  const email = 'grace@example.com';
  const tenant = await startLocalTenant({ users: [{ email, factors: [{ type: 'otp' }] }], mfa: 'always' });
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
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), express.json());
  app.post('/login', passport.authenticate(strategy.name, { action: 'start' } as object), (_req, res) => {
    res.end();
  });
  app.post('/login/code', passport.authenticate(strategy.name, { stage: 'code', mfaRedirect: '/login/mfa' } as object));
  secondFactor(app, strategy);

  const browser = request.agent(app);
  await browser.post('/login').send({ email });
  const first = await browser.post('/login/code').send({ otp: tenant.inbox.latest(email)?.code });
  expect(first.headers.location).toBe('/login/mfa');
  const [{ id }] = (await browser.get('/login/mfa')).body as [{ id: string }];
  const challenge = await browser.post('/login/mfa/challenge').send({ id });
  expect(challenge.body).toEqual({ type: 'otp', prompt: true });
  expect((await browser.post('/login/mfa').send({ otp: '000000' })).status).toBe(401);
  const second = await browser.post('/login/mfa').send({ otp: tenant.totp(email) });
  expect(second.headers.location).toBe('/');
});

function saysListening(app: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    app.stdout?.on('data', (text: Buffer) => {
      if (text.includes('listening')) resolve();
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
