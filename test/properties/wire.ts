import { createHmac } from 'node:crypto';
import { expect } from 'vitest';
import { bodyOf, CLIENT, type Response, type Sent } from '../support/hostile-auth0.js';

// The contract (design.md): for each endpoint and grant, all members of the body and all headers.

const CLIENT_AUTHENTICATION = { client_id: CLIENT.clientID, client_secret: CLIENT.clientSecret };
const CREDENTIALS = Object.keys(CLIENT_AUTHENTICATION);
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

/** Fails unless the request is one that the design names, with no other member or header. */
export function expectNamedInTheDesign(sent: Sent): void {
  const { origin, method, path, headers } = sent;
  const call = CALLS[`${method} ${path}`];
  if (!call) throw new Error(`${method} ${path} is not in the design`);
  const body = bodyOf(sent);
  const grant = path === '/oauth/token' ? GRANTS[String(body.grant_type)] : [];
  const { client_id, client_secret, authParams } = body;
  expect({
    origin,
    grant: grant && 'in the design',
    headers: others(headers, [...EVERY_CALL, ...call.headers]),
    // RFC 9110, section 5.5: visible characters, spaces and tabs.
    values: Object.values(headers).filter((value) => !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)),
    body: call.body ? others(body, [...call.body, ...(grant ?? [])]) : sent.body,
    client: call.body?.includes('client_id') ? { client_id, client_secret } : CLIENT_AUTHENTICATION,
    authParams: others(authParams ?? {}, AUTH_PARAMS),
  }).toEqual({
    origin: `https://${CLIENT.domain}`,
    grant: 'in the design',
    headers: [],
    values: [],
    body: call.body ? [] : null,
    client: CLIENT_AUTHENTICATION,
    authParams: [],
  });
}

function others(object: object, allowed: string[]): string[] {
  return Object.keys(object).filter((name) => !allowed.includes(name));
}

/** The `sub` of an ID token that OpenID Connect allows, as this file reads it by itself; undefined for any other. */
export function validSubject({ body }: Response = {}, nonce: string | undefined): string | undefined {
  const now = Date.now() / 1000;
  try {
    const { id_token } = (typeof body === 'string' ? JSON.parse(body) : body) as { id_token: string };
    const [header = '', payload = '', signature] = id_token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const { iss, aud, sub, exp, iat, nonce: given } = read(payload);
    const isValid =
      read(header).alg === 'HS256' &&
      signature === createHmac('sha256', CLIENT.clientSecret).update(`${header}.${payload}`).digest('base64url') &&
      iss === `https://${CLIENT.domain}/` &&
      aud === CLIENT.clientID &&
      Number(exp) > now - 60 &&
      Number(iat) < now + 60 &&
      given === nonce;
    return isValid ? (sub as string) : undefined;
  } catch {
    return undefined;
  }
}
