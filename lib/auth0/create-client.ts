import { readObject } from './answers.js';
import { Auth0Client } from './client.js';
import { clientSecretPost } from './client-auth.js';
import { keysRequest } from './endpoints.js';
import { createHttp, type HttpOptions } from './http.js';
import { createIDTokenVerifier, type IDTokenExpectation, sharedSecret } from './id-token.js';
import { createKeySet } from './key-set.js';
import { type AssertionKey, privateKeyJWT } from './private-key-jwt.js';

/** One of the two at least. Each is kept by the closures of what needs it, and nowhere else. */
interface ClientCredentials {
  clientSecret: string | undefined;
  assertionKey: AssertionKey | undefined;
}

export function createAuth0Client(
  settings: HttpOptions & IDTokenExpectation,
  { clientSecret = '', assertionKey }: ClientCredentials,
): Auth0Client {
  const { origin, issuer, clientID, alg } = settings;
  const http = createHttp(settings);
  const keys = createKeySet(() => http.send(keysRequest(), readObject));
  const credentials = assertionKey
    ? privateKeyJWT(clientID, issuer, assertionKey)
    : clientSecretPost(clientID, clientSecret);
  const isShared = alg === 'HS256';
  const ready = () => (isShared ? Promise.resolve() : keys.ready());
  const verifyIDToken = createIDTokenVerifier(settings, isShared ? sharedSecret(clientSecret) : keys);
  return new Auth0Client({ origin, clientID, http, credentials, keys, ready, verifyIDToken });
}
