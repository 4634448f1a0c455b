import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { bodyOf, CLIENT, type Response, type Sent } from '../support/hostile-auth0.js';

/** What the design names, and nothing else: for each endpoint, or grant, the members of the body, and the headers. */
const CREDENTIALS = ['client_id', 'client_secret'];
const EVERY_CALL = ['accept', 'auth0-client'];
const END_USER = ['auth0-forwarded-for'];
const GRANTS: Record<string, string[]> = {
  'http://auth0.com/oauth/grant-type/passwordless/otp': ['username', 'otp', 'realm', 'scope', 'audience'],
  authorization_code: ['code', 'redirect_uri'],
  'http://auth0.com/oauth/grant-type/mfa-otp': ['mfa_token', 'otp'],
  'http://auth0.com/oauth/grant-type/mfa-oob': ['mfa_token', 'oob_code', 'binding_code'],
  'http://auth0.com/oauth/grant-type/mfa-recovery-code': ['mfa_token', 'recovery_code'],
};
const CALLS: Record<string, { headers: string[]; body?: string[] }> = {
  'POST /passwordless/start': {
    headers: ['content-type', 'x-request-language', ...END_USER],
    body: [...CREDENTIALS, 'connection', 'email', 'phone_number', 'send', 'authParams'],
  },
  'POST /oauth/token': { headers: ['content-type', ...END_USER], body: [...CREDENTIALS, 'grant_type'] },
  'GET /userinfo': { headers: ['authorization'] },
  'GET /mfa/authenticators': { headers: ['authorization'] },
  'POST /mfa/challenge': {
    headers: ['content-type'],
    body: [...CREDENTIALS, 'mfa_token', 'challenge_type', 'authenticator_id'],
  },
  'POST /mfa/associate': {
    headers: ['content-type', 'authorization'],
    body: ['authenticator_types', 'oob_channels', 'phone_number', 'email'],
  },
};
const AUTH_PARAMS = ['response_type', 'redirect_uri', 'scope', 'state', 'nonce', 'audience', 'organization'];

/** Fails where a request is not one that the design names, as it names it. */
export function expectNamedInTheDesign(sent: Sent): void {
  const { origin, method, path, headers } = sent;
  const call = CALLS[`${method} ${path}`];
  expect(origin).toBe(`https://${CLIENT.domain}`);
  expect(Object.keys(CALLS)).toContain(`${method} ${path}`);
  expectOnly(Object.keys(headers), [...EVERY_CALL, ...(call?.headers ?? [])]);
  // RFC 9110, section 5.5: visible characters, spaces and tabs.
  for (const value of Object.values(headers)) expect(value).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/);

  if (!call?.body) {
    expect(sent.body).toBeNull();
    return;
  }
  const body = bodyOf(sent);
  const grant = path === '/oauth/token' ? GRANTS[String(body.grant_type)] : [];
  expect(grant, 'a grant that the design names').toBeDefined();
  expectOnly(Object.keys(body), [...call.body, ...(grant ?? [])]);
  if (call.body.includes('client_id')) {
    expect([body.client_id, body.client_secret]).toEqual([CLIENT.clientID, CLIENT.clientSecret]);
  }
  expectOnly(Object.keys(body.authParams ?? {}), AUTH_PARAMS);
}

function expectOnly(names: string[], allowed: string[]): void {
  expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
}
/** The `sub` of a token that the design takes, by this file's own reading of OpenID Connect; undefined of any other. */
export function goodSubject(response: Response | undefined, nonce: string | undefined): string | undefined {
  const now = Date.now() / 1000;
  try {
    const token = (
      (typeof response?.body === 'string' ? JSON.parse(response.body) : response?.body) as { id_token: string }
    ).id_token;
    const [header = '', payload = '', signature] = token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const { iss, aud, sub, exp, iat, nonce: given } = read(payload);
    const isGood =
      read(header).alg === 'HS256' &&
      signature === createHmac('sha256', CLIENT.clientSecret).update(`${header}.${payload}`).digest('base64url') &&
      iss === `https://${CLIENT.domain}/` &&
      aud === CLIENT.clientID &&
      Number(exp) > now - 60 &&
      Number(iat) < now + 60 &&
      given === nonce;
    return isGood ? (sub as string) : undefined;
  } catch {
    return undefined;
  }
}
