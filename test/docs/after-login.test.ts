import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type express from 'express';
import { decodeJwt } from 'jose';
import type Koa from 'koa';
import type { CreateSessionOptions } from 'koa-session';
import type { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { passTime } from '../support/time.js';
import { ada, browse, extract, serve, setUp } from './examples.js';
import { root } from './pages.js';

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

const { folder, load } = extract('docs/after-login.md');
const { createApp: inExpress } = (await load('express-app.ts')) as { createApp: CreateApp<express.Express> };
const { createApp: inKoa } = (await load('koa-app.ts')) as { createApp: CreateApp<Koa, [CreateSessionOptions]> };
afterEach(() => {
  vi.restoreAllMocks();
});

/** A store for koa-session that lives in memory. */
function memoryStore(): NonNullable<CreateSessionOptions['store']> {
  const sessions = new Map<string, string>();
  return {
    get: (key) => Promise.resolve(JSON.parse(sessions.get(key) ?? 'null') as unknown),
    set: (key, value) => Promise.resolve(void sessions.set(key, JSON.stringify(value))),
    destroy: (key) => Promise.resolve(void sessions.delete(key)),
  };
}

const hosts: [string, CreateApp<RequestListener>][] = [
  ['Express', inExpress],
  ['Koa', (strategy, settings) => inKoa(strategy, settings, { store: memoryStore() }).callback()],
];

const payments = 'https://payments.example.com';
const home = 'https://www.example.com/';

/** The API for payments requires a second factor, as an Action would have it. */
const protectPayments: LocalTenantOptions = {
  users: [{ email: ada, name: 'Ada', factors: [{ type: 'otp' }] }],
  mfa: (_user, { audience }) => audience === payments,
};

async function open(createApp: CreateApp<RequestListener>, options: LocalTenantOptions = {}) {
  const refreshTokens: string[] = [];
  const { tenant, strategy, code } = await setUp({
    tenant: { ...protectPayments, ...options },
    strategy: { scope: 'openid profile email offline_access' },
    verify: (tokens, { id }) => {
      refreshTokens.push(tokens.refreshToken ?? '');
      return Promise.resolve({ id, tokens });
    },
  });
  const settings: Settings = {
    sessionSecret: 'for tests',
    home,
    mfaAPI: `${tenant.domain}/mfa/`,
    pay: (token) => Promise.resolve(`Paid at ${[decodeJwt(token).aud].flat()[0] ?? ''}`),
  };
  const { get, submit, post } = browse(await serve(createApp(strategy, settings)));
  return {
    tenant,
    strategy,
    get,
    post,
    submit,
    refreshTokens,
    exchanges: () => tenant.requests.filter(({ body }) => body.grant_type === 'refresh_token').length,
    /** Where a page sends the browser. */
    locationOf: async (path: string) => (await get(path)).headers.location,
    signIn: async (email = ada) => {
      await post('/login', { email });
      return submit('/login/code', { otp: code(email) });
    },
    /** The next code of the user's authenticator app. */
    totp: () => {
      tenant.clock.advance(30);
      return tenant.totp(ada);
    },
  };
}

describe.each(hosts)('the app in %s', (_name, createApp) => {
  test('refreshes once for concurrent requests, and keeps the new refresh token', async () => {
    // A token of 60 seconds is refreshed at every request.
    const { get, signIn, exchanges, strategy } = await open(createApp, { accessTokenTTL: 60 });
    expect(await signIn()).toBe('/');
    holdRefreshes(strategy, 2);
    const answers = await Promise.all([get('/'), get('/')]);
    expect(answers.map(({ body }) => body as unknown)).toEqual([{ name: 'Ada' }, { name: 'Ada' }]);
    expect(exchanges()).toBe(1);
    // The refresh token before is no longer valid.
    expect((await get('/')).body).toEqual({ name: 'Ada' });
    expect(exchanges()).toBe(2);
  });

  test('sends users without a session or a valid refresh token to the login', async () => {
    const { locationOf, signIn, strategy, refreshTokens } = await open(createApp, { accessTokenTTL: 60 });
    for (const path of ['/', '/payments', '/factors']) expect(await locationOf(path), path).toBe('/login');
    await signIn();
    await strategy.auth0.revoke(refreshTokens[0] ?? '');
    expect(await locationOf('/')).toBe('/login');
  });

  test('requires a second factor before a payment, once in five minutes, and keeps the session', async () => {
    const { get, locationOf, submit, signIn, totp } = await open(createApp);
    await signIn();
    expect(await locationOf(`/payments?q=${'q'.repeat(2000)}`)).toBe('/login/mfa');
    expect((await get('/')).body).toEqual({ name: 'Ada' });
    expect(await submit('/login/mfa', { otp: '000000' })).toBe('/login/mfa');
    expect(await submit('/login/mfa', { otp: totp() })).toBe('/payments');
    expect((await get('/payments')).text).toBe(`Paid at ${payments}`);
    expect((await get('/')).body).toEqual({ name: 'Ada' });

    passTime(301);
    expect(await locationOf('/payments')).toBe('/login/mfa');
    expect(await submit('/login/mfa', { otp: totp() })).toBe('/payments');
    expect((await get('/payments')).text).toBe(`Paid at ${payments}`);
  });

  test('refuses a payment if Auth0 requires no second factor', async () => {
    const { get, signIn } = await open(createApp, { mfa: 'never' });
    await signIn();
    for (let times = 0; times < 2; times += 1) expect((await get('/payments')).status).toBe(401);
    expect((await get('/')).body).toEqual({ name: 'Ada' });
  });

  test('steps up if Auth0 requires a second factor at a refresh', async () => {
    const mfa: LocalTenantOptions['mfa'] = (_user, { grant }) => grant === 'refresh_token';
    const { locationOf, submit, signIn, totp } = await open(createApp, { mfa, accessTokenTTL: 60 });
    await signIn();
    expect(await locationOf('/')).toBe('/login/mfa');
    expect(await submit('/login/mfa', { otp: totp() })).toBe('/');
  });

  test("lists the user's second factors after a step-up", async () => {
    const { get, locationOf, submit, signIn, totp } = await open(createApp);
    await signIn();
    expect(await locationOf('/factors')).toBe('/login/mfa');
    expect(await submit('/login/mfa', { otp: totp() })).toBe('/factors');
    expect((await get('/factors')).text).toContain('otp');
  });

  test.each([
    ['signs out of the app and of Auth0, and revokes the refresh token', true],
    ['signs out of the app and of Auth0 even if the refresh token cannot be revoked', false],
  ])('%s', async (_title, isRevoked) => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const { locationOf, submit, signIn, strategy, tenant, refreshTokens } = await open(createApp);
    await signIn();
    if (!isRevoked) tenant.fault({ path: '/oauth/revoke', respond: 'reset' });
    const url = new URL((await submit('/logout')) ?? '');
    expect([url.origin, url.pathname]).toEqual([tenant.domain, '/oidc/logout']);
    const left = await fetch(url, { redirect: 'manual' });
    expect([left.status, left.headers.get('location')]).toEqual([302, home]);
    expect(await locationOf('/')).toBe('/login');
    const refreshed = strategy.auth0.refresh(refreshTokens[0] ?? '');
    if (isRevoked) await expect(refreshed).rejects.toMatchObject({ code: 'access_denied' });
    else await expect(refreshed).resolves.toBeDefined();
    expect(log).toHaveBeenCalledTimes(isRevoked ? 0 : 1);
  });
});

/** Holds refreshes until so many wait. */
function holdRefreshes({ auth0 }: PasswordlessStrategy, count: number): void {
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

test('a user without a second factor adds one, proves it and removes it', async () => {
  const { get, post, submit, signIn, tenant, totp } = await open(inExpress, { users: [{ email: ada }] });
  await signIn();
  expect((await get('/factors')).text).not.toContain('otp');
  expect((await post('/factors')).text).toMatch(/Key: \w+\./);
  expect((await post('/factors/verify', { otp: '000000' })).status).toBe(401);
  expect(await submit('/factors/verify', { otp: totp() })).toBe('/factors');
  const [, id] = /otp <button name="id" value="(.*?)"/.exec((await get('/factors')).text) ?? [];
  expect(await submit('/factors/remove', { id })).toBe('/factors');
  expect((await get('/factors')).text).not.toContain('otp');
  expect((await post('/factors/remove', { id })).status).toBe(400);
  expect(tenant.users[0]?.factors?.some(({ type }) => type === 'otp')).toBe(false);
});

test('a login with a second factor replaces the session of another user', async () => {
  const bob = 'bob@example.com';
  const users = [ada, bob].map((email) => ({ email, factors: [{ type: 'otp' as const }] }));
  const { get, post, signIn, tenant } = await open(inExpress, { users, mfa: 'always' });
  for (const email of [ada, bob]) {
    expect(await signIn(email)).toBe('/login/mfa');
    await post('/login/mfa', { otp: tenant.totp(email) });
    expect((await get('/')).body).toEqual({ name: email });
  }
});

test('the server of the page warms up before it listens, and ends at SIGTERM', async () => {
  const tenant = await startLocalTenant();
  onTestFinished(() => tenant.close());
  // Without the command tsx, which handles signals itself.
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
  expect(await once(server, 'exit')).toEqual([0, null]);
});
