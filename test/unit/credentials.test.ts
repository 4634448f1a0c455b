import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { readCredentials } from '../../lib/credentials.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { errorFrom, shown } from '../support/errors.js';
import { rsaKeys } from './rsa.js';

const required = {
  domain: 'acme.eu.auth0.com',
  clientID: 'the-client',
  transactionSecret: 'a transaction secret of 32 bytes or more',
};
const { privateKey, publicKey } = rsaKeys.one;
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
const pkcs8 = pemOf(privateKey);
const jwk = jwkOf(privateKey) as { kty: string; d: string };

function pemOf(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki' = 'pkcs8'): string {
  return key.export({ type, format: 'pem' }) as string;
}

function jwkOf(key: KeyObject): object {
  return key.export({ format: 'jwk' });
}

/** Reads the options of an application that has no client secret, unless `over` holds one. */
const read = (over: object) => readCredentials({ ...required, ...over });

/** The message of the TypeError, which holds no key. */
async function refusal(over: object): Promise<string> {
  const error = await errorFrom(() => read(over));
  expect(error).toBeInstanceOf(TypeError);
  expect((error as TypeError).cause).toBeUndefined();
  for (const secret of [pkcs8.slice(40, 80), jwk.d.slice(0, 20)]) expect(shown(error)).not.toContain(secret);
  return (error as TypeError).message;
}

describe('clientAssertionSigningKey', () => {
  test.each([
    ['PKCS #8 PEM', pkcs8],
    ['PKCS #1 PEM', pemOf(privateKey, 'pkcs1')],
    ['JWK', jwk],
    ['KeyObject', privateKey],
  ])('a signing key may be a %s', (_form, clientAssertionSigningKey) => {
    const { assertionKey, clientSecret } = read({ clientAssertionSigningKey });
    expect(assertionKey).toMatchObject({ alg: 'RS256', kid: undefined });
    expect(assertionKey?.key.equals(privateKey)).toBe(true);
    expect(clientSecret).toBeUndefined();
  });

  test('a signing key may be longer than 2048 bits', () => {
    const { privateKey: longer } = generateKeyPairSync('rsa', { modulusLength: 2056 });
    expect(read({ clientAssertionSigningKey: longer }).assertionKey?.key).toBe(longer);
  });

  test('a signing key has the kid of its JWK, if that is a non-empty string', () => {
    const kidOf = (kid: unknown) => read({ clientAssertionSigningKey: { ...jwk, kid } }).assertionKey?.kid;
    expect([kidOf('key-1'), kidOf(''), kidOf(7), kidOf(undefined)]).toEqual(['key-1', undefined, undefined, undefined]);
  });

  test.each(['RS256', 'RS384', 'PS256'])('clientAssertionSigningAlg may be %s', (alg) => {
    expect(read({ clientAssertionSigningKey: pkcs8, clientAssertionSigningAlg: alg }).assertionKey?.alg).toBe(alg);
    const ofJWK = { ...jwk, alg };
    expect(read({ clientAssertionSigningKey: ofJWK, clientAssertionSigningAlg: alg }).assertionKey?.alg).toBe(alg);
  });

  test.each<[string, unknown[]]>([
    ['a public key', [publicKey, pemOf(publicKey, 'spki'), jwkOf(publicKey)]],
    ['a secret', ['a client secret of 32 bytes or more', { kty: 'oct', k: 'c2VjcmV0' }]],
    ['a key that is not RSA', [pemOf(ec), jwkOf(ec), generateKeyPairSync('ed25519').privateKey]],
    ['an RSA key of 1024 bits', [pemOf(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)]],
    ['an RSA key of 2040 bits', [pemOf(generateKeyPairSync('rsa', { modulusLength: 2040 }).privateKey)]],
    ['a key for PSS only', [generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey]],
    ['an encrypted PEM', [privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' })]],
    ['a malformed PEM', ['', pkcs8.slice(0, 500), pkcs8.replaceAll('\n', '\\n')]],
    ['a certificate', ['-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----']],
    ['a malformed JWK', [{ ...jwk, kty: undefined }, { ...jwk, d: 7 }, { keys: [jwk] }, {}]],
    ['another type', [[pkcs8], null, 7]],
  ])('a signing key that is %s is a TypeError with the remedy, and without the key', async (_what, keys) => {
    for (const key of keys) {
      expect(await refusal({ clientAssertionSigningKey: key })).toBe(
        'PasswordlessStrategy: clientAssertionSigningKey must be an RSA private key of 2048 bits or more, not encrypted: PEM with its line breaks, a JWK or a KeyObject.',
      );
    }
  });

  test.each([
    ['an algorithm that Auth0 does not support', { clientAssertionSigningAlg: 'ES256' }, 'RS256, RS384, PS256'],
    ['none', { clientAssertionSigningAlg: 'none' }, 'RS256, RS384, PS256'],
    ['another than in the JWK', { clientAssertionSigningKey: { ...jwk, alg: 'RS384' } }, '"alg" of the JWK'],
  ])('a signing algorithm that is %s is a TypeError with the remedy', async (_what, over, remedy) => {
    const message = await refusal({ clientAssertionSigningKey: pkcs8, ...over });
    expect(message).toMatch(/^PasswordlessStrategy: clientAssertionSigningAlg must be /);
    expect(message).toContain(remedy);
  });

  test('printing the strategy shows no signing key', () => {
    const strategy = new PasswordlessStrategy({ ...required, clientAssertionSigningKey: jwk }, async () => {});
    const log = shown([strategy, strategy.auth0, strategy.factors, strategy.mfa]);
    for (const secret of [jwk.d, required.transactionSecret, 'PrivateKeyObject']) expect(log).not.toContain(secret);
  });
});

test.each<[string, object, RegExp]>([
  ['clientSecret or a signing key', {}, /clientSecret is required: .*Dashboard, or else clientAssertionSigningKey/],
  [
    'transactionSecret',
    { clientAssertionSigningKey: pkcs8, transactionSecret: undefined },
    /transactionSecret is required without clientSecret: .*openssl rand/,
  ],
])('without clientSecret, %s is required', async (_what, over, remedy) => {
  const message = await refusal(over);
  expect(message).toMatch(/^PasswordlessStrategy: /);
  expect(message).toMatch(remedy);
});

test('idTokenSigningAlg HS256 requires clientSecret, which is its key', async () => {
  const over = { clientAssertionSigningKey: pkcs8, idTokenSigningAlg: 'HS256' };
  expect(await refusal(over)).toMatch(/^PasswordlessStrategy: idTokenSigningAlg cannot be HS256/);
  expect(() => read({ ...over, clientSecret: 'x' })).not.toThrow();
});

describe('transactionSecret', () => {
  const secret = 'x'.repeat(32);

  test.each<[string, unknown, string[]]>([
    ['one secret', secret, [secret]],
    ['a list of one', [secret], [secret]],
    ['several, newest first', ['y'.repeat(40), secret], ['y'.repeat(40), secret]],
    ['32 bytes of fewer characters', 'é'.repeat(16), ['é'.repeat(16)]],
    ['undefined: it is derived from clientSecret then', undefined, ['c']],
  ])('transactionSecret may be %s', (_what, transactionSecret, expected) => {
    expect(read({ clientSecret: 'c', transactionSecret }).transactionSecrets).toEqual(expected);
  });

  test.each<[string, unknown]>([
    ['31 bytes', 'x'.repeat(31)],
    ['empty', ''],
    ['blank', ' '.repeat(40)],
    ['an empty list', []],
    ['a list with a short one', [secret, 'short']],
    ['a list with a number', [secret, 7]],
    ['a list in a list', [[secret]]],
    ['a Buffer', Buffer.alloc(32)],
    ['null', null],
  ])('transactionSecret must not be %s: a TypeError with the remedy', async (_what, transactionSecret) => {
    const message = await refusal({ clientSecret: 'c', transactionSecret });
    expect(message).toMatch(/^PasswordlessStrategy: transactionSecret must be 32 bytes or more.*openssl rand/);
    expect(message).not.toContain('short');
  });
});
