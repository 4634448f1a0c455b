import { type CryptoKey, exportJWK, generateKeyPair, type JWK, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createKeySet } from '../../lib/auth0/key-set.js';
import { errorFrom, passwordlessErrorFrom, settled } from '../support/errors.js';

let privateKeys: Record<string, CryptoKey>;
let jwks: Record<string, JWK>;

beforeAll(async () => {
  const pairs = await Promise.all(
    ['one', 'two', 'three'].map(async (kid) => [kid, await generateKeyPair('RS256')] as const),
  );
  privateKeys = Object.fromEntries(pairs.map(([kid, { privateKey }]) => [kid, privateKey]));
  const exported = pairs.map(async ([kid, { publicKey }]) => {
    const jwk = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
    return [kid, jwk] as const;
  });
  jwks = Object.fromEntries(await Promise.all(exported));
});

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const MINUTES = 60;

/** A tenant that publishes the keys `published`, or fails, or hangs until `release` is called. */
function tenant(...published: string[]) {
  const state = { published, fails: undefined as Error | undefined, hangs: false, fetches: 0, release: () => {} };
  const fetchKeys = async (): Promise<unknown> => {
    state.fetches += 1;
    if (state.hangs) {
      await new Promise<void>((resolve) => {
        state.release = resolve;
      });
    }
    if (state.fails) throw state.fails;
    return { keys: state.published.map((kid) => jwks[kid]) };
  };
  return { state, keys: createKeySet(fetchKeys) };
}

type Keys = ReturnType<typeof createKeySet>;

/** Verifies a token that the key `kid` signed. */
async function login(keys: Keys, kid = 'one', header: object = { kid }): Promise<void> {
  const key = privateKeys[kid];
  if (!key) throw new Error('no such key');
  const token = await new SignJWT({}).setProtectedHeader({ alg: 'RS256', ...header }).sign(key);
  await jwtVerify(token, keys);
}

/** Asks for a key at once, where a login signs its token first. */
async function lookUp(keys: Keys, kid: string): Promise<void> {
  await keys({ alg: 'RS256', kid }, { payload: '', signature: '' });
}

/** A login by a kid that no key set has. */
const forged = (keys: Keys, kid = 'forged') => errorFrom(() => login(keys, 'three', { kid }));

const NO_MATCH = { code: 'ERR_JWKS_NO_MATCHING_KEY' };

describe('the keys', () => {
  test('are fetched once for many parallel logins', async () => {
    const { state, keys } = tenant('one', 'two');
    expect(state.fetches).toBe(0);
    await Promise.all(Array.from({ length: 40 }, (_, index) => login(keys, index % 2 ? 'one' : 'two')));
    expect(state.fetches).toBe(1);
  });

  test('are kept for ten minutes, and then fetched beside the login', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(10 * MINUTES);
    await login(keys);
    expect(state.fetches).toBe(1);
    after(1);
    state.hangs = true;
    await Promise.all([login(keys), login(keys)]);
    expect(state.fetches).toBe(2);
    state.release();
    await settled();
    after(9 * MINUTES);
    await login(keys);
    expect(state.fetches).toBe(2);
  });

  test('that are withdrawn no longer serve once the new ones are there', async () => {
    const { state, keys } = tenant('one', 'two');
    await login(keys, 'two');
    state.published = ['one'];
    after(11 * MINUTES);
    await login(keys);
    await settled();
    expect(await errorFrom(() => login(keys, 'two'))).toMatchObject(NO_MATCH);
  });

  test('are fetched again by the next login when the first fetch failed', async () => {
    const { state, keys } = tenant('one');
    const down = new Error('down');
    Object.assign(state, { hangs: true, fails: down });
    const logins = [lookUp(keys, 'one'), lookUp(keys, 'one')].map((attempt) => errorFrom(() => attempt));
    await settled();
    expect(state.fetches).toBe(1);
    state.release();
    expect(await Promise.all(logins)).toEqual([down, down]);
    Object.assign(state, { hangs: false, fails: undefined });
    await login(keys);
    expect(state.fetches).toBe(2);
  });
});

describe('an unknown kid', () => {
  test('has the keys fetched once more, shared by parallel logins', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    state.published = ['one', 'two'];
    await Promise.all(Array.from({ length: 40 }, () => login(keys, 'two')));
    expect(state.fetches).toBe(2);
    await login(keys, 'one');
    expect(state.fetches).toBe(2);
  });

  test('floods nothing: one fetch in half a minute', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    for (let kid = 0; kid < 20; kid += 1) expect(await forged(keys, `forged ${kid}`)).toMatchObject(NO_MATCH);
    await Promise.all(Array.from({ length: 20 }, (_, kid) => forged(keys, `parallel ${kid}`)));
    expect(state.fetches).toBe(2);
    after(29);
    await forged(keys);
    expect(state.fetches).toBe(2);
    after(1);
    await forged(keys);
    expect(state.fetches).toBe(3);
  });

  test('waits for a fetch that is under way, and starts none of its own', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(11 * MINUTES);
    Object.assign(state, { hangs: true, published: ['one', 'two'] });
    await login(keys);
    const waiting = lookUp(keys, 'two');
    await settled();
    state.release();
    await waiting;
    expect(state.fetches).toBe(2);
  });

  test('is refused, and not fetched for, where the token is the first', async () => {
    const { state, keys } = tenant('one');
    expect(await forged(keys)).toMatchObject(NO_MATCH);
    expect(state.fetches).toBe(1);
  });
});

describe('while the endpoint', () => {
  test('is down, the old keys go on serving, and one fetch in half a minute looks whether it is back', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(60 * MINUTES);
    state.fails = new Error('down');
    for (let count = 0; count < 5; count += 1) {
      await login(keys);
      await settled();
    }
    expect(state.fetches).toBe(2);
    Object.assign(state, { fails: undefined, published: ['two'] });
    after(30);
    await login(keys);
    await settled();
    expect(state.fetches).toBe(3);
    await login(keys, 'two');
    expect(state.fetches).toBe(3);
  });

  test('is down, a new key is said to be out of reach, not to be wrong', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    const down = new Error('down');
    state.fails = down;
    expect(await errorFrom(() => login(keys, 'two'))).toBe(down);
    await login(keys);
  });

  test('hangs, the old keys go on serving', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(60 * MINUTES);
    state.hangs = true;
    const waiting = errorFrom(() => lookUp(keys, 'two'));
    await Promise.all([login(keys), login(keys)]);
    state.release();
    expect(await waiting).toMatchObject(NO_MATCH);
    expect(state.fetches).toBe(2);
  });

  test.each([
    [undefined],
    [null],
    ['<html>'],
    [[]],
    [{}],
    [{ keys: null }],
    [{ keys: {} }],
    [{ keys: 'x' }],
    [{ keys: [null] }],
    [{ keys: ['key'] }],
    [{ keys: [] }],
  ])('answers %j, that is no key set, and the old keys go on serving', async (body) => {
    let answer: unknown = body;
    const keys = createKeySet(() => Promise.resolve(answer));
    expect(await passwordlessErrorFrom(() => login(keys))).toMatchObject({ code: 'unexpected_response', status: 502 });
    answer = { keys: [jwks.one] };
    await login(keys);
    answer = body;
    after(11 * MINUTES);
    await login(keys);
    await settled();
    await login(keys);
  });
});

describe('a key', () => {
  test('needs neither alg nor use', async () => {
    const { alg, use, ...bare } = { ...jwks.one, alg: 'RS256', use: 'sig' };
    await login(
      createKeySet(() => Promise.resolve({ keys: [bare] })),
      'one',
    );
    expect([alg, use]).toEqual(['RS256', 'sig']);
  });

  test('for encryption verifies nothing', async () => {
    const keys = createKeySet(() => Promise.resolve({ keys: [{ ...jwks.one, use: 'enc' }] }));
    expect(await errorFrom(() => login(keys))).toMatchObject(NO_MATCH);
  });

  test('of another algorithm verifies nothing', async () => {
    const keys = createKeySet(() => Promise.resolve({ keys: [{ ...jwks.one, alg: 'RS512' }] }));
    expect(await errorFrom(() => login(keys))).toMatchObject(NO_MATCH);
  });

  test('is not guessed: two keys, and a token without kid', async () => {
    const { keys, state } = tenant('one', 'two');
    for (let time = 0; time < 2; time += 1) {
      expect(await errorFrom(() => login(keys, 'one', {}))).toMatchObject({ code: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS' });
    }
    expect(state.fetches).toBe(1);
  });

  test('is not guessed: two keys without kid, and a token with one', async () => {
    const anonymous = ['one', 'two'].map((kid) => ({ ...jwks[kid], kid: undefined }));
    const keys = createKeySet(() => Promise.resolve({ keys: anonymous }));
    expect(await errorFrom(() => login(keys))).toMatchObject(NO_MATCH);
  });
});
