import type { StrategyOptions, VerifyFunction } from 'passport-auth0-passwordless';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, onTestFinished } from 'vitest';
import { type Host, type Missing, sessionKey } from './host.js';

export const ada = 'ada@example.com';

export interface Setup {
  tenant?: LocalTenantOptions;
  strategy?: Partial<StrategyOptions>;
  verify?: VerifyFunction;
  without?: Missing;
}

export type App = Awaited<ReturnType<typeof open>>;

/** A local tenant and an app of the host, closed when the test ends. */
export async function open(host: Host, { tenant: tenantOptions, strategy, verify, without }: Setup = {}) {
  const tenant = await startLocalTenant(tenantOptions);
  const { domain, clientID, clientSecret } = tenant;
  const reached: string[] = [];
  const dropped: string[] = [];
  const app = await host.listen({
    options: {
      ...{ domain, clientID, clientSecret, sessionKey },
      callbackURL: 'http://127.0.0.1/login/callback',
      resendCooldown: 0,
      ...strategy,
    },
    verify: verify ?? ((_tokens, profile) => Promise.resolve({ name: profile.displayName })),
    without,
    reached: (path) => reached.push(path),
  });
  onTestFinished(async () => {
    await app.close();
    await app.strategy.auth0.close();
    await tenant.close();
    expect(dropped, 'cookies that a browser would drop').toEqual([]);
  });
  return {
    tenant,
    /** Paths whose handler ran. */
    reached,
    /** Keeps its cookies. A test fails whose browser was sent one that browsers drop. */
    browser: () => browser(app.origin, dropped),
    origin: app.origin,
    code: (to = ada) => tenant.inbox.latest(to)?.code,
    /** Opens the newest link as a browser would, as far as the query with which Auth0 sends it back to the app. */
    openLink: async (to = ada) => {
      const response = await fetch(tenant.inbox.latest(to)?.link ?? '', { redirect: 'manual' });
      return new URL(response.headers.get('location') ?? '').search;
    },
  };
}

export type Browser = ReturnType<typeof browser>;

function browser(origin: string, dropped: string[]) {
  const agent = request.agent(origin);
  return agent.use((call: request.Test) => {
    call.redirects(0);
    call.ok(() => true);
    call.on('response', ({ headers }: request.Response) => {
      const cookies = (headers['set-cookie'] ?? []) as unknown as string[];
      dropped.push(...cookies.filter((cookie) => cookie.length > 4096));
    });
  });
}
