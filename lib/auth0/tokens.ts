import { PasswordlessError } from '../errors.js';
import type { IDTokenClaims } from './id-token.js';
import type { Body } from './http.js';

/** What a login brings. */
export interface Tokens {
  /** For the API that `audience` names; opaque without one. */
  accessToken: string;
  /** As it came; `claims` has what is in it. */
  idToken: string;
  /** Only with the scope `offline_access`, where Auth0 grants it. */
  refreshToken?: string;
  /** `'Bearer'`. */
  tokenType: string;
  /** Seconds for which the access token lives. */
  expiresIn: number;
  /** Until when the access token lives: epoch seconds. */
  expiresAt: number;
  /** What was granted, where Auth0 says it. */
  scope?: string;
  /** The verified claims of the ID token. */
  claims: IDTokenClaims;
  /** After a recovery code was used: the next one, for the user to write down. */
  recoveryCode?: string;
}

/**
 * What a refresh brings: a `refreshToken` only where Auth0 rotates them, `idToken` and `claims` only with the scope
 * `openid`.
 */
export type RefreshedTokens = Omit<Tokens, 'idToken' | 'claims' | 'recoveryCode'> &
  Partial<Pick<Tokens, 'idToken' | 'claims'>>;

/** The body of a token answer with status 200: the code is spent, whatever the tokens are worth. */
export type TokenResponse = Body;

/** An answer of `/oauth/token` that holds tokens, read but not yet believed: the ID token is still to be verified. */
export interface TokenAnswer {
  accessToken: string;
  idToken?: string;
  refreshToken?: string;
  tokenType: string;
  /** Seconds. */
  expiresIn: number;
  scope?: string;
  /** The next recovery code, after one was used. */
  recoveryCode?: string;
}

export function readTokens(body: Body): TokenAnswer {
  const { access_token, id_token, refresh_token, token_type, expires_in, scope, recovery_code } = body;
  const expiresIn = readSeconds(expires_in);
  const isWellFormed =
    typeof access_token === 'string' &&
    typeof token_type === 'string' &&
    expiresIn !== undefined &&
    (id_token === undefined || typeof id_token === 'string');
  if (!isWellFormed) {
    throw new PasswordlessError('unexpected_response', 'Auth0 answered with malformed tokens.');
  }
  return {
    accessToken: access_token,
    tokenType: token_type,
    expiresIn,
    ...(id_token !== undefined && { idToken: id_token }),
    ...(typeof refresh_token === 'string' && { refreshToken: refresh_token }),
    ...(typeof scope === 'string' && { scope }),
    ...(typeof recovery_code === 'string' && { recoveryCode: recovery_code }),
  };
}

export function hasIDToken(tokens: RefreshedTokens): tokens is Tokens {
  return tokens.idToken !== undefined;
}

/** A number, or the digits of one, which some servers send. */
function readSeconds(value: unknown): number | undefined {
  const isNumeric = typeof value === 'number' || typeof value === 'string';
  return isNumeric && /^\d{1,10}$/.test(String(value)) ? Number(value) : undefined;
}
