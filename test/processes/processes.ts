import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { StrategyOptions } from 'passport-auth0-passwordless';
import { type LocalTenant, type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, onTestFinished } from 'vitest';

export const ada = 'ada@example.com';

/** One process of the app, behind the same Redis as all others. */
export interface App {
  url: string;
  /** With the option `hold`: resolves once the process is about to exchange a code, which it does when it is let go. */
  holds(): Promise<unknown>;
  letGo(): void;
  stop(): Promise<void>;
}

type AppOptions = Partial<StrategyOptions> & { hold?: boolean };

export async function startTenant(options?: LocalTenantOptions): Promise<LocalTenant> {
  const tenant = await startLocalTenant(options);
  onTestFinished(() => tenant.close());
  return tenant;
}

/** Starts a process of the app, which ends with the test at the latest. */
export async function startApp(tenant: LocalTenant, options: AppOptions = {}): Promise<App> {
  const { domain, clientID, clientSecret } = tenant;
  const { APP = '', REDIS_SOCKET } = process.env;
  const all = { domain, clientID, clientSecret, callbackURL: 'http://127.0.0.1/login/callback', ...options };
  const child = fork(APP, { env: { REDIS_SOCKET, OPTIONS: JSON.stringify(all) }, execArgv: [] });
  const exited = once(child, 'exit');
  const stop = async () => {
    child.kill();
    await exited;
    // A process that ended by itself has an exit code, and no signal.
    expect(child.exitCode, 'The app ended by itself; its standard error says why.').toBeNull();
  };
  onTestFinished(stop);
  const [message] = (await Promise.race([once(child, 'message'), exited])) as [{ port: number }];
  if (child.exitCode !== null) throw new Error('The app ended before it listened; its standard error says why.');
  return {
    url: `http://127.0.0.1:${message.port}`,
    holds: () => once(child, 'message'),
    letGo: () => child.send('go'),
    stop,
  };
}

export function startApps(tenant: LocalTenant, options?: AppOptions): Promise<[App, App]> {
  return Promise.all([startApp(tenant, options), startApp(tenant, options)]);
}

/** One browser, whose cookies go to whichever process it is sent to: `on(one).get('/')`. */
export function browser() {
  const { jar } = request.agent('');
  return ({ url }: App) => Object.assign(request.agent(url), { jar });
}

/** The path on which the newest link brings the browser back to the app. */
export async function openLink(tenant: LocalTenant): Promise<string> {
  const response = await fetch(tenant.inbox.latest(ada)?.link ?? '', { redirect: 'manual' });
  const { pathname, search } = new URL(response.headers.get('location') ?? '');
  return pathname + search;
}

export const codeOf = (tenant: LocalTenant) => tenant.inbox.latest(ada)?.code ?? '';

/** The session's cookie, as an answer sets it. */
export const cookieOf = ({ headers }: { headers: Record<string, unknown> }) =>
  String(headers['set-cookie']).split(';', 1)[0] ?? '';

/** How often the tenant was asked for tokens. */
export const exchanges = (tenant: LocalTenant) => tenant.requests.filter(({ path }) => path === '/oauth/token').length;
