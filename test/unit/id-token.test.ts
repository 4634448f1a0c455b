import { createHmac, type KeyObject } from 'node:crypto';
import { CompactSign, exportJWK, SignJWT } from 'jose';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createIDTokenVerifier, type IDTokenSigningAlg, sharedSecret } from '../../lib/auth0/id-token.js';
import { createKeySet } from '../../lib/auth0/key-set.js';
import { PasswordlessError } from '../../lib/errors.js';
import { errorFrom, passwordlessErrorFrom, shown } from '../support/errors.js';
import { rsaKeys } from './rsa.js';

const SECRET = 'a client secret of 32 bytes or more';
const ISSUER = 'https://acme.eu.auth0.com/';
const now = () => Math.floor(Date.now() / 1000);

// One key pair for RS256 and PS256: only the token's header tells them apart.
const { one: ours, two: theirs } = rsaKeys;
const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'ours', use: 'sig' };
const fetchKeys = (): Promise<unknown> => Promise.resolve({ keys: [jwk] });

const claims = () => ({ iss: ISSUER, aud: 'the-client', sub: 'email|ada', iat: now(), exp: now() + 3600 });

/** A valid token, but for the claims in `over`; `undefined` leaves one out. */
function token(over: object = {}, header: object = {}, key: KeyObject | Uint8Array = ours.privateKey) {
  const allHeaders = { alg: 'RS256', kid: 'ours', ...header };
  return new SignJWT({ ...claims(), ...over }).setProtectedHeader(allHeaders).sign(key);
}

const hmacKey = (secret = SECRET) => new TextEncoder().encode(secret);

function verifier(alg: IDTokenSigningAlg = 'RS256', clockTolerance = 60, fetch = fetchKeys) {
  const key = alg === 'HS256' ? sharedSecret(SECRET) : createKeySet(fetch);
  return createIDTokenVerifier({ issuer: ISSUER, clientID: 'the-client', alg, clockTolerance }, key);
}

const base64url = (text: string) => Buffer.from(text).toString('base64url');

/** A token that no library would sign. */
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

describe('valid tokens', () => {
  test('a valid token yields its claims', async () => {
    expect(await verifier()(await token({ email: 'ada@example.com' }))).toMatchObject({
      sub: 'email|ada',
      iss: ISSUER,
      aud: 'the-client',
      email: 'ada@example.com',
    });
  });

  test.each<[string, object, nonce?: string]>([
    ['names this client as authorized party', { azp: 'the-client' }],
    ['has this client alone in a list of audiences', { aud: ['the-client'], azp: 'the-client' }],
    ['has other audiences', { aud: ['https://api.example.com', 'the-client'], azp: 'the-client' }],
    ['expired within the tolerance', { exp: now() - 30 }],
    ['was issued in a future within the tolerance', { iat: now() + 30 }],
    ['will be valid within the tolerance', { nbf: now() + 30 }],
    ['has the sub of a linked account', { sub: 'auth0|1' }],
    ['has the nonce that was sent', { nonce: 'n-1' }, 'n-1'],
  ])('a token is accepted that %s', async (_what, over, nonce) => {
    await expect(verifier()(await token(over), nonce)).resolves.toMatchObject(over);
  });

  test('a token without kid is accepted if there is one key', async () => {
    await expect(verifier()(await token({}, { kid: undefined }))).resolves.toBeDefined();
  });

  test('a token is accepted that was issued at the end of the tolerance, to the second', async () => {
    const idToken = await token({ iat: now() + 60 });
    vi.useFakeTimers({ toFake: ['Date'], now: now() * 1000 });
    onTestFinished(() => void vi.useRealTimers());
    await expect(verifier()(idToken)).resolves.toBeDefined();
  });
});

describe('rejected tokens', () => {
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
    ['with a nonce if none was sent', { nonce: 'n-1' }, /"nonce"/],
    ['with an empty nonce if none was sent', { nonce: '' }, /"nonce"/],
    ['with a nonce of null if none was sent', { nonce: null }, /"nonce"/],
  ])('a token %s is rejected with the reason', async (_what, over, reason) => {
    expect((await refusal(await token(over))).message).toMatch(reason);
  });

  test.each<[string, object]>([
    ['none', {}],
    ['another', { nonce: 'n-2' }],
    ['a list with it', { nonce: ['n-1'] }],
    ['one that only begins like it', { nonce: 'n-1 ' }],
  ])('a token is rejected if a nonce was sent and its own is %s', async (_what, over) => {
    expect((await refusal(await token(over), 'n-1')).message).toMatch(/"nonce"/);
  });

  test.each<[string, (key: object) => object]>([
    ['under our kid', () => ({})],
    ['under its own kid', () => ({ kid: 'theirs' })],
    ['that it carries itself', (jwk) => ({ jwk, jku: 'https://evil.example/jwks.json' })],
  ])('a token signed by another key %s is rejected', async (_what, header) => {
    await refusal(await token({}, header(await exportJWK(theirs.publicKey)), theirs.privateKey));
  });

  test('a token whose claims were changed after signing is rejected', async () => {
    const [header, , signature] = (await token()).split('.');
    await refusal([header, base64url(JSON.stringify({ ...claims(), sub: 'email|eve' })), signature].join('.'));
  });

  test.each(['none', 'None', 'NONE', ''])('a token with alg %j is rejected', async (alg) => {
    await refusal(handmade({ alg, typ: 'JWT' }, claims()));
    await refusal(handmade({ alg, kid: 'ours' }, claims(), () => base64url('signature')));
  });

  test('a token signed by HS256 with the public key in place of RS256 is rejected', async () => {
    const pem = ours.publicKey.export({ type: 'spki', format: 'pem' });
    const sign = (input: string) => createHmac('sha256', pem).update(input).digest('base64url');
    await refusal(handmade({ alg: 'HS256', kid: 'ours' }, claims(), sign));
  });

  test('a token signed by HS256 with the client secret in place of RS256 is rejected', async () => {
    await refusal(await token({}, { alg: 'HS256' }, hmacKey()));
  });

  test('a token with a critical header that is not supported is rejected, and the error does not show it', async () => {
    const [, payload, signature] = (await token()).split('.');
    const header = base64url('{"alg":"RS256","kid":"ours","crit":["ada@example.com"],"ada@example.com":false}');
    const { message } = await refusal([header, payload, signature].join('.'));
    expect(message).toContain('its header asks for what is not supported');
    expect(message).not.toContain('ada@');
  });

  test.each(['', '.', '..', '...', 'abc', 'a.b.c', '{}', 'e30.e30.', '\u0000', 'ü.ü.ü', 'x'.repeat(300_000)])(
    'garbage in place of a token is rejected: %.20j',
    async (garbage) => {
      await refusal(garbage);
    },
  );

  test.each(['[]', 'null', '"ada@example.com"', '42', '{', ''])(
    'a token whose payload is %j is rejected',
    async (payload) => {
      const signed = await new CompactSign(Buffer.from(payload))
        .setProtectedHeader({ alg: 'RS256', kid: 'ours' })
        .sign(ours.privateKey);
      await refusal(signed);
    },
  );
});

describe('the algorithm is pinned', () => {
  test('PS256 accepts tokens with PS256, and RS256 rejects them', async () => {
    const idToken = await token({}, { alg: 'PS256' });
    await expect(verifier('PS256')(idToken)).resolves.toMatchObject({ sub: 'email|ada' });
    await refusal(idToken);
    await refusal(await token(), undefined, verifier('PS256'));
  });

  test('HS256 accepts tokens with the client secret, and no others', async () => {
    await expect(verifier('HS256')(await token({}, { alg: 'HS256' }, hmacKey()))).resolves.toBeDefined();
    await refusal(await token({}, { alg: 'HS256' }, hmacKey(`${SECRET}!`)), undefined, verifier('HS256'));
    await refusal(await token(), undefined, verifier('HS256'));
    await refusal(await token({}, { alg: 'HS512' }, hmacKey(SECRET.repeat(2))), undefined, verifier('HS256'));
  });
});

test.each([0, 300])('clockTolerance is as the app set it: %i seconds', async (tolerance) => {
  const verify = verifier('RS256', tolerance);
  await expect(verify(await token({ exp: now() - tolerance + 30 }))).resolves.toBeDefined();
  await refusal(await token({ exp: now() - tolerance - 30 }), undefined, verify);
  await refusal(await token({ iat: now() + tolerance + 30 }), undefined, verify);
});

test.each<[string, object]>([
  ['issuer', { iss: 'https://ada@example.com/' }],
  ['audience', { aud: 'ada@example.com' }],
  ['expiry', { exp: now() - 3600 }],
  ['azp', { azp: 'ada@example.com' }],
  ['nonce', { nonce: 'ada@example.com' }],
  ['sub', { sub: ['ada@example.com'] }],
])('the error about the %s shows no claim', async (_what, over) => {
  const idToken = await token({ email: 'ada@example.com', ...over });
  const text = shown(await refusal(idToken));
  expect(text).not.toContain('ada@');
  expect(text).not.toContain(idToken.split('.')[1]);
});

test('the error names the settings to check', async () => {
  expect((await refusal('garbage')).message).toMatch(/domain.*clientID.*idTokenSigningAlg.*clock/);
});

test('printing the key of HS256 does not show the secret', async () => {
  const key = await sharedSecret(SECRET)({ alg: 'HS256' }, { payload: '', signature: '' });
  expect(shown(key) + shown(sharedSecret(SECRET))).not.toContain(SECRET);
});

test('keys that cannot be fetched are their own error, not an invalid token', async () => {
  const down = new PasswordlessError('transport_error', 'Auth0 could not be reached.');
  const idToken = await token();
  expect(await errorFrom(() => verifier('RS256', 60, () => Promise.reject(down))(idToken))).toBe(down);
});

test.each<[string, object, string]>([
  ['a key without its modulus', { kty: 'RSA', e: 'AQAB' }, 'its key cannot be used'],
  ['a key that is too short', { kty: 'RSA', e: 'AQAB', n: '1'.repeat(86) }, 'its key cannot be used'],
  ['a key of another kind', { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' }, 'no applicable key'],
])('%s verifies no token', async (_what, jwk, reason) => {
  const verify = verifier('RS256', 60, () => Promise.resolve({ keys: [{ ...jwk, kid: 'ours' }] }));
  expect((await refusal(await token(), undefined, verify)).message).toContain(reason);
});
