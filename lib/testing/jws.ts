import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import type { JWK } from './clients.js';

/** A JSON Web Signature in its compact form (RFC 7515), read but not verified. */
export interface JWS {
  header: Record<string, unknown>;
  claims: Record<string, unknown>;
  /** What is signed. */
  input: string;
  signature: Buffer;
}

export type SignatureAlgorithm = keyof typeof ALGORITHMS;

const ALGORITHMS = {
  RS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PADDING },
  RS384: { hash: 'sha384', padding: constants.RSA_PKCS1_PADDING },
  PS256: { hash: 'sha256', padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
} as const;

export const isSignatureAlgorithm = (alg: unknown): alg is SignatureAlgorithm =>
  typeof alg === 'string' && Object.hasOwn(ALGORITHMS, alg);

/** Undefined for what is none. */
export function parseJWS(token: string): JWS | undefined {
  const [header = '', payload = '', signature = '', ...rest] = token.split('.');
  const [headerObject, claims] = [header, payload].map(parseObject);
  if (!headerObject || !claims || rest.length > 0) return undefined;
  const input = `${header}.${payload}`;
  return { header: headerObject, claims, input, signature: Buffer.from(signature, 'base64url') };
}

function parseObject(base64url: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

export function isSigned({ input, signature }: JWS, alg: SignatureAlgorithm, key: KeyObject): boolean {
  const { hash, ...padding } = ALGORITHMS[alg];
  return verify(hash, Buffer.from(input), { key, ...padding }, signature);
}

/** @throws Error for what is no key, and none of RSA. */
export function publicKeyOf(key: string | JWK): KeyObject {
  const keyObject = createPublicKey(typeof key === 'string' ? key : { key, format: 'jwk' });
  if (keyObject.asymmetricKeyType !== 'rsa') throw new Error('not an RSA key');
  return keyObject;
}
