import { algorithmOf } from './client-assertion.js';
import type { Client, JWK } from './clients.js';
import { isSignatureAlgorithm, publicKeyOf } from './jws.js';
import type { Settings } from './options.js';

export function checkClients({ clients, connections }: Settings): void {
  if (!Array.isArray(clients) || clients.length === 0)
    throw new TypeError('clients: pass an array of at least one client');
  for (const client of clients) {
    const { clientID, idTokenSigningAlg = 'RS256', connections: enabled = [] } = client;
    if (!isText(clientID)) throw new TypeError('clients: each one needs a clientID, a string');
    checkCredentials(client);
    checkLogoutURLs('clients: allowedLogoutURLs', client.allowedLogoutURLs);
    if (!['RS256', 'HS256', 'PS256'].includes(idTokenSigningAlg)) {
      throw new TypeError("clients: idTokenSigningAlg must be 'RS256', 'HS256' or 'PS256'");
    }
    const missing = enabled.find((name) => !connections.some((connection) => connection.name === name));
    if (missing !== undefined) {
      throw new TypeError(`clients: the tenant has no connection ${JSON.stringify(missing)}; add it to connections`);
    }
  }
  if (new Set(clients.map(({ clientID }) => clientID)).size < clients.length) {
    throw new TypeError('clients: two have the same clientID; give each its own');
  }
}

export function checkLogoutURLs(name: string, urls: string[] | undefined): void {
  if (urls !== undefined && !(Array.isArray(urls) && urls.every((url) => URL.canParse(url)))) {
    throw new TypeError(`${name}: pass an array of absolute URLs`);
  }
}

function checkCredentials({ clientSecret, publicKeys, idTokenSigningAlg }: Client): void {
  if (!(clientSecret === undefined && publicKeys !== undefined) && !isText(clientSecret)) {
    throw new TypeError('clients: each one needs a clientSecret, a string, or publicKeys');
  }
  if (publicKeys === undefined) return;
  if (!Array.isArray(publicKeys) || publicKeys.length === 0 || !publicKeys.every(isUsable)) {
    throw new TypeError(
      'clients: publicKeys is an array of RSA public keys: PEM strings, or JWKs with the alg RS256, RS384 or PS256',
    );
  }
  if (idTokenSigningAlg === 'HS256' && clientSecret === undefined) {
    throw new TypeError('clients: HS256 signs with the clientSecret; give one, beside publicKeys');
  }
}

function isUsable(key: string | JWK): boolean {
  try {
    publicKeyOf(key);
    return isSignatureAlgorithm(algorithmOf(key));
  } catch {
    return false;
  }
}

const isText = (value: unknown) => typeof value === 'string' && value !== '';
