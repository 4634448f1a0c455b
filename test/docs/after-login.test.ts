import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type express from 'express';
import { decodeJwt } from 'jose';
import type Koa from 'koa';
import type { CreateSessionOptions } from 'koa-session';
import { PasswordlessStrategy, type Tokens, type VerifyFunction } from 'passport-auth0-passwordless';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { passTime } from '../support/time.js';
import { cellsOf, extract, read, root } from './pages.js';
import { membersOf } from './source.js';

const page = 'docs/after-login.md';
const { folder, remove } = extract(page);
afterAll(remove);
afterEach(() => {
  vi.restoreAllMocks();
});

interface Settings {
  sessionSecret: string;
  home: string;
  mfaAPI: string;
  pay: (accessToken: string) => Promise<string>;
}
type CreateApp<App, Rest extends unknown[] = []> = (
  strategy: PasswordlessStrategy,
  settings: Settings,
  ...rest: Rest
) => App;

const load = (file: string) => import(join(folder, file)) as Promise<unknown>;
const { createApp: expressApp } = (await load('express-app.ts')) as { createApp: CreateApp<express.Express> };
const { createApp: koaApp } = (await load('koa-app.ts')) as { createApp: CreateApp<Koa, [CreateSessionOptions]> };

/** A store of koa-session's that lives in memory. */
function memoryStore(): NonNullable<CreateSessionOptions['store']> {
  const sessions = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(JSON.parse(sessions.get(key) ?? 'null') as unknown),
    set(key, value) {
      sessions.set(key, JSON.stringify(value));
      return Promise.resolve();
    },
    destroy(key) {
      sessions.delete(key);
      return Promise.resolve();
    },
  };
}

const hosts: [string, CreateApp<RequestListener>][] = [
  ['Express', expressApp],
  ['Koa', (strategy, settings) => koaApp(strategy, settings, { store: memoryStore() }).callback()],
];

const ada = 'ada@example.com';
const payments = 'https://payments.example.com';
const home = 'https://www.example.com/';

/** Payments want a second factor, as an Action would have it. */
const protectPayments: LocalTenantOptions = {
  users: [{ email: ada, name: 'Ada', factors: [{ type: 'otp' }] }],
  mfa: (_user, { audience }) => audience === payments,
};

async function open(createApp: CreateApp<RequestListener>, options: LocalTenantOptions = protectPayments) {
  const tenant = await startLocalTenant(options);
  const refreshTokens: (string | undefined)[] = [];
  const verify: VerifyFunction = (tokens: Tokens, { id }) => {
    refreshTokens.push(tokens.refreshToken);
    return Promise.resolve({ id, tokens });
  };
  const scope = 'openid profile email offline_access';
  const strategy = new PasswordlessStrategy({ ...tenant, scope, resendCooldown: 0 }, verify);
  const settings: Settings = {
    sessionSecret: 'for tests',
    home,
    mfaAPI: `${tenant.domain}/mfa/`,
    pay: (token) => Promise.resolve(`Paid at ${[decodeJwt(token).aud].flat()[0] ?? ''}`),
  };
  const server = createServer(createApp(strategy, settings)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await strategy.auth0.close();
    await tenant.close();
  });
  const browser = request.agent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const post = (path: string, body = {}) => browser.post(path).type('form').send(body);
  return {
    tenant,
    strategy,
    browser,
    post,
    refreshTokens,
    exchanges: () => tenant.requests.filter(({ body }) => body.grant_type === 'refresh_token').length,
    signIn: async (email = ada) => {
      await post('/login', { email });
      return post('/login/code', { otp: tenant.inbox.latest(email)?.code });
    },
    /** The code that the user's authenticator app shows next. */
    totp: () => {
      tenant.clock.advance(30);
      return tenant.totp(ada);
    },
  };
}

describe.each(hosts)('the app in %s', (_name, createApp) => {
  test('refreshes once for requests that come at once, and keeps what comes back', async () => {
    // Never good for a minute more.
    const { browser, signIn, exchanges, strategy } = await open(createApp, { ...protectPayments, accessTokenTTL: 60 });
    expect((await signIn()).headers.location).toBe('/');
    atOnce(strategy, 2);
    const answers = await Promise.all([browser.get('/'), browser.get('/')]);
    expect(answers.map(({ body }) => body as unknown)).toEqual([{ name: 'Ada' }, { name: 'Ada' }]);
    expect(exchanges()).toBe(1);
    // By the refresh token that came back: the one before is spent.
    expect((await browser.get('/')).body).toEqual({ name: 'Ada' });
    expect(exchanges()).toBe(2);
  });

  test('has whoever is not signed in sign in, and whose refresh token is over sign in again', async () => {
    const { browser, signIn, strategy, refreshTokens } = await open(createApp, {
      ...protectPayments,
      accessTokenTTL: 60,
    });
    for (const path of ['/', '/payments', '/factors']) {
      expect((await browser.get(path)).headers.location, path).toBe('/login');
    }
    await signIn();
    await strategy.auth0.revoke(refreshTokens[0] ?? '');
    expect((await browser.get('/')).headers.location).toBe('/login');
  });

  test('asks for a second factor before a payment, once for five minutes, and keeps the session', async () => {
    const { browser, post, signIn, totp } = await open(createApp);
    await signIn();
    expect((await browser.get('/payments')).headers.location).toBe('/login/mfa');
    expect((await browser.get('/')).body).toEqual({ name: 'Ada' });
    expect((await post('/login/mfa', { otp: '000000' })).headers.location).toBe('/login/mfa');
    expect((await post('/login/mfa', { otp: totp() })).headers.location).toBe('/payments');
    expect((await browser.get('/payments')).text).toBe(`Paid at ${payments}`);
    expect((await browser.get('/')).body).toEqual({ name: 'Ada' });

    passTime(301);
    expect((await browser.get('/payments')).headers.location).toBe('/login/mfa');
    expect((await post('/login/mfa', { otp: totp() })).headers.location).toBe('/payments');
    expect((await browser.get('/payments')).text).toBe(`Paid at ${payments}`);
  });

  test('gives the payment to nobody where Auth0 asks for no second factor', async () => {
    const { browser, signIn } = await open(createApp, { ...protectPayments, mfa: 'never' });
    await signIn();
    for (let times = 0; times < 2; times += 1) {
      const { status, text } = await browser.get('/payments');
      expect([status, text]).toEqual([401, 'A second step is needed to sign in.']);
    }
    expect((await browser.get('/')).body).toEqual({ name: 'Ada' });
  });

  test('shows the factors after a step-up', async () => {
    const { browser, post, signIn, totp } = await open(createApp);
    await signIn();
    expect((await browser.get('/factors')).headers.location).toBe('/login/mfa');
    expect((await post('/login/mfa', { otp: totp() })).headers.location).toBe('/factors');
    expect((await browser.get('/factors')).text).toContain('otp');
  });

  test('signs out here and at Auth0, even where the refresh token cannot be revoked', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const { browser, post, signIn, strategy, tenant, refreshTokens } = await open(createApp);
    for (const isRevoked of [true, false]) {
      await signIn();
      if (!isRevoked) tenant.fault({ path: '/oauth/revoke', respond: 'reset' });
      const { headers } = await post('/logout');
      const url = new URL(headers.location ?? '');
      expect([url.origin, url.pathname]).toEqual([tenant.domain, '/oidc/logout']);
      const left = await fetch(url, { redirect: 'manual' });
      expect([left.status, left.headers.get('location')]).toEqual([302, home]);
      expect((await browser.get('/')).headers.location).toBe('/login');
      const again = strategy.auth0.refresh(refreshTokens.at(-1) ?? '').then(
        () => 'refreshed',
        (error: unknown) => (error as { code: string }).code,
      );
      expect(await again).toBe(isRevoked ? 'access_denied' : 'refreshed');
    }
    expect(log).toHaveBeenCalledOnce();
  });
});

/** Holds back the next refreshes until there are as many. */
function atOnce({ auth0 }: PasswordlessStrategy, count: number): void {
  const refresh = auth0.refresh.bind(auth0);
  const waiting: (() => void)[] = [];
  const spy = vi.spyOn(auth0, 'refresh').mockImplementation(async (...args) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      if (waiting.length < count) return;
      spy.mockImplementation(refresh);
      for (const go of waiting) go();
    });
    return refresh(...args);
  });
}

test('the page has every call', () => {
  const calls = (file: string, type: string) => membersOf(file, type).map(({ name }) => name);
  const table = cellsOf(page, 'Factors of a signed-in user').map((cell) => cell.replace(/\(.*\)/, ''));
  expect(table.filter((cell) => cell.startsWith('factors.'))).toEqual(
    calls('lib/mfa/factors.ts', 'Factors').map((name) => `factors.${name}`),
  );
  for (const name of calls('lib/auth0/client.ts', 'Auth0Client')) expect(read(page)).toMatch(`auth0.${name}(`);
});

const [[, inExpress]] = hosts as [[string, CreateApp<RequestListener>]];

test('a user without a factor adds one, proves it and removes it', async () => {
  const { browser, post, signIn, tenant, totp } = await open(inExpress, { users: [{ email: ada }] });
  await signIn();
  expect((await browser.get('/factors')).text).not.toContain('otp');
  expect((await post('/factors')).text).toMatch(/Key: \w+\./);
  expect((await post('/factors/verify', { otp: '000000' })).status).toBe(401);
  expect((await post('/factors/verify', { otp: totp() })).headers.location).toBe('/factors');
  const [, id] = /otp <button name="id" value="(.*?)"/.exec((await browser.get('/factors')).text) ?? [];
  expect((await post('/factors/remove', { id })).headers.location).toBe('/factors');
  expect((await browser.get('/factors')).text).not.toContain('otp');
  expect((await post('/factors/remove', { id })).status).toBe(400);
  expect(tenant.users[0]?.factors?.some(({ type }) => type === 'otp')).toBe(false);
});

test('a login with a second factor begins a session of its own', async () => {
  const bob = 'bob@example.com';
  const users = [ada, bob].map((email) => ({ email, factors: [{ type: 'otp' as const }] }));
  const { browser, post, signIn, tenant } = await open(inExpress, { users, mfa: 'always' });
  expect((await signIn()).headers.location).toBe('/login/mfa');
  await post('/login/mfa', { otp: tenant.totp(ada) });
  expect((await browser.get('/')).body).toEqual({ name: ada });
  await signIn(bob);
  await post('/login/mfa', { otp: tenant.totp(bob) });
  expect((await browser.get('/')).body).toEqual({ name: bob });
});

test('the server of the page warms up, and ends when it is told to', async () => {
  const tenant = await startLocalTenant();
  onTestFinished(() => tenant.close());
  // Not by the command tsx, which has a mind of its own about signals.
  const server = spawn(process.execPath, ['--import', 'tsx', join(folder, 'server.ts')], {
    cwd: root,
    env: {
      ...process.env,
      AUTH0_ORIGIN: tenant.domain,
      AUTH0_CLIENT_ID: tenant.clientID,
      AUTH0_CLIENT_SECRET: tenant.clientSecret,
      SESSION_SECRET: 'for tests',
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    server.kill('SIGKILL');
  });
  const [said] = (await once(server.stdout, 'data')) as [Buffer];
  expect(said.toString()).toContain('listening');
  expect(tenant.requests.map(({ path }) => path)).toEqual(['/.well-known/jwks.json']);
  server.kill('SIGTERM');
  const [code] = (await once(server, 'exit')) as [number | null];
  expect(code).toBe(0);
});
