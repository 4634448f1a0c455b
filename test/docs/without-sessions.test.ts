import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import express from 'express';
import type Koa from 'koa';
import passport from 'passport';
import { PasswordlessStrategy, type StrategyOptions, verify } from 'passport-auth0-passwordless';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import { afterAll, afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { passTime } from '../support/time.js';
import { extract } from './pages.js';

const { folder, remove } = extract('docs/without-sessions.md');
afterAll(remove);
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});
const load = (file: string) => import(join(folder, file)) as Promise<unknown>;

interface User {
  id: string;
  name: string;
}
type CreateAPI<App> = (strategy: PasswordlessStrategy, tokens: object) => App;

const { createAPI: expressAPI } = (await load('express-api.ts')) as { createAPI: CreateAPI<express.Express> };
const { createAPI: koaAPI } = (await load('koa-api.ts')) as { createAPI: CreateAPI<Koa> };
const { BearerTokens } = (await load('tokens.ts')) as { BearerTokens: new (table: object) => object };
const { allowOrigins } = (await load('cors.ts')) as { allowOrigins: (...origins: string[]) => express.Handler };
const { Login } = (await load('client.ts')) as { Login: new (api: string) => Client };

interface Signed {
  user: User;
  access_token: string;
  recoveryCode?: string;
}
interface Client {
  start(email: string): Promise<{ to: string }>;
  resend(): Promise<{ to: string }>;
  code(otp: string): Promise<Signed>;
  factors(): Promise<{ id: string; type: string; channel?: string; name?: string }[]>;
  challenge(factor: { id: string }): Promise<{ prompt: boolean }>;
  enroll(): Promise<{ secret: string; barcodeURI: string; recoveryCodes?: string[] }>;
  secondFactor(proof?: { otp?: string; recovery_code?: string }): Promise<Signed>;
}

const email = 'ada@example.com';

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

type Listener = (strategy: PasswordlessStrategy, tokens: object) => RequestListener;

const hosts: [string, Listener][] = [
  ['Express', expressAPI],
  ['Koa', (strategy, tokens) => koaAPI(strategy, tokens).callback()],
];

async function open(
  createListener: Listener,
  options: LocalTenantOptions = {},
  strategyOptions: Partial<StrategyOptions> = {},
) {
  const tenant = await startLocalTenant(options);
  const strategy = new PasswordlessStrategy(
    { ...tenant, store: 'client', resendCooldown: 0, ...strategyOptions },
    (_tokens, { id, displayName: name }) => Promise.resolve({ id, name }),
  );
  onTestFinished(async () => {
    await strategy.auth0.close();
    await tenant.close();
  });
  const rows = new Map<string, User>();
  const table = {
    get: (key: string) => Promise.resolve(rows.get(key)),
    set: (key: string, user: User) => Promise.resolve(rows.set(key, user)),
    delete: (key: string) => Promise.resolve(rows.delete(key)),
  };
  const api = await listening(createServer(createListener(strategy, new BearerTokens(table))));
  return { tenant, strategy, rows, api, code: () => tenant.inbox.latest(email)?.code ?? '', post: poster(api) };
}

/** What a client without a library sees. */
function poster(api: string) {
  return async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(api + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const answer = (await response.json()) as Record<string, string> & { transaction: string };
    return { status: response.status, headers: response.headers, answer };
  };
}

const get = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return [response.status, await response.json()] as const;
};

describe.each(hosts)('the API in %s, as the client of the page sees it', (_name, listener) => {
  test('signs in by a code, and out', async () => {
    const { api, code, rows } = await open(listener);
    const login = new Login(api);
    expect(await login.start(email)).toMatchObject({ stage: 'code', to: 'a•••@example.com' });
    expect(await login.resend()).toMatchObject({ to: 'a•••@example.com' });
    await expect(login.code('000000')).rejects.toMatchObject({ code: 'wrong_code', message: /wrong/ });
    const { user, access_token: token } = await login.code(code());
    expect(user).toMatchObject({ name: email });
    expect([...rows.keys()].join()).not.toContain(token);
    expect(await get(`${api}/me`, token)).toEqual([200, user]);
    expect(await get(`${api}/me`, 'another')).toMatchObject([401, { code: 'signed_out' }]);
    await fetch(`${api}/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    expect(await get(`${api}/me`, token)).toMatchObject([401, { code: 'signed_out' }]);
  });

  test('signs in by a second factor that is challenged', async () => {
    const users = [{ email, phoneNumber: '+15551239167', factors: [{ type: 'sms' as const }] }];
    const { api, code, tenant } = await open(listener, { users, mfa: 'always' });
    const login = new Login(api);
    await login.start(email);
    await expect(login.code(code())).rejects.toMatchObject({ code: 'mfa_required' });
    const factor = (await login.factors()).find(({ channel }) => channel === 'sms');
    expect(factor).toMatchObject({ type: 'oob', name: expect.stringMatching(/^X+9167$/) as string });
    expect(await login.challenge(factor ?? { id: '' })).toMatchObject({ prompt: true });
    const otp = tenant.inbox.latest('+15551239167')?.code ?? '';
    await expect(login.secondFactor({ otp: '000000' })).rejects.toMatchObject({ code: 'wrong_code' });
    expect(await login.secondFactor({ otp })).toMatchObject({ user: { name: email } });
  });

  test('signs in by a second factor that is enrolled, or by a recovery code', async () => {
    const { api, code, tenant } = await open(listener, { mfa: 'always', mfaFactors: ['otp', 'recovery-code'] });
    const login = new Login(api);
    await login.start(email);
    await expect(login.code(code())).rejects.toMatchObject({ code: 'mfa_required' });
    expect(await login.factors()).toEqual([]);
    const { barcodeURI, recoveryCodes } = await login.enroll();
    expect(barcodeURI).toMatch(/^otpauth:/);
    expect(await login.secondFactor({ otp: tenant.totp(email) })).toMatchObject({ user: { name: email } });

    const another = new Login(api);
    await another.start(email);
    await expect(another.code(code())).rejects.toMatchObject({ code: 'mfa_required' });
    const [recovery_code = ''] = recoveryCodes ?? [];
    const signed = await another.secondFactor({ recovery_code });
    expect(signed).toMatchObject({ user: { name: email }, recoveryCode: tenant.recoveryCode(email) });
  });

  test('waits for a push', async () => {
    const { api, code, tenant } = await open(listener, {
      users: [{ email, factors: [{ type: 'push' }] }],
      mfa: 'always',
    });
    const login = new Login(api);
    await login.start(email);
    await expect(login.code(code())).rejects.toMatchObject({ code: 'mfa_required' });
    const push = (await login.factors()).find(({ channel }) => channel === 'push');
    expect(await login.challenge(push ?? { id: '' })).toMatchObject({ prompt: false });
    tenant.approvePush(email);
    expect(await login.secondFactor()).toMatchObject({ user: { name: email } });
    await expect(login.secondFactor()).rejects.toMatchObject({ code: 'mfa_pending', retryAfter: 5 });
  });

  test('tells every failure in JSON', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const { api, post, tenant } = await open(listener);
    const { status, headers, answer } = await post('/login', { email: 'nobody' });
    expect([status, answer.code, headers.get('cache-control')]).toEqual([400, 'invalid_email', 'no-store']);
    expect((await post('/login/mfa/list', {})).answer).toMatchObject({ code: 'transaction_missing' });
    tenant.fault({ path: '/passwordless/start', respond: 'reset' });
    const outage = await post('/login', { email });
    expect(outage).toMatchObject({ status: 503, answer: { code: 'transport_error', message: /^This does not work/ } });
    expect(log).toHaveBeenCalledOnce();
    const broken = await fetch(`${api}/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect([broken.status, await broken.json()]).toMatchObject([400, { code: 'error' }]);
  });

  test('refuses forms on every route', async () => {
    const { api, tenant } = await open(listener);
    const steps = ['', '/resend', '/code', '/mfa', '/mfa/list', '/mfa/challenge', '/mfa/enroll'];
    for (const path of steps.map((step) => `/login${step}`)) {
      const response = await fetch(api + path, { method: 'POST', body: new URLSearchParams({ email }) });
      expect([path, response.status, await response.json()]).toMatchObject([path, 403, { code: 'cross_site_request' }]);
    }
    expect(tenant.requests).toEqual([]);
  });
});

const [[, inExpress]] = hosts as [[string, Listener]];

test('the server of the page listens', async () => {
  vi.stubEnv('AUTH0_DOMAIN', 'acme.eu.auth0.com');
  vi.stubEnv('AUTH0_CLIENT_ID', 'id');
  vi.stubEnv('AUTH0_CLIENT_SECRET', 'secret');
  vi.stubEnv('PORT', '0');
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const listen = vi.spyOn(express.application, 'listen');
  await load('server.ts');
  const server = listen.mock.results[0]?.value as Server;
  onTestFinished(() => {
    server.close();
  });
  if (!server.listening) await once(server, 'listening');
  expect(log).toHaveBeenCalledWith('listening');
});

test("session: false without a callback signs in for the request, and leaves failures to Passport's text", async () => {
  const { strategy, code, post } = await open((strategy, tokens) => {
    const app = expressAPI(strategy, tokens);
    const listener = express();
    listener.post(
      '/plain',
      express.json(),
      passport.authenticate(strategy.name, verify({ stage: 'code', session: false }) as object),
      (req, res) => {
        res.json(req.user);
      },
    );
    return listener.use(app);
  });
  expect(strategy.name).toBe('auth0-passwordless');
  const { transaction } = (await post('/login', { email })).answer;
  await expect(post('/plain', { transaction, otp: '000000' })).rejects.toThrow('JSON');
  expect((await post('/plain', { transaction, otp: code() })).answer).toMatchObject({ name: email });
});

test('pages of a named origin may call, and no others', async () => {
  const { api } = await open((strategy, tokens) => {
    const app = express();
    return app.use(allowOrigins('https://app.example.com'), expressAPI(strategy, tokens));
  });
  const preflight = async (origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const response = await fetch(`${api}/login`, { method: 'OPTIONS', headers });
    return [response.status, response.headers.get('access-control-allow-origin')];
  };
  expect(await preflight('https://app.example.com')).toEqual([204, 'https://app.example.com']);
  expect(await preflight('https://evil.example')).toEqual([204, null]);
  const headers = {
    'content-type': 'application/json',
    'sec-fetch-site': 'cross-site',
    origin: 'https://app.example.com',
  };
  const response = await fetch(`${api}/login`, { method: 'POST', headers, body: JSON.stringify({ email }) });
  expect(response.status).toBe(200);
  expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.com');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
});

describe('a copied string', () => {
  test('is good again and again until it is over, whatever came of it', async () => {
    const { post, code } = await open(inExpress);
    const { transaction } = (await post('/login', { email })).answer;
    const otp = code();
    expect((await post('/login/code', { transaction, otp: '000000' })).answer.code).toBe('wrong_code');
    expect((await post('/login/code', { transaction, otp })).status).toBe(200);
    // The code is spent; the string is not.
    expect((await post('/login/code', { transaction, otp })).answer).toMatchObject({ code: 'wrong_code' });
    passTime(601);
    expect((await post('/login/code', { transaction, otp })).answer).toMatchObject({ code: 'transaction_expired' });
  });

  test('lets whoever has it enrol a first factor, once the code was right', async () => {
    const { post, code, tenant } = await open(inExpress, { mfa: 'always', mfaFactors: ['otp'] });
    const { answer: started } = await post('/login', { email });
    const { answer: required } = await post('/login/code', { transaction: started.transaction, otp: code() });
    const copied = required.transaction;
    expect(copied.length).toBeGreaterThan(2000);
    expect(copied.length).toBeLessThan(10_000);
    const { answer: enrolled } = await post('/login/mfa/enroll', { transaction: copied, type: 'otp' });
    const otp = tenant.totp(email);
    expect((await post('/login/mfa', { transaction: enrolled.transaction, otp })).status).toBe(200);
    // The mfa_token is spent.
    expect((await post('/login/mfa/list', { transaction: copied })).answer.code).toBe('mfa_expired');
    const again = await post('/login/mfa', { transaction: enrolled.transaction, otp });
    expect(again.answer.code).toBe('mfa_expired');
    passTime(301);
    expect((await post('/login/mfa/list', { transaction: copied })).answer.code).toBe('transaction_expired');
  });
});

test('a client that sends no string back is not held to the cooldown', async () => {
  const { post } = await open(inExpress, {}, { resendCooldown: 30 });
  const { answer } = await post('/login', { email });
  const honest = await post('/login', { email, transaction: answer.transaction });
  expect(honest.answer).toMatchObject({ code: 'resend_too_soon' });
  expect((await post('/login', { email })).status).toBe(200);
});
