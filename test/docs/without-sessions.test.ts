import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import express from 'express';
import type Koa from 'koa';
import passport from 'passport';
import { type PasswordlessStrategy, type StrategyOptions, verify } from 'passport-auth0-passwordless';
import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { passTime } from '../support/time.js';
import { ada, extract, serve, setUp } from './examples.js';

const { load } = extract('docs/without-sessions.md');
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

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

type Listener = (strategy: PasswordlessStrategy, tokens: object) => RequestListener;

const hosts: [string, Listener][] = [
  ['Express', expressAPI],
  ['Koa', (strategy, tokens) => koaAPI(strategy, tokens).callback()],
];

async function open(createListener: Listener, tenantOptions?: LocalTenantOptions, options?: Partial<StrategyOptions>) {
  const { tenant, strategy, code } = await setUp({
    tenant: tenantOptions ?? {},
    strategy: { store: 'client', ...options },
  });
  const rows = new Map<string, User>();
  const table = {
    get: (key: string) => Promise.resolve(rows.get(key)),
    set: (key: string, user: User) => Promise.resolve(rows.set(key, user)),
    delete: (key: string) => Promise.resolve(rows.delete(key)),
  };
  const api = await serve(createListener(strategy, new BearerTokens(table)));
  /** Posts JSON, as a client without a library. */
  const post = async (path: string, body: object | string, headers = {}) => {
    const response = await fetch(api + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    const answer = (await response.json()) as Record<string, string> & { transaction: string };
    return { status: response.status, headers: response.headers, answer };
  };
  return { tenant, strategy, rows, api, code, post };
}

/** A client of the page whose code was right, so that a second factor is next. */
async function openSecondFactor(listener: Listener, tenantOptions: LocalTenantOptions) {
  const app = await open(listener, { mfa: 'always', ...tenantOptions });
  const signInByCode = async () => {
    const login = new Login(app.api);
    await login.start(ada);
    await expect(login.code(app.code())).rejects.toMatchObject({ code: 'mfa_required' });
    return login;
  };
  return { ...app, login: await signInByCode(), signInByCode };
}

const get = async (url: string, token: string) => {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  return [response.status, await response.json()] as const;
};

const signedIn = { user: { name: ada } };

describe.each(hosts)('the API in %s', (_name, listener) => {
  test("signs the page's client in by a code, and out", async () => {
    const { api, code, rows } = await open(listener);
    const login = new Login(api);
    expect(await login.start(ada)).toMatchObject({ stage: 'code', to: 'a•••@example.com' });
    expect(await login.resend()).toMatchObject({ to: 'a•••@example.com' });
    await expect(login.code('000000')).rejects.toMatchObject({ code: 'wrong_code', message: /wrong/ });
    const { user, access_token: token } = await login.code(code());
    expect(user).toMatchObject({ name: ada });
    expect([...rows.keys()].join()).not.toContain(token);
    expect(await get(`${api}/me`, token)).toEqual([200, user]);
    expect(await get(`${api}/me`, 'another')).toMatchObject([401, { code: 'signed_out' }]);
    await fetch(`${api}/logout`, { method: 'POST', headers: { authorization: `Bearer ${token}` } });
    expect(await get(`${api}/me`, token)).toMatchObject([401, { code: 'signed_out' }]);
  });

  test("signs the page's client in by a code sent as a second factor", async () => {
    const users = [{ email: ada, phoneNumber: '+15551239167', factors: [{ type: 'sms' as const }] }];
    const { login, code } = await openSecondFactor(listener, { users });
    const factor = (await login.factors()).find(({ channel }) => channel === 'sms');
    expect(factor).toMatchObject({ type: 'oob', name: expect.stringMatching(/^X+9167$/) as string });
    expect(await login.challenge(factor ?? { id: '' })).toMatchObject({ prompt: true });
    await expect(login.secondFactor({ otp: '000000' })).rejects.toMatchObject({ code: 'wrong_code' });
    expect(await login.secondFactor({ otp: code('+15551239167') })).toMatchObject(signedIn);
  });

  test("signs the page's client in by an authenticator app that it enrols, and then by a recovery code", async () => {
    const { login, signInByCode, tenant } = await openSecondFactor(listener, { mfaFactors: ['otp', 'recovery-code'] });
    expect(await login.factors()).toEqual([]);
    const { barcodeURI, recoveryCodes } = await login.enroll();
    expect(barcodeURI).toMatch(/^otpauth:/);
    expect(await login.secondFactor({ otp: tenant.totp(ada) })).toMatchObject(signedIn);

    const another = await signInByCode();
    const signed = await another.secondFactor({ recovery_code: recoveryCodes?.[0] ?? '' });
    expect(signed).toMatchObject({ ...signedIn, recoveryCode: tenant.recoveryCode(ada) });
  });

  test("lets the page's client wait for a push", async () => {
    const users = [{ email: ada, factors: [{ type: 'push' as const }] }];
    const { login, tenant } = await openSecondFactor(listener, { users });
    const push = (await login.factors()).find(({ channel }) => channel === 'push');
    expect(await login.challenge(push ?? { id: '' })).toMatchObject({ prompt: false });
    tenant.approvePush(ada);
    expect(await login.secondFactor()).toMatchObject(signedIn);
    await expect(login.secondFactor()).rejects.toMatchObject({ code: 'mfa_pending', retryAfter: 5 });
  });

  test('answers every failure in JSON', async () => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const { post, tenant } = await open(listener);
    const { status, headers, answer } = await post('/login', { email: 'nobody' });
    expect([status, answer.code, headers.get('cache-control')]).toEqual([400, 'invalid_email', 'no-store']);
    expect((await post('/login/mfa/list', {})).answer).toMatchObject({ code: 'transaction_missing' });
    tenant.fault({ path: '/passwordless/start', respond: 'reset' });
    const outage = await post('/login', { email: ada });
    expect(outage).toMatchObject({ status: 503, answer: { code: 'transport_error', message: /^This does not work/ } });
    expect(log).toHaveBeenCalledOnce();
    expect(await post('/login', '{')).toMatchObject({ status: 400, answer: { code: 'error' } });
  });

  test('refuses forms on every route', async () => {
    const { post, tenant } = await open(listener);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const step of ['', '/resend', '/code', '/mfa', '/mfa/list', '/mfa/challenge', '/mfa/enroll']) {
      const { status, answer } = await post(`/login${step}`, `email=${ada}`, form);
      expect([step, status, answer.code]).toEqual([step, 403, 'cross_site_request']);
    }
    expect(tenant.requests).toEqual([]);
  });
});

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

test("session: false without a callback signs in for one request, and leaves failures to Passport's text", async () => {
  const { strategy, code, post } = await open((strategy, tokens) => {
    const app = express().use(express.json());
    const route = verify({ stage: 'code', session: false });
    app.post('/plain', passport.authenticate(strategy.name, route) as express.Handler, (req, res) => {
      res.json(req.user);
    });
    return app.use(expressAPI(strategy, tokens));
  });
  expect(strategy.name).toBe('auth0-passwordless');
  const { transaction } = (await post('/login', { email: ada })).answer;
  await expect(post('/plain', { transaction, otp: '000000' })).rejects.toThrow('JSON');
  expect((await post('/plain', { transaction, otp: code() })).answer).toMatchObject({ name: ada });
});

test('only pages of the named origin may call the API', async () => {
  const origin = 'https://app.example.com';
  const { api, post } = await open((strategy, tokens) =>
    express().use(allowOrigins(origin), expressAPI(strategy, tokens)),
  );
  const preflight = async (origin: string) => {
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type',
    };
    const response = await fetch(`${api}/login`, { method: 'OPTIONS', headers });
    return [response.status, response.headers.get('access-control-allow-origin')];
  };
  expect(await preflight(origin)).toEqual([204, origin]);
  expect(await preflight('https://evil.example')).toEqual([204, null]);
  const { status, headers } = await post('/login', { email: ada }, { origin, 'sec-fetch-site': 'cross-site' });
  expect(status).toBe(200);
  expect(headers.get('access-control-allow-origin')).toBe(origin);
  expect(headers.get('access-control-allow-credentials')).toBeNull();
});

test('a copied transaction lets its holder enrol a first authenticator, once and until it expires', async () => {
  const { post, code, tenant } = await open(expressAPI, { mfa: 'always', mfaFactors: ['otp'] });
  const { answer: started } = await post('/login', { email: ada });
  const { answer: required } = await post('/login/code', { transaction: started.transaction, otp: code() });
  const copied = required.transaction;
  // "Several thousand characters", the page says.
  expect(copied.length).toBeGreaterThan(2000);
  expect(copied.length).toBeLessThan(10_000);
  const { answer: enrolled } = await post('/login/mfa/enroll', { transaction: copied, type: 'otp' });
  const proof = { transaction: enrolled.transaction, otp: tenant.totp(ada) };
  expect((await post('/login/mfa', proof)).status).toBe(200);
  // The mfa_token is consumed.
  expect((await post('/login/mfa/list', { transaction: copied })).answer.code).toBe('mfa_expired');
  expect((await post('/login/mfa', proof)).answer.code).toBe('mfa_expired');
  passTime(301);
  expect((await post('/login/mfa/list', { transaction: copied })).answer.code).toBe('transaction_expired');
});

test('resendCooldown does not hold a client that sends no transaction back', async () => {
  const { post } = await open(expressAPI, {}, { resendCooldown: 30 });
  const { transaction } = (await post('/login', { email: ada })).answer;
  expect((await post('/login', { email: ada, transaction })).answer).toMatchObject({ code: 'resend_too_soon' });
  expect((await post('/login', { email: ada })).status).toBe(200);
});
