import { constants, verify } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ClientAssertionSigningAlg } from '../../lib/auth0/client-auth.js';
import { privateKeyJWT } from '../../lib/auth0/private-key-jwt.js';
import { rsaKeys } from './rsa.js';

const { privateKey: key, publicKey } = rsaKeys.one;
const ISSUER = 'https://acme.eu.auth0.com/';

const authentication = (alg: ClientAssertionSigningAlg = 'RS256', kid?: string) =>
  privateKeyJWT('the-client', ISSUER, { key, alg, kid });

async function assertion(authenticate = authentication()): Promise<string> {
  const { client_assertion = '' } = await authenticate();
  return client_assertion;
}

test('a request authenticates with client_id, assertion type and assertion, without a secret', async () => {
  expect(await authentication()()).toEqual({
    client_id: 'the-client',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) as string,
  });
});

test('an assertion names the client as issuer and subject, Auth0 as audience, and expires after 60 seconds', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_900 });
  onTestFinished(() => void vi.useRealTimers());
  expect(decodeJwt(await assertion())).toEqual({
    iss: 'the-client',
    sub: 'the-client',
    aud: ISSUER,
    jti: expect.any(String) as string,
    exp: 1_800_000_060,
  });
});

test('every assertion has its own jti, even if many are made concurrently', async () => {
  const authenticate = authentication();
  const assertions = await Promise.all(Array.from({ length: 50 }, () => assertion(authenticate)));
  expect(new Set(assertions.map((each) => decodeJwt(each).jti)).size).toBe(50);
});

test('the header has the algorithm, and the kid if the key has one', async () => {
  expect(decodeProtectedHeader(await assertion())).toEqual({ alg: 'RS256' });
  expect(decodeProtectedHeader(await assertion(authentication('PS256', 'key-1')))).toEqual({
    alg: 'PS256',
    kid: 'key-1',
  });
});

test.each<[ClientAssertionSigningAlg, string, object]>([
  ['RS256', 'sha256', {}],
  ['RS384', 'sha384', {}],
  ['PS256', 'sha256', { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }],
])('an assertion is signed with %s', async (alg, hash, options) => {
  const [header, claims, signature = ''] = (await assertion(authentication(alg))).split('.');
  const signed = Buffer.from(`${header}.${claims}`);
  expect(verify(hash, signed, { key: publicKey, ...options }, Buffer.from(signature, 'base64url'))).toBe(true);
});
