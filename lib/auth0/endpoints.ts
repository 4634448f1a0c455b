import { PasswordlessError } from '../errors.js';
import { type Refusal, refusalError } from './errors.js';
import type { HttpRequest, HttpResponse } from './http.js';

/** What a message is sent to. */
export type Identifier = { email: string } | { phone_number: string };

/** Members of `authParams`: what the link's authorization request carries. */
export interface LinkParams {
  redirect_uri: string;
  scope: string;
  state: string;
  nonce: string;
  audience?: string | undefined;
  organization?: string | undefined;
}

export interface StartParams {
  connection: string;
  identifier: Identifier;
  send: 'code' | 'link';
  link?: LinkParams;
}

/** Facts about the end user's request that Auth0 takes as headers. */
export interface EndUser {
  /** `x-request-language`: the language of the message. */
  language?: string | undefined;
  /** `auth0-forwarded-for`: whose address the rate limit counts, where the application is trusted with it. */
  ip?: string | undefined;
}

export interface CodeParams {
  connection: string;
  identifier: Identifier;
  otp: string;
  scope: string;
  audience?: string | undefined;
}

/** An answer of `/oauth/token` that holds tokens, read but not yet believed: the ID token is still to be verified. */
export interface TokenAnswer {
  accessToken: string;
  idToken: string;
  refreshToken?: string;
  tokenType: string;
  /** Seconds. */
  expiresIn: number;
  scope?: string;
}

type Body = Record<string, unknown>;

/** `POST /passwordless/start`, which sends a code or a link. */
export function startRequest(credentials: Body, params: StartParams, endUser: EndUser): HttpRequest {
  const { connection, identifier, send, link } = params;
  return {
    method: 'POST',
    path: '/passwordless/start',
    headers: { 'content-type': 'application/json', ...endUserHeaders(endUser) },
    body: JSON.stringify({
      ...credentials,
      connection,
      ...identifier,
      send,
      // response_type always: without it the tokens come back in the fragment, which no server sees.
      authParams: link && { response_type: 'code', ...link },
    }),
  };
}

/** `POST /oauth/token` with the code that the user received. */
export function codeRequest(credentials: Body, params: CodeParams, ip: EndUser['ip']): HttpRequest {
  const { connection, identifier, otp, scope, audience } = params;
  const username = 'email' in identifier ? identifier.email : identifier.phone_number;
  const grant_type = 'http://auth0.com/oauth/grant-type/passwordless/otp';
  return tokenRequest({ grant_type, ...credentials, username, otp, realm: connection, scope, audience }, { ip });
}

/** `POST /oauth/token` with the authorization code of a link's callback: RFC 6749 section 4.1.3. */
export function callbackRequest(credentials: Body, code: string, redirectURI: string): HttpRequest {
  return tokenRequest({ grant_type: 'authorization_code', ...credentials, code, redirect_uri: redirectURI }, {});
}

export function userInfoRequest(accessToken: string): HttpRequest {
  return { method: 'GET', path: '/userinfo', headers: { authorization: `Bearer ${accessToken}` } };
}

export function keysRequest(): HttpRequest {
  return { method: 'GET', path: '/.well-known/jwks.json' };
}

/** Any 2xx with JSON or an empty body is success, and nothing of it matters. */
export function readStart(response: HttpResponse): void {
  const isReadable = response.body.trim() === '' || parse(response.body) !== undefined;
  if (!isSuccess(response) || !isReadable) readObject(response);
}

/** The JSON object of a success; everything else is an error. */
export function readObject(response: HttpResponse): Body {
  const body = parseObject(response.body);
  if (isSuccess(response) && body) return body;
  throw refusalError(readRefusal(response, body));
}

export function readTokens(body: Body): TokenAnswer {
  const { access_token, id_token, refresh_token, token_type, expires_in, scope } = body;
  const expiresIn = readSeconds(expires_in);
  if (typeof id_token !== 'string') {
    throw new PasswordlessError('unexpected_response', 'Auth0 answered without an ID token. Does scope hold "openid"?');
  }
  if (typeof access_token !== 'string' || typeof token_type !== 'string' || expiresIn === undefined) {
    throw new PasswordlessError('unexpected_response', 'Auth0 answered with malformed tokens.');
  }
  return {
    accessToken: access_token,
    idToken: id_token,
    tokenType: token_type,
    expiresIn,
    ...(typeof refresh_token === 'string' && { refreshToken: refresh_token }),
    ...(typeof scope === 'string' && { scope }),
  };
}

function tokenRequest(form: Body, endUser: EndUser): HttpRequest {
  const given = Object.entries(form).filter(([, value]) => value !== undefined);
  return {
    method: 'POST',
    path: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...endUserHeaders(endUser) },
    body: new URLSearchParams(given as [string, string][]).toString(),
  };
}

function endUserHeaders({ language, ip }: EndUser): Record<string, string> {
  return {
    ...(language !== undefined && { 'x-request-language': language }),
    ...(ip !== undefined && { 'auth0-forwarded-for': ip }),
  };
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** The value of JSON text; undefined where it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseObject(text: string): Body | undefined {
  const value = parse(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
}

/** A number, or the digits of one, which some servers send. */
function readSeconds(value: unknown): number | undefined {
  const isNumeric = typeof value === 'number' || typeof value === 'string';
  return isNumeric && /^\d{1,10}$/.test(String(value)) ? Number(value) : undefined;
}

/** Some endpoints say `error` and `error_description`, others `code` and `description`. */
function readRefusal({ status, headers }: HttpResponse, body: Body = {}): Refusal {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    error: text(body.error ?? body.code),
    description: text(body.error_description ?? body.description),
    status,
    headers,
  };
}
