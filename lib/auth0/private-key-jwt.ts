import { type KeyObject, randomUUID } from 'node:crypto';
import { SignJWT } from 'jose/jwt/sign';
import { epochSeconds } from '../time.js';
import type { ClientAssertionSigningAlg, ClientAuthentication } from './client-auth.js';

export interface AssertionKey {
  key: KeyObject;
  alg: ClientAssertionSigningAlg;
  /** Of the public key that Auth0 has, where the app knows it. */
  kid: string | undefined;
}

/** Seconds. Each request has an assertion of its own, so that it need not live longer. */
const LIFETIME = 60;

/** `private_key_jwt`: RFC 7523 section 2.2, and OpenID Connect Core 1.0 section 9. Auth0 takes an assertion once. */
export function privateKeyJWT(clientID: string, issuer: string, { key, alg, kid }: AssertionKey): ClientAuthentication {
  return async () => {
    // Without `iat`, which may be left out: Auth0 refuses one that is more than ten seconds ahead of its clock.
    const claims = { iss: clientID, sub: clientID, aud: issuer, jti: randomUUID(), exp: epochSeconds() + LIFETIME };
    return {
      client_id: clientID,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await new SignJWT(claims).setProtectedHeader({ alg, ...(kid && { kid }) }).sign(key),
    };
  };
}
