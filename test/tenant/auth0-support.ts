// Clients nobody here wrote: Auth0's own, which speak https only.
import { readFileSync } from 'node:fs';
import { Agent as HTTPSAgent } from 'node:https';
import { AuthClient, type AuthClientOptions } from '@auth0/auth0-auth-js';
import { AuthenticationClient, type AuthenticationClientOptions } from 'auth0';
import type { LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { Agent, fetch, type RequestInit } from 'undici';
import { onTestFinished } from 'vitest';
import { tenantFor } from './support.js';

const pem = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
const cert = pem('cert');

export const tls = { key: pem('key'), cert };

export const secureTenant = (options: LocalTenantOptions = {}): Promise<LocalTenant> => tenantFor({ tls, ...options });

/** Trusts the certificate of these tests; it closes when the test ends. */
export function dispatcherFor(): Agent {
  const dispatcher = new Agent({ connect: { ca: cert } });
  onTestFinished(() => dispatcher.destroy());
  return dispatcher;
}

function fetchFor(): typeof globalThis.fetch {
  const dispatcher = dispatcherFor();
  return ((url: string, init: RequestInit) =>
    fetch(url, { ...init, dispatcher })) as unknown as typeof globalThis.fetch;
}

/** `@auth0/auth0-auth-js`, Auth0's newer client. */
export function authClient(tenant: LocalTenant, options: Partial<AuthClientOptions> = {}): AuthClient {
  return new AuthClient({
    domain: tenant.domain.replace('https://', ''),
    clientId: tenant.clientID,
    ...(options.clientAssertionSigningKey === undefined ? { clientSecret: tenant.clientSecret } : {}),
    customFetch: fetchFor(),
    ...options,
  });
}

/** The authentication client of `auth0`, the older one. */
export function legacyClient(
  tenant: LocalTenant,
  options: Partial<AuthenticationClientOptions> = {},
): AuthenticationClient {
  const agent = new HTTPSAgent({ ca: cert });
  onTestFinished(() => {
    agent.destroy();
  });
  return new AuthenticationClient({
    domain: tenant.domain.replace('https://', ''),
    clientId: tenant.clientID,
    ...(options.clientAssertionSigningKey === undefined ? { clientSecret: tenant.clientSecret } : {}),
    // Its calls go through fetch, its key set through node:https, which is what takes the agent.
    agent: agent as never,
    fetch: fetchFor(),
    ...options,
  });
}
