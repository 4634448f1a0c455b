// SECURITY.md: an ID token is forged, or meant for somebody else.
import { createHmac } from 'node:crypto';
import { type CryptoKey, exportJWK, exportSPKI, generateKeyPair, importJWK, SignJWT } from 'jose';
import { beforeAll, expect, test } from 'vitest';
import { openApp } from '../support/app.js';
import { CLIENT, hostileAuth0 } from '../support/hostile-auth0.js';

const now = () => Math.floor(Date.now() / 1000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
type Claims = Record<string, unknown>;
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
type Forge = (claims: Claims, origin: string) => Promise<string> | string;

let ours: Keys;
let theirs: Keys;

beforeAll(async () => {
  const make = () => generateKeyPair('RS256', { extractable: true });
  [ours, theirs] = await Promise.all([make(), make()]);
});

const sign = (claims: Claims, header: object = {}, privateKey = ours.privateKey) =>
  new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'ours', ...header }).sign(privateKey);

/** A token written by hand, for what no library signs. */
function handmade(header: object, claims: Claims, key = ''): string {
  const input = `${base64url(header)}.${base64url(claims)}`;
  return `${input}.${key && createHmac('sha256', key).update(input).digest('base64url')}`;
}

/** An app whose Auth0 responds to the code with the token that `forge` makes of valid claims. */
async function setUp(forge: Forge) {
  // Without alg, as tenants may publish their keys: only the app's own setting limits the algorithm then.
  const jwk = { ...(await exportJWK(ours.publicKey)), kid: 'ours', use: 'sig' };
  const evil = { ...(await exportJWK(theirs.publicKey)), kid: 'theirs', alg: 'RS256', use: 'sig' };
  let id_token = '';
  const auth0 = hostileAuth0({
    '/.well-known/jwks.json': () => ({ body: { keys: [jwk] } }),
    '/evil.json': () => ({ body: { keys: [evil] } }),
    '/oauth/token': () => ({ body: { access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token } }),
  });
  const origin = await auth0.listen();
  const users: string[] = [];
  const { browser } = await openApp(
    { ...CLIENT, domain: origin },
    { verify: (_tokens, { id }) => Promise.resolve({ id: users.push(id) }) },
  );
  const login = async () => {
    const claims = { iss: `${origin}/`, aud: 'the-client', sub: 'email|ada', iat: now(), exp: now() + 600 };
    id_token = await forge(claims, origin);
    const agent = browser();
    await agent.post('/start').send({ email: 'ada@example.com' });
    const response = await agent.post('/code').send({ otp: '123456' });
    return { status: response.status, body: response.body as unknown, me: (await agent.get('/me')).body as unknown };
  };
  return { login, paths: auth0.paths, users };
}

const publicPEM = () => exportSPKI(ours.publicKey);

test('accepts the valid token from which the forged ones are made', async () => {
  const { login, users } = await setUp((claims) => sign(claims));
  expect((await login()).status).toBe(200);
  expect(users).toEqual(['email|ada']);
});

test.each<[string, Forge]>([
  ['without a signature, alg none', (claims) => handmade({ alg: 'none' }, claims)],
  ['without a signature, alg RS256', (claims) => handmade({ alg: 'RS256', kid: 'ours' }, claims)],
  [
    'by HS256 with the public key as PEM',
    async (claims) => handmade({ alg: 'HS256', kid: 'ours' }, claims, await publicPEM()),
  ],
  ['by HS256 with the client secret', (claims) => handmade({ alg: 'HS256' }, claims, CLIENT.clientSecret)],
  ['by PS256 with the right key', async (claims) => sign(claims, { alg: 'PS256' }, await asPS256())],
  ["by another key under our key's kid", (claims) => sign(claims, {}, theirs.privateKey)],
  [
    'by the key that it brings along',
    async (claims) => sign(claims, { jwk: await exportJWK(theirs.publicKey) }, theirs.privateKey),
  ],
  [
    'by a key at the URL that it names (jku)',
    (claims, origin) => sign(claims, { kid: 'theirs', jku: `${origin}/evil.json` }, theirs.privateKey),
  ],
  [
    'by a key at the URL that it names (x5u)',
    (claims, origin) => sign(claims, { kid: 'theirs', x5u: `${origin}/evil.json` }, theirs.privateKey),
  ],
  ['whose kid is a path', (claims) => sign(claims, { kid: '../../evil.json' }, theirs.privateKey)],
  ['whose kid is a URL', (claims, origin) => sign(claims, { kid: `${origin}/evil.json` }, theirs.privateKey)],
  ['whose kid is a name of every object', (claims) => sign(claims, { kid: '__proto__' }, theirs.privateKey)],
  ['whose kid is no string', (claims) => sign(claims, { kid: ['ours'] }, theirs.privateKey)],
  ['of another issuer', (claims) => sign({ ...claims, iss: 'https://evil.eu.auth0.com/' })],
  ['for another client', (claims) => sign({ ...claims, aud: 'another' })],
  [
    'for this client and another, given to the other',
    (claims) => sign({ ...claims, aud: ['the-client', 'another'], azp: 'another' }),
  ],
  ['without exp', (claims) => sign({ ...claims, exp: undefined })],
  ['that has expired', (claims) => sign({ ...claims, exp: now() - 61 })],
  ['of the future', (claims) => sign({ ...claims, iat: now() + 3600 })],
  ['of a login by link, with a nonce', (claims) => sign({ ...claims, nonce: 'x' })],
  ['without a subject', (claims) => sign({ ...claims, sub: undefined })],
])('signs nobody in, and fetches no key, for an ID token %s', async (_what, forge) => {
  const { login, paths, users } = await setUp(forge);
  const { status, body, me } = await login();
  expect([status, body, me]).toMatchObject([502, { error: { code: 'id_token_invalid' } }, { user: null }]);
  expect(users).toEqual([]);
  const known = ['/passwordless/start', '/oauth/token', '/.well-known/jwks.json'];
  expect(paths().filter((path) => !known.includes(path))).toEqual([]);
});

test('fetches the keys at most once in half a minute, however many unknown kids come', async () => {
  let made = 0;
  const { login, paths } = await setUp((claims) => sign(claims, { kid: `kid ${(made += 1)}` }, theirs.privateKey));
  for (let time = 0; time < 10; time += 1) expect((await login()).status).toBe(502);
  expect(paths().filter((path) => path === '/.well-known/jwks.json')).toHaveLength(2);
});

test("keeps the content of a forged token out of the error's message", async () => {
  const crit = 'ada@example.com\nsecond line of the log';
  const { login } = await setUp((claims) => handmade({ alg: 'RS256', kid: 'ours', crit: [crit], [crit]: 1 }, claims));
  const { status, body } = await login();
  expect([status, body]).toMatchObject([502, { error: { code: 'id_token_invalid' } }]);
  expect(JSON.stringify(body)).not.toMatch(/example\.com|second line/);
});

/** Our key for PS256: the same numbers, and another name. */
async function asPS256(): Promise<CryptoKey> {
  return (await importJWK({ ...(await exportJWK(ours.privateKey)), alg: 'PS256' })) as CryptoKey;
}
