import { createHmac } from 'node:crypto';
import {
  CompactSign,
  type CryptoKey,
  exportJWK,
  exportSPKI,
  generateKeyPair,
  type JWTHeaderParameters,
  SignJWT,
} from 'jose';
import { beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { createIDTokenVerifier, type IDTokenSigningAlg, sharedSecret } from '../../lib/auth0/id-token.js';
import { createKeySet } from '../../lib/auth0/key-set.js';
import { PasswordlessError } from '../../lib/errors.js';
import { errorFrom, passwordlessErrorFrom, shown } from '../support/errors.js';

const SECRET = 'a client secret of 32 bytes or more';
const ISSUER = 'https://acme.eu.auth0.com/';
const now = () => Math.floor(Date.now() / 1000);

let ours: { privateKey: CryptoKey; publicKey: CryptoKey };
let theirs: typeof ours;
let fetchKeys: () => Promise<unknown>;

beforeAll(async () => {
  // The same key pair for RS256 and PS256: what tells them apart is the header alone.
  ours = await generateKeyPair('RS256', { extractable: true });
  theirs = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'ours', use: 'sig' };
  fetchKeys = () => Promise.resolve({ keys: [jwk] });
});

const claims = () => ({ iss: ISSUER, aud: 'the-client', sub: 'email|ada', iat: now(), exp: now() + 3600 });

/** The claims of a good token with others laid over them; `undefined` leaves one out. */
function token(over: object = {}, header: Partial<JWTHeaderParameters> = {}, key: CryptoKey | Uint8Array = pkcs1()) {
  return new SignJWT({ ...claims(), ...over }).setProtectedHeader({ alg: 'RS256', kid: 'ours', ...header }).sign(key);
}

const pkcs1 = () => ours.privateKey;
const hmacKey = (secret = SECRET) => new TextEncoder().encode(secret);

function verifier(alg: IDTokenSigningAlg = 'RS256', clockTolerance = 60) {
  const key = alg === 'HS256' ? sharedSecret(SECRET) : createKeySet(fetchKeys);
  return createIDTokenVerifier({ issuer: ISSUER, clientID: 'the-client', alg, clockTolerance }, key);
}

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** A token written by hand, for what no library signs. */
function handmade(header: object, payload: object, signature: (input: string) => string = () => ''): string {
  const input = `${base64url(JSON.stringify(header))}.${base64url(JSON.stringify(payload))}`;
  return `${input}.${signature(input)}`;
}

async function refusal(idToken: string, nonce?: string, verify = verifier()) {
  const error = await passwordlessErrorFrom(() => verify(idToken, nonce));
  expect(error).toMatchObject({ code: 'id_token_invalid', status: 502 });
  expect(error.cause).toBeUndefined();
  return error;
}

describe('a good token', () => {
  test('gives its claims', async () => {
    expect(await verifier()(await token({ email: 'ada@example.com' }))).toMatchObject({
      sub: 'email|ada',
      iss: ISSUER,
      aud: 'the-client',
      email: 'ada@example.com',
    });
  });

  test.each<[string, object]>([
    ['names this client as authorized party', { azp: 'the-client' }],
    ['has this client alone in a list of audiences', { aud: ['the-client'], azp: 'the-client' }],
    ['has other audiences', { aud: ['https://api.example.com', 'the-client'], azp: 'the-client' }],
    ['expired within the tolerance', { exp: now() - 30 }],
    ['was issued in a future within the tolerance', { iat: now() + 30 }],
    ['will be valid within the tolerance', { nbf: now() + 30 }],
    ['has the sub of a linked account', { sub: 'auth0|1' }],
  ])('%s', async (_what, over) => {
    await expect(verifier()(await token(over))).resolves.toMatchObject(over);
  });

  test('has the nonce that was sent', async () => {
    await expect(verifier()(await token({ nonce: 'n-1' }), 'n-1')).resolves.toMatchObject({ nonce: 'n-1' });
  });

  test('has no kid where there is one key', async () => {
    const { kid, ...header } = { alg: 'RS256', kid: 'ours' };
    const idToken = await new SignJWT(claims()).setProtectedHeader(header).sign(ours.privateKey);
    await expect(verifier()(idToken), kid).resolves.toBeDefined();
  });
});

describe('a token is refused', () => {
  test.each<[string, object, RegExp]>([
    ['of another issuer', { iss: 'https://evil.eu.auth0.com/' }, /"iss"/],
    ['whose issuer lacks the trailing slash', { iss: 'https://acme.eu.auth0.com' }, /"iss"/],
    ['whose issuer is a list', { iss: [ISSUER] }, /"iss"/],
    ['without issuer', { iss: undefined }, /"iss"/],
    ['of another audience', { aud: 'another-client' }, /"aud"/],
    ['whose audience only begins like ours', { aud: 'the-client2' }, /"aud"/],
    ['of other audiences', { aud: ['another-client'], azp: 'the-client' }, /"aud"/],
    ['of no audience', { aud: [], azp: 'the-client' }, /"aud"/],
    ['without audience', { aud: undefined }, /"aud"/],
    ['with a list of audiences and no azp', { aud: ['the-client'] }, /"azp"/],
    ['with a list of audiences and another azp', { aud: ['the-client', 'other'], azp: 'other' }, /"azp"/],
    ['with another azp', { azp: 'other' }, /"azp"/],
    ['with an azp that is null', { azp: null }, /"azp"/],
    ['that expired', { exp: now() - 90 }, /"exp"/],
    ['without exp', { exp: undefined }, /"exp"/],
    ['whose exp is a string', { exp: String(now() + 3600) }, /"exp"/],
    ['of the future', { iat: now() + 90 }, /"iat"/],
    ['without iat', { iat: undefined }, /"iat"/],
    ['whose iat is a string', { iat: String(now()) }, /"iat"/],
    ['that is not valid yet', { nbf: now() + 90 }, /"nbf"/],
    ['without sub', { sub: undefined }, /"sub"/],
    ['with an empty sub', { sub: '' }, /"sub"/],
    ['whose sub is a number', { sub: 42 }, /"sub"/],
    ['whose sub is null', { sub: null }, /"sub"/],
    ['whose sub is a list', { sub: ['email|ada'] }, /"sub"/],
    ['with a nonce when none was sent', { nonce: 'n-1' }, /"nonce"/],
    ['with an empty nonce when none was sent', { nonce: '' }, /"nonce"/],
    ['with a nonce of null when none was sent', { nonce: null }, /"nonce"/],
  ])('%s', async (_what, over, reason) => {
    expect((await refusal(await token(over))).message).toMatch(reason);
  });

  test.each<[string, object]>([
    ['none', {}],
    ['another', { nonce: 'n-2' }],
    ['a list with it', { nonce: ['n-1'] }],
    ['one that only begins like it', { nonce: 'n-1 ' }],
  ])('whose nonce is %s, when one was sent', async (_what, over) => {
    expect((await refusal(await token(over), 'n-1')).message).toMatch(/"nonce"/);
  });

  test('signed by another key under our kid', async () => {
    await refusal(await token({}, {}, theirs.privateKey));
  });

  test('signed by another key under a kid of its own', async () => {
    await refusal(await token({}, { kid: 'theirs' }, theirs.privateKey));
  });

  test('signed by a key that it brings along', async () => {
    const jwk = await exportJWK(theirs.publicKey);
    await refusal(await token({}, { jwk, jku: 'https://evil.example/jwks.json' }, theirs.privateKey));
  });

  test('whose claims were changed after signing', async () => {
    const [header, , signature] = (await token()).split('.');
    await refusal([header, base64url(JSON.stringify({ ...claims(), sub: 'email|eve' })), signature].join('.'));
  });

  test.each(['none', 'None', 'NONE', ''])('with alg %j', async (alg) => {
    await refusal(handmade({ alg, typ: 'JWT' }, claims()));
    await refusal(handmade({ alg, kid: 'ours' }, claims(), () => base64url('signature')));
  });

  test('signed by HS256 with the public key in place of RS256', async () => {
    const pem = await exportSPKI(ours.publicKey);
    const sign = (input: string) => createHmac('sha256', pem).update(input).digest('base64url');
    await refusal(handmade({ alg: 'HS256', kid: 'ours' }, claims(), sign));
  });

  test('signed by HS256 with the client secret in place of RS256', async () => {
    await refusal(await token({}, { alg: 'HS256' }, hmacKey()));
  });

  test('with a critical header that nobody here understands', async () => {
    const [, payload, signature] = (await token()).split('.');
    const header = base64url('{"alg":"RS256","kid":"ours","crit":["ada@example.com"],"ada@example.com":false}');
    const { message } = await refusal([header, payload, signature].join('.'));
    expect(message).toContain('its header asks for what is not supported');
    expect(message).not.toContain('ada@');
  });

  test.each(['', '.', '..', '...', 'abc', 'a.b.c', '{}', 'e30.e30.', '\u0000', 'ü.ü.ü', 'x'.repeat(300_000)])(
    'that is garbage',
    async (garbage) => {
      await refusal(garbage);
    },
  );

  test.each(['[]', 'null', '"ada@example.com"', '42', '{', ''])('whose payload is %j', async (payload) => {
    const header = base64url('{"alg":"RS256","kid":"ours"}');
    const signed = await new CompactSign(Buffer.from(payload))
      .setProtectedHeader({ alg: 'RS256', kid: 'ours' })
      .sign(pkcs1());
    expect(signed.startsWith(header)).toBe(true);
    await refusal(signed);
  });
});

describe('the algorithm is the one that was set', () => {
  test('PS256', async () => {
    const pss = await crypto.subtle.importKey(
      'pkcs8',
      await crypto.subtle.exportKey('pkcs8', ours.privateKey),
      { name: 'RSA-PSS', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const idToken = await token({}, { alg: 'PS256' }, pss);
    await expect(verifier('PS256')(idToken)).resolves.toMatchObject({ sub: 'email|ada' });
    await refusal(idToken);
    await refusal(await token(), undefined, verifier('PS256'));
  });

  test('HS256', async () => {
    await expect(verifier('HS256')(await token({}, { alg: 'HS256' }, hmacKey()))).resolves.toBeDefined();
    await refusal(await token({}, { alg: 'HS256' }, hmacKey(`${SECRET}!`)), undefined, verifier('HS256'));
    await refusal(await token(), undefined, verifier('HS256'));
    await refusal(await token({}, { alg: 'HS512' }, hmacKey(SECRET.repeat(2))), undefined, verifier('HS256'));
  });
});

test.each([0, 300])('the tolerance is the one that was set: %i seconds', async (tolerance) => {
  const verify = verifier('RS256', tolerance);
  await expect(verify(await token({ exp: now() - tolerance + 30 }))).resolves.toBeDefined();
  await refusal(await token({ exp: now() - tolerance - 30 }), undefined, verify);
  await refusal(await token({ iat: now() + tolerance + 30 }), undefined, verify);
});

test('a token may have been issued at the end of the tolerance, to the second', async () => {
  const idToken = await token({ iat: now() + 60 });
  vi.useFakeTimers({ toFake: ['Date'], now: now() * 1000 });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  await expect(verifier()(idToken)).resolves.toBeDefined();
});

test.each<[string, object]>([
  ['issuer', { iss: 'https://ada@example.com/' }],
  ['audience', { aud: 'ada@example.com' }],
  ['expiry', { exp: now() - 3600 }],
  ['azp', { azp: 'ada@example.com' }],
  ['nonce', { nonce: 'ada@example.com' }],
  ['sub', { sub: ['ada@example.com'] }],
])('no claim is shown by the error about the %s', async (_what, over) => {
  const idToken = await token({ email: 'ada@example.com', ...over });
  const text = shown(await refusal(idToken));
  expect(text).not.toContain('ada@');
  expect(text).not.toContain(idToken.split('.')[1]);
});

test('the error names what to check', async () => {
  expect((await refusal('garbage')).message).toMatch(/domain.*clientID.*idTokenSigningAlg.*clock/);
});

test('the shared secret is not shown', async () => {
  const key = await sharedSecret(SECRET)({ alg: 'HS256' }, { payload: '', signature: '' });
  expect(shown(key) + shown(sharedSecret(SECRET))).not.toContain(SECRET);
});

test('keys that cannot be fetched are no fault of the token', async () => {
  const down = new PasswordlessError('transport_error', 'Auth0 could not be reached.');
  const expected = { issuer: ISSUER, clientID: 'the-client', alg: 'RS256', clockTolerance: 60 } as const;
  const verify = createIDTokenVerifier(expected, () => Promise.reject(down));
  const idToken = await token();
  expect(await errorFrom(() => verify(idToken))).toBe(down);
});

test.each<[string, object, string]>([
  ['a key without its modulus', { kty: 'RSA', kid: 'ours', e: 'AQAB' }, 'its key cannot be used'],
  [
    'a key that is too short',
    { kty: 'RSA', kid: 'ours', e: 'AQAB', n: Buffer.alloc(64, 0xab).toString('base64url') },
    'its key cannot be used',
  ],
  ['a key of another kind', { kty: 'EC', kid: 'ours', crv: 'P-256', x: 'AA', y: 'AA' }, 'no applicable key'],
])('%s verifies nothing', async (_what, jwk, reason) => {
  const expected = { issuer: ISSUER, clientID: 'the-client', alg: 'RS256', clockTolerance: 60 } as const;
  const keys = createKeySet(() => Promise.resolve({ keys: [jwk] }));
  const { message } = await refusal(await token(), undefined, createIDTokenVerifier(expected, keys));
  expect(message).toContain(reason);
});
