import type { Body, HttpRequest } from './http.js';
import { bearer, type EndUser, endUserHeaders, formRequest, jsonRequest, tokenRequest } from './requests.js';

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

export interface CodeParams {
  connection: string;
  identifier: Identifier;
  otp: string;
  scope: string;
  audience?: string | undefined;
  /** What `/otp/challenge` answered; it stands for connection and address. */
  authSession?: string | undefined;
}

/** What a refresh may ask for: less than was granted at the login, or another API. */
export interface RefreshParams {
  /** Default: the scopes that were granted. */
  scope?: string | undefined;
  /** Default: the API of the login. */
  audience?: string | undefined;
  /** `sub` of the user who is signed in, which an ID token must have (OpenID Connect Core 1.0, section 12.2). Default: any. */
  sub?: string | undefined;
}

/** `POST /passwordless/start`, which sends a code or a link. */
export function startRequest(credentials: Body, params: StartParams, endUser: EndUser): HttpRequest {
  const { connection, identifier, send, link } = params;
  // response_type always: without it the tokens come back in the fragment, which no server sees.
  const authParams = link && { response_type: 'code', ...link };
  const body = { connection, send, authParams, ...credentials, ...identifier };
  return jsonRequest('/passwordless/start', body, endUserHeaders(endUser));
}

/** `POST /oauth/token` with the code that the user received. */
export function codeRequest(credentials: Body, params: CodeParams, ip: EndUser['ip']): HttpRequest {
  const { connection, identifier, otp, scope, audience, authSession } = params;
  const username = 'email' in identifier ? identifier.email : identifier.phone_number;
  const whose = authSession === undefined ? { username, realm: connection } : { auth_session: authSession };
  const grant_type = 'http://auth0.com/oauth/grant-type/passwordless/otp';
  return tokenRequest({ grant_type, ...credentials, ...whose, otp, scope, audience }, { ip });
}

/** `POST /oauth/token` with the authorization code of a link's callback: RFC 6749 section 4.1.3. */
export function callbackRequest(credentials: Body, code: string, redirectURI: string): HttpRequest {
  return tokenRequest({ grant_type: 'authorization_code', ...credentials, code, redirect_uri: redirectURI });
}

/** `POST /oauth/token` with a refresh token: RFC 6749 section 6. */
export function refreshRequest(credentials: Body, refreshToken: string, params: RefreshParams): HttpRequest {
  const { scope, audience } = params;
  return tokenRequest({ grant_type: 'refresh_token', ...credentials, refresh_token: refreshToken, scope, audience });
}

/** `POST /oauth/revoke`: RFC 7009. */
export function revokeRequest(credentials: Body, refreshToken: string): HttpRequest {
  return formRequest('/oauth/revoke', { ...credentials, token: refreshToken });
}

/** `GET /userinfo`. */
export function userInfoRequest(accessToken: string): HttpRequest {
  return { method: 'GET', path: '/userinfo', headers: bearer(accessToken) };
}

/** `GET /.well-known/jwks.json`. */
export function keysRequest(): HttpRequest {
  return { method: 'GET', path: '/.well-known/jwks.json' };
}
