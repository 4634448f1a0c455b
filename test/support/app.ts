import express from 'express';
import session from 'express-session';
import type { AuthenticateOptions, StrategyOptions, VerifyFunction } from 'passport-auth0-passwordless';
import { type LocalTenant, type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, onTestFinished } from 'vitest';
import { expressHost } from './express-host.js';
import { type Host, type Missing, sessionKey } from './host.js';

export const ada = 'ada@example.com';
/** The attacker. */
export const eve = 'eve@example.com';
export const phone = '+12025550123';
export const callbackURL = 'http://127.0.0.1/callback';

export interface AppSetup {
  /** Default: Express 5 with express-session. */
  host?: Host;
  /** The session store of the default host. */
  store?: session.Store;
  strategy?: Partial<StrategyOptions>;
  verify?: VerifyFunction;
  /** Options of every route, in addition to its action. */
  route?: AuthenticateOptions;
  without?: Missing;
}

export interface Setup extends AppSetup {
  tenant?: LocalTenantOptions;
}

export type App = Awaited<ReturnType<typeof setUp>>;
export type Browser = ReturnType<App['browser']>;

/** A local tenant and an app in front of it on real sockets, closed when the test ends. */
export async function setUp({ tenant: options, ...setup }: Setup = {}) {
  const tenant = await startLocalTenant(options);
  onTestFinished(() => tenant.close());
  return {
    tenant,
    ...(await openApp(tenant, setup)),
    code: (to = ada) => tenant.inbox.latest(to)?.code ?? '',
    /** Opens the newest link as a browser does, up to the redirect to the app: the path and query of its callback. */
    openLink: async (to = ada) => {
      const response = await fetch(tenant.inbox.latest(to)?.link ?? '', { redirect: 'manual' });
      return callbackOf(response.headers.get('location'));
    },
    /** The requests that the tenant received at a path. */
    sent: (path: string) => tenant.requests.filter((each) => each.path === path),
  };
}

/** The same, and a browser that has requested a code for Ada. */
export async function setUpCode(setup?: Setup) {
  const app = await setUp(setup);
  const agent = app.browser();
  await agent.post('/start').send({ email: ada });
  return { ...app, agent };
}

/** The same, and a browser that has requested a link for Ada. */
export async function setUpLink(setup?: Setup) {
  const app = await setUp(setup);
  const agent = app.browser();
  await agent.post('/link').send({ email: ada });
  return { ...app, agent };
}

/** An app with the routes of `host.ts` on a real socket, closed when the test ends. */
export async function openApp(
  { domain, clientID, clientSecret }: Pick<LocalTenant, 'domain' | 'clientID' | 'clientSecret'>,
  { store, host = expressWith(store), strategy: options, verify, route = {}, without }: AppSetup = {},
) {
  const reached: string[] = [];
  const dropped: string[] = [];
  const { origin, strategy, close } = await host.listen({
    options: { domain, clientID, clientSecret, callbackURL, sessionKey, resendCooldown: 0, ...options },
    verify: verify ?? ((_tokens, { id, displayName: name }) => Promise.resolve({ id, name })),
    route,
    without,
    reached: (path) => reached.push(path),
  });
  onTestFinished(async () => {
    await close();
    await strategy.auth0.close();
    expect(dropped, 'cookies that a browser would drop').toEqual([]);
  });
  return {
    strategy,
    origin,
    /** The paths under `/pages` whose handler ran. */
    reached,
    /** Keeps its cookies and follows no redirect. The test fails if it receives a cookie that browsers drop. */
    browser: () => createBrowser(origin, dropped),
  };
}

/** The path and query of a redirect back to the app. */
export function callbackOf(location: string | null | undefined): string {
  const { pathname, search } = new URL(location ?? '');
  return pathname + search;
}

function expressWith(store: session.Store = new session.MemoryStore()): Host {
  return expressHost('Express', express, 'store', () => [
    session({ secret: 'test', resave: false, saveUninitialized: false, store }),
  ]);
}

function createBrowser(origin: string, dropped: string[]) {
  return request.agent(origin).use((call: request.Test) => {
    call.redirects(0);
    call.ok(() => true);
    call.on('response', ({ headers }: request.Response) => {
      const cookies = (headers['set-cookie'] ?? []) as unknown as string[];
      dropped.push(...cookies.filter((cookie) => cookie.length > 4096));
    });
  });
}
