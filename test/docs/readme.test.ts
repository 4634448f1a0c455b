import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import type express from 'express';
import passport from 'passport';
import { type PasswordlessStrategy, start, verify } from 'passport-auth0-passwordless';
import { expect, onTestFinished, test } from 'vitest';
import { ada, browse, createApp, extract, setUp } from './examples.js';
import { root } from './pages.js';

const tsx = join(root, 'node_modules/.bin/tsx');
const { folder, load } = extract('README.md');

test('the example of the local tenant runs', () => {
  execFileSync(tsx, [join(folder, 'local-tenant.ts')], { stdio: 'inherit' });
});

test('the app signs a user in by code and by link, against the tenant that dev.ts starts', async () => {
  const [port, tenantPort] = [await freePort(), await freePort()];
  const base = `http://127.0.0.1:${port}`;
  const dev = join(folder, 'dev.ts');
  // The ports of the page may be in use.
  const text = readFileSync(dev, 'utf8').replace('127.0.0.1:3000', `127.0.0.1:${port}`);
  writeFileSync(dev, text.replace('3001', String(tenantPort)));
  const app = spawn(tsx, [dev], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    app.kill();
  });
  await saysListening(app);

  const newest = async () => {
    const response = await fetch(`http://127.0.0.1:${tenantPort}/inbox`);
    return ((await response.json()) as { code: string; link?: string }[])[0];
  };
  const { get, submit } = browse(base);
  const shows = async (path: string) => (await get(path)).text;

  expect((await get('/')).headers.location).toBe('/login');
  expect(await shows('/login')).toContain('Email me a link');
  expect(await submit('/login', { email: 'nonsense' })).toBe('/login');
  expect(await shows('/login')).toContain('not a valid email address');
  expect(await submit('/login', { email: ada })).toBe('/login/code');
  expect(await shows('/login/code')).toContain('a•••@example.com');
  expect(await submit('/login/resend')).toBe('/login/code');
  expect(await shows('/login/code')).toContain('was sent a moment ago');
  expect(await submit('/login/code', { otp: (await newest())?.code })).toBe('/');
  expect(await shows('/')).toMatch(/Signed in as .*Ada/);

  const other = browse(base);
  await other.post('/login', { email: ada, send: 'link' });
  expect((await other.get('/login/code')).text).toContain('Open the link');
  const opened = await fetch((await newest())?.link ?? '', { redirect: 'manual' });
  const callback = new URL(opened.headers.get('location') ?? '');
  expect((await other.get(callback.pathname + callback.search)).headers.location).toBe('/');
  expect((await other.get('/')).text).toMatch(/Signed in as .*Ada/);
});

test('the second factor of the page signs a user in', async () => {
  const { secondFactor } = (await load('second-factor.ts')) as {
    secondFactor: (app: express.Express, strategy: PasswordlessStrategy) => void;
  };
  const { tenant, strategy, code } = await setUp({
    tenant: { users: [{ email: ada, factors: [{ type: 'otp' }] }], mfa: 'always' },
  });
  const app = createApp(strategy);
  app.post('/login', passport.authenticate(strategy.name, start()) as express.Handler, (_req, res) => {
    res.end();
  });
  app.post('/login/code', passport.authenticate(strategy.name, verify({ stage: 'code', mfaRedirect: '/login/mfa' })));
  secondFactor(app, strategy);

  const { get, post, submit } = browse(app);
  await post('/login', { email: ada });
  expect(await submit('/login/code', { otp: code() })).toBe('/login/mfa');
  const [{ id }] = (await get('/login/mfa')).body as [{ id: string }];
  expect((await post('/login/mfa/challenge', { id })).body).toEqual({ type: 'otp', prompt: true });
  expect((await post('/login/mfa', { otp: '000000' })).status).toBe(401);
  expect(await submit('/login/mfa', { otp: tenant.totp(ada) })).toBe('/');
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
