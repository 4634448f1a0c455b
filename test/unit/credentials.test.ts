import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCredentials } from '../../lib/credentials.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { errorFrom, shown } from '../support/errors.js';

const transactionSecret = 'a transaction secret of 32 bytes or more';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const jwk = privateKey.export({ format: 'jwk' }) as { kty: string; d: string };

const pemOf = (key: KeyObject, type: 'pkcs8' | 'spki' = 'pkcs8') => key.export({ type, format: 'pem' });

/** Of an application that has a key and no secret. */
function read(over: object) {
  const required = { domain: 'acme.eu.auth0.com', clientID: 'the-client', transactionSecret };
  return readCredentials({ ...required, ...over });
}

async function typeErrorFrom(over: object): Promise<TypeError> {
  const error = await errorFrom(() => read(over));
  expect(error).toBeInstanceOf(TypeError);
  return error as TypeError;
}

describe('a key', () => {
  test.each([
    ['PEM, PKCS #8', pkcs8],
    ['PEM, PKCS #1', privateKey.export({ type: 'pkcs1', format: 'pem' })],
    ['a JWK', jwk],
    ['a KeyObject', privateKey],
  ])('is taken as %s', (_form, clientAssertionSigningKey) => {
    const { assertionKey, clientSecret } = read({ clientAssertionSigningKey });
    expect(assertionKey).toMatchObject({ alg: 'RS256', kid: undefined });
    expect(assertionKey?.key.equals(privateKey)).toBe(true);
    expect(clientSecret).toBeUndefined();
  });

  test('is taken of more than 2048 bits', () => {
    const { privateKey: longer } = generateKeyPairSync('rsa', { modulusLength: 3072 });
    expect(read({ clientAssertionSigningKey: longer }).assertionKey?.key).toBe(longer);
  });

  test('has the kid of its JWK, where that is one', () => {
    const kidOf = (kid: unknown) => read({ clientAssertionSigningKey: { ...jwk, kid } }).assertionKey?.kid;
    expect([kidOf('key-1'), kidOf(''), kidOf(7), kidOf(undefined)]).toEqual(['key-1', undefined, undefined, undefined]);
  });

  test.each(['RS256', 'RS384', 'PS256'])('signs by %s, where it is told to', (alg) => {
    expect(read({ clientAssertionSigningKey: pkcs8, clientAssertionSigningAlg: alg }).assertionKey?.alg).toBe(alg);
    const ofJWK = { ...jwk, alg };
    expect(read({ clientAssertionSigningKey: ofJWK, clientAssertionSigningAlg: alg }).assertionKey?.alg).toBe(alg);
  });

  test.each<[string, () => unknown]>([
    ['a public key in PEM', () => pemOf(publicKey, 'spki')],
    ['a public KeyObject', () => publicKey],
    ['a public JWK', () => publicKey.export({ format: 'jwk' })],
    ['a secret', () => 'a client secret of 32 bytes or more'],
    ['an empty string', () => ''],
    ['an EC key', () => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
    ['an EC JWK', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })],
    ['an Ed25519 key', () => generateKeyPairSync('ed25519').privateKey],
    ['an RSA key of 1024 bits', () => pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['a key for PSS only', () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey],
    [
      'an encrypted PEM',
      () => privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
    ],
    ['a PEM that is cut off', () => pkcs8.slice(0, 500)],
    ['a PEM whose line breaks were lost', () => pkcs8.replaceAll('\n', '\\n')],
    ['a certificate', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['a JWK without kty', () => ({ ...jwk, kty: undefined })],
    ['a JWK whose member is no text', () => ({ ...jwk, d: 7 })],
    ['a symmetric JWK', () => ({ kty: 'oct', k: 'c2VjcmV0' })],
    ['a set of JWKs', () => ({ keys: [jwk] })],
    ['an empty object', () => ({})],
    ['a list', () => [pkcs8]],
    ['null', () => null],
    ['a number', () => 7],
  ])('is refused as %s: a TypeError with the remedy, and without the key', async (_what, keyOf) => {
    const error = await typeErrorFrom({ clientAssertionSigningKey: keyOf() });
    expect(error.message).toBe(
      'PasswordlessStrategy: clientAssertionSigningKey must be an RSA private key of 2048 bits or more, not encrypted: PEM with its line breaks, a JWK or a KeyObject.',
    );
    expect(shown(error)).not.toContain(pkcs8.slice(40, 80));
    expect(shown(error)).not.toContain(jwk.d.slice(0, 20));
    expect(error.cause).toBeUndefined();
  });

  test.each([
    ['an algorithm that Auth0 does not take', { clientAssertionSigningAlg: 'ES256' }, 'RS256, RS384, PS256'],
    ['none as the algorithm', { clientAssertionSigningAlg: 'none' }, 'RS256, RS384, PS256'],
    ['another algorithm than its JWK', { clientAssertionSigningKey: { ...jwk, alg: 'RS384' } }, '"alg" of the JWK'],
  ])('is refused with %s', async (_what, over, remedy) => {
    const { message } = await typeErrorFrom({ clientAssertionSigningKey: pkcs8, ...over });
    expect(message).toMatch(/^PasswordlessStrategy: clientAssertionSigningAlg must be /);
    expect(message).toContain(remedy);
  });

  test('is in no log of the strategy', () => {
    const options = { domain: 'acme.eu.auth0.com', clientID: 'the-client', transactionSecret };
    const strategy = new PasswordlessStrategy({ ...options, clientAssertionSigningKey: jwk }, async () => {});
    const log = shown([strategy, strategy.auth0, strategy.factors, strategy.mfa]);
    for (const secret of [jwk.d, transactionSecret, 'PrivateKeyObject']) expect(log).not.toContain(secret);
  });
});

describe('without a secret', () => {
  test('and without a key, the error names both', async () => {
    const { message } = await typeErrorFrom({});
    expect(message).toMatch(
      /^PasswordlessStrategy: clientSecret is required: .*Dashboard, or else clientAssertionSigningKey/,
    );
  });

  test('a transactionSecret is required', async () => {
    const { message } = await typeErrorFrom({ clientAssertionSigningKey: pkcs8, transactionSecret: undefined });
    expect(message).toMatch(
      /^PasswordlessStrategy: transactionSecret is required without clientSecret: .*openssl rand/,
    );
  });

  test('ID tokens cannot be signed by it', async () => {
    const over = { clientAssertionSigningKey: pkcs8, idTokenSigningAlg: 'HS256' };
    expect((await typeErrorFrom(over)).message).toMatch(/^PasswordlessStrategy: idTokenSigningAlg cannot be HS256/);
    expect(() => read({ ...over, clientSecret: 'x' })).not.toThrow();
  });
});

describe('transactionSecret', () => {
  const secret = 'x'.repeat(32);

  test.each<[string, unknown, string[]]>([
    ['one', secret, [secret]],
    ['a list of one', [secret], [secret]],
    ['several, newest first', ['y'.repeat(40), secret], ['y'.repeat(40), secret]],
    ['32 bytes of fewer characters', 'é'.repeat(16), ['é'.repeat(16)]],
  ])('is %s', (_what, given, expected) => {
    expect(read({ clientSecret: 'c', transactionSecret: given }).transactionSecrets).toEqual(expected);
  });

  test('is by default derived from clientSecret', () => {
    expect(read({ clientSecret: 'c', transactionSecret: undefined }).transactionSecrets).toEqual(['c']);
  });

  test.each<[string, unknown]>([
    ['31 bytes', 'x'.repeat(31)],
    ['empty', ''],
    ['blank', ' '.repeat(40)],
    ['an empty list', []],
    ['a list with a short one', [secret, 'short']],
    ['a list with what is no text', [secret, 7]],
    ['a list in a list', [[secret]]],
    ['a Buffer', Buffer.alloc(32)],
    ['null', null],
  ])('is refused as %s: a TypeError with the remedy', async (_what, given) => {
    const { message } = await typeErrorFrom({ clientSecret: 'c', transactionSecret: given });
    expect(message).toMatch(/^PasswordlessStrategy: transactionSecret must be 32 bytes or more.*openssl rand/);
    expect(message).not.toContain('short');
  });
});
