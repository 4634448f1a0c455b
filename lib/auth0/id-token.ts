import { createSecretKey } from 'node:crypto';
import { JOSEError } from 'jose/errors';
import { jwtVerify, type JWTVerifyGetKey } from 'jose/jwt/verify';
import { PasswordlessError } from '../errors.js';

/** The algorithms by which Auth0 signs ID tokens. */
export type IDTokenSigningAlg = 'RS256' | 'PS256' | 'HS256';

/** Claims of a verified ID token. */
export interface IDTokenClaims {
  sub: string;
  iss: string;
  aud: string | string[];
  exp: number;
  iat: number;
  [claim: string]: unknown;
}

export interface IDTokenExpectation {
  issuer: string;
  clientID: string;
  /** Pinned: the token's own header is never believed. */
  alg: IDTokenSigningAlg;
  /** Seconds. */
  clockTolerance: number;
}

/** @param nonce The one that was sent, if any; null where it is not known: then it is not looked at. */
export type IDTokenVerifier = (idToken: string, nonce?: string | null) => Promise<IDTokenClaims>;

/** The key of HS256: the client secret, behind an object that does not show it. */
export function sharedSecret(clientSecret: string): JWTVerifyGetKey {
  const key = createSecretKey(clientSecret, 'utf8');
  return () => Promise.resolve(key);
}

/**
 * Checks signature and claims as OpenID Connect Core 1.0, section 3.1.3.7, asks.
 *
 * @throws {PasswordlessError} `id_token_invalid`; `transport_error` and its like when the keys cannot be fetched.
 */
export function createIDTokenVerifier(expected: IDTokenExpectation, key: JWTVerifyGetKey): IDTokenVerifier {
  const { issuer, clientID, alg, clockTolerance } = expected;
  const options = {
    issuer,
    audience: clientID,
    algorithms: [alg],
    clockTolerance,
    requiredClaims: ['sub', 'exp', 'iat'],
  };

  return async (idToken, nonce) => {
    const { payload } = await jwtVerify<IDTokenClaims>(idToken, key, options).catch((error: unknown) => {
      if (error instanceof PasswordlessError) throw error;
      throw invalid(error instanceof JOSEError ? reasonOf(error) : 'its key cannot be used');
    });
    if (typeof payload.sub !== 'string' || !payload.sub) throw invalid('"sub" is not a string');
    if (payload.iat > Date.now() / 1000 + clockTolerance) throw invalid('"iat" is in the future');
    if ((Array.isArray(payload.aud) || payload.azp !== undefined) && payload.azp !== clientID) {
      throw invalid('"azp" is not this client');
    }
    if (nonce !== null && payload.nonce !== nonce)
      throw invalid(nonce ? 'another "nonce" was sent' : 'no "nonce" was sent');
    return payload;
  };
}

function reasonOf({ code, message }: JOSEError): string {
  // Of what it does not support, jose repeats the token's own words.
  const words = code === 'ERR_JOSE_NOT_SUPPORTED' ? 'its header asks for what is not supported' : message;
  return `${words} (${code})`;
}

// jose's error carries the claims, and those hold addresses: only its words are passed on.
function invalid(reason: string): PasswordlessError {
  return new PasswordlessError(
    'id_token_invalid',
    `The ID token was refused: ${reason}. Check domain, clientID, idTokenSigningAlg and this machine's clock.`,
  );
}
