import { createPrivateKey, KeyObject } from 'node:crypto';
import type { AssertionKey } from './auth0/private-key-jwt.js';
import { check, oneOf, text } from './check.js';
import type { AnyOptions, PrivateJWK } from './options.js';
import { isText } from './values.js';

/** What must never be printed, and so is kept apart from the settings. */
export interface Credentials {
  clientSecret: string | undefined;
  /** The key of `private_key_jwt`. */
  assertionKey: AssertionKey | undefined;
  /** What pending logins are sealed with, newest first. */
  transactionSecrets: readonly string[];
}

/** @throws {TypeError} naming the option and the remedy. */
export function readCredentials(options: AnyOptions): Credentials {
  const clientSecret = text(options, 'clientSecret');
  const assertionKey = readAssertionKey(options);
  check(
    clientSecret !== undefined || assertionKey !== undefined,
    'clientSecret',
    "is required: the application's Client Secret in the Auth0 Dashboard, or else clientAssertionSigningKey",
  );
  check(
    clientSecret !== undefined || options.idTokenSigningAlg !== 'HS256',
    'idTokenSigningAlg',
    'cannot be HS256 without clientSecret, which is its key',
  );
  return { clientSecret, assertionKey, transactionSecrets: readTransactionSecrets(options, clientSecret) };
}

function readTransactionSecrets({ transactionSecret }: AnyOptions, clientSecret?: string): readonly string[] {
  const remedy = '32 bytes or more, or a list of such; `openssl rand -base64 48` makes one';
  if (transactionSecret === undefined) {
    check(clientSecret !== undefined, 'transactionSecret', `is required without clientSecret: ${remedy}`);
    return [clientSecret];
  }
  const secrets = typeof transactionSecret === 'string' ? [transactionSecret] : transactionSecret;
  const strong =
    Array.isArray(secrets) &&
    secrets.length > 0 &&
    secrets.every((secret) => isText(secret) && Buffer.byteLength(secret) >= 32);
  check(strong, 'transactionSecret', `must be ${remedy}`);
  return secrets as readonly string[];
}

function readAssertionKey(options: AnyOptions): AssertionKey | undefined {
  const alg = oneOf(options, 'clientAssertionSigningAlg', ['RS256', 'RS384', 'PS256'] as const) ?? 'RS256';
  const { clientAssertionSigningKey: given } = options;
  if (given === undefined) return undefined;
  const key = privateKey(given);
  const isStrongRSA = key?.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  check(
    isStrongRSA,
    'clientAssertionSigningKey',
    'must be an RSA private key of 2048 bits or more, not encrypted: PEM with its line breaks, a JWK or a KeyObject',
  );
  const jwk = typeof given === 'string' || given instanceof KeyObject ? undefined : (given as PrivateJWK);
  check(
    jwk?.alg === undefined || jwk.alg === alg,
    'clientAssertionSigningAlg',
    'must be the "alg" of the JWK that is clientAssertionSigningKey',
  );
  return { key, alg, kid: isText(jwk?.kid) ? jwk.kid : undefined };
}

function privateKey(given: unknown): KeyObject | undefined {
  if (given instanceof KeyObject) return given.type === 'private' ? given : undefined;
  try {
    return typeof given === 'string'
      ? createPrivateKey(given)
      : createPrivateKey({ key: given as { kty: string }, format: 'jwk' });
  } catch {
    // What is wrong with it is the crypto library's to say, and it may quote the key.
    return undefined;
  }
}
