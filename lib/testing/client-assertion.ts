import { createHash } from 'node:crypto';
import { remember } from './bounded.js';
import type { Client, JWK } from './clients.js';
import type { Context } from './context.js';
import { invalidClient } from './errors.js';
import { optional, type Parameters } from './http.js';
import { isSignatureAlgorithm, isSigned, parseJWS, publicKeyOf, type JWS } from './jws.js';

const TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
/** Seconds: the longest lifetime, and how far the client's clock may be ahead. */
const LIFETIME = 300;
const SKEW = 10;
const ASSERTIONS = 20_000;

/** Checks the `client_assertion` of a client with public keys (RFC 7523, section 3, as Auth0 has it), which is then spent. */
export function spendAssertion(
  { issuer, issued }: Context,
  { clientID }: Client,
  keys: (string | JWK)[],
  parameters: Parameters,
): void {
  if (optional(parameters, 'client_secret') !== undefined) {
    throw invalidClient('The client authenticates by private_key_jwt, not by a client_secret');
  }
  const assertion = optional(parameters, 'client_assertion');
  if (assertion === undefined)
    throw invalidClient('The client authenticates by private_key_jwt: send a client_assertion');
  if (parameters.client_assertion_type !== TYPE) throw invalidClient(`client_assertion_type must be ${TYPE}`);
  const jws = parseJWS(assertion);
  if (!jws) throw invalidClient('client_assertion is not a JWT');
  if (!isSignedByOne(keys, jws)) {
    throw invalidClient('client_assertion: no key of the client has this signature, with this alg and kid');
  }
  const problem = problemOf(jws.claims, clientID, issuer);
  if (problem !== undefined) throw invalidClient(`client_assertion: ${problem}`);
  const id = `${clientID}\n${String(jws.claims.jti)}`;
  if (issued.assertions.has(id)) throw invalidClient('client_assertion: this jti was used before');
  remember(issued.assertions, id, true, ASSERTIONS);
}

/** Whether the request has an assertion that the client signed, be it good otherwise or not. */
export function hasSignedAssertion({ publicKeys = [] }: Client, { client_assertion }: Parameters): boolean {
  const jws = typeof client_assertion === 'string' ? parseJWS(client_assertion) : undefined;
  return jws !== undefined && isSignedByOne(publicKeys, jws);
}

function isSignedByOne(keys: (string | JWK)[], jws: JWS): boolean {
  const { alg, kid } = jws.header;
  return keys.some(
    (key) =>
      isSignatureAlgorithm(alg) &&
      alg === algorithmOf(key) &&
      (kid === undefined || kid === keyID(key)) &&
      isSigned(jws, alg, publicKeyOf(key)),
  );
}

/** By the machine's time, not the tenant's, since that is what the client stamped it with. */
function problemOf(claims: JWS['claims'], clientID: string, issuer: string): string | undefined {
  const { iss, sub, aud, exp, iat, nbf, jti } = claims;
  const now = Date.now() / 1000;
  if (iss !== clientID || sub !== clientID) return 'iss and sub must be the client_id';
  if (String(aud) !== issuer) return `aud must be ${issuer} (mind the trailing slash)`;
  if (typeof exp !== 'number' || exp <= now) return 'it has expired, or has no exp';
  if (exp > now + LIFETIME) return `exp must be ${LIFETIME} seconds ahead at most`;
  for (const time of [iat, nbf]) {
    if (time !== undefined && !(typeof time === 'number' && time <= now + SKEW)) return 'iat and nbf must not be ahead';
  }
  return typeof jti === 'string' && jti !== '' ? undefined : 'jti is missing';
}

export const algorithmOf = (key: string | JWK): unknown => (typeof key === 'string' ? 'RS256' : (key.alg ?? 'RS256'));

function keyID(key: string | JWK): unknown {
  if (typeof key !== 'string' && key.kid !== undefined) return key.kid;
  const { e, kty, n } = publicKeyOf(key).export({ format: 'jwk' });
  return createHash('sha256').update(JSON.stringify({ e, kty, n })).digest('base64url');
}
