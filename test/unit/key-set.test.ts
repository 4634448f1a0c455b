import { exportJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createKeySet } from '../../lib/auth0/key-set.js';
import { errorFrom, passwordlessErrorFrom, settled } from '../support/errors.js';
import { deferred } from './deferred.js';
import { rsaKeys } from './rsa.js';

const jwks: Record<string, JWK> = {};
for (const [kid, { publicKey }] of Object.entries(rsaKeys)) {
  jwks[kid] = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000);
const MINUTES = 60;

/** A tenant that publishes the keys `published`, or fails with `error`, after `pause` if there is one. */
function tenant(...published: string[]) {
  const state = {
    published,
    error: undefined as Error | undefined,
    pause: undefined as Promise<void> | undefined,
    fetches: 0,
  };
  const fetchKeys = async (): Promise<unknown> => {
    state.fetches += 1;
    await state.pause;
    if (state.error) throw state.error;
    return { keys: state.published.map((kid) => jwks[kid]) };
  };
  return { state, keys: createKeySet(fetchKeys) };
}

/** A key set that anything may be published as. */
const keySetOf = (body: () => unknown) => createKeySet(() => Promise.resolve(body()));

type Keys = ReturnType<typeof createKeySet>;

/** Verifies a token that the key `kid` signed. */
async function login(keys: Keys, kid: keyof typeof rsaKeys = 'one', header: object = { kid }): Promise<void> {
  const token = new SignJWT({}).setProtectedHeader({ alg: 'RS256', ...header });
  await jwtVerify(await token.sign(rsaKeys[kid].privateKey), keys);
}

/** Looks up a key without signing a token first, so that the look-up has begun when this returns. */
async function lookUp(keys: Keys, kid: string): Promise<void> {
  await keys({ alg: 'RS256', kid }, { payload: '', signature: '' });
}

/** A login with a kid that no key set has. */
const forged = (keys: Keys, kid = 'forged') => errorFrom(() => login(keys, 'three', { kid }));

const NO_MATCH = { code: 'ERR_JWKS_NO_MATCHING_KEY' };

describe('signing keys', () => {
  test('keys are fetched once for many concurrent logins', async () => {
    const { state, keys } = tenant('one', 'two');
    expect(state.fetches).toBe(0);
    await Promise.all(Array.from({ length: 40 }, (_, index) => login(keys, index % 2 ? 'one' : 'two')));
    expect(state.fetches).toBe(1);
  });

  test('keys are kept for ten minutes, and then fetched while logins go on', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(10 * MINUTES);
    await login(keys);
    expect(state.fetches).toBe(1);
    after(1);
    const pause = deferred();
    state.pause = pause.promise;
    await Promise.all([login(keys), login(keys)]);
    expect(state.fetches).toBe(2);
    pause.resolve();
    await settled();
    after(9 * MINUTES);
    await login(keys);
    expect(state.fetches).toBe(2);
  });

  test('withdrawn keys verify nothing once the new keys are fetched', async () => {
    const { state, keys } = tenant('one', 'two');
    await login(keys, 'two');
    state.published = ['one'];
    after(11 * MINUTES);
    await login(keys);
    await settled();
    expect(await errorFrom(() => login(keys, 'two'))).toMatchObject(NO_MATCH);
  });

  test('keys are fetched again by the next login if the first fetch failed', async () => {
    const { state, keys } = tenant('one');
    const down = new Error('down');
    const pause = deferred();
    Object.assign(state, { pause: pause.promise, error: down });
    const logins = [lookUp(keys, 'one'), lookUp(keys, 'one')].map((attempt) => errorFrom(() => attempt));
    await settled();
    expect(state.fetches).toBe(1);
    pause.resolve();
    expect(await Promise.all(logins)).toEqual([down, down]);
    state.error = undefined;
    await login(keys);
    expect(state.fetches).toBe(2);
  });
});

describe('an unknown kid', () => {
  test('an unknown kid has the keys fetched once more, for all concurrent logins', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    state.published = ['one', 'two'];
    await Promise.all(Array.from({ length: 40 }, () => login(keys, 'two')));
    expect(state.fetches).toBe(2);
    await login(keys, 'one');
    expect(state.fetches).toBe(2);
  });

  test('unknown kids cause one fetch in half a minute', async () => {
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

  test('an unknown kid waits for a fetch in progress, and starts no other', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(11 * MINUTES);
    const pause = deferred();
    Object.assign(state, { pause: pause.promise, published: ['one', 'two'] });
    await login(keys);
    const waiting = lookUp(keys, 'two');
    await settled();
    pause.resolve();
    await waiting;
    expect(state.fetches).toBe(2);
  });

  test('an unknown kid in the first token is rejected without a second fetch', async () => {
    const { state, keys } = tenant('one');
    expect(await forged(keys)).toMatchObject(NO_MATCH);
    expect(state.fetches).toBe(1);
  });
});

describe('an endpoint that fails', () => {
  test('while the endpoint is down, the old keys stay valid, and there is one fetch in half a minute', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(60 * MINUTES);
    state.error = new Error('down');
    for (let count = 0; count < 5; count += 1) {
      await login(keys);
      await settled();
    }
    expect(state.fetches).toBe(2);
    Object.assign(state, { error: undefined, published: ['two'] });
    after(30);
    await login(keys);
    await settled();
    expect(state.fetches).toBe(3);
    await login(keys, 'two');
    expect(state.fetches).toBe(3);
  });

  test('while the endpoint is down, a new key is an error of the endpoint, not of the token', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    const down = new Error('down');
    state.error = down;
    expect(await errorFrom(() => login(keys, 'two'))).toBe(down);
    await login(keys);
  });

  test('while the endpoint hangs, the old keys stay valid', async () => {
    const { state, keys } = tenant('one');
    await login(keys);
    after(60 * MINUTES);
    const pause = deferred();
    state.pause = pause.promise;
    const waiting = errorFrom(() => lookUp(keys, 'two'));
    await Promise.all([login(keys), login(keys)]);
    pause.resolve();
    expect(await waiting).toMatchObject(NO_MATCH);
    expect(state.fetches).toBe(2);
  });

  test.each([undefined, null, '<html>', [], {}, ...[null, {}, 'x', [null], ['key'], []].map((keys) => ({ keys }))])(
    'a response that is no key set is an unexpected_response at first, and ignored later: %j',
    async (body) => {
      let response: unknown = body;
      const keys = keySetOf(() => response);
      const error = await passwordlessErrorFrom(() => login(keys));
      expect(error).toMatchObject({ code: 'unexpected_response', status: 502 });
      response = { keys: [jwks.one] };
      await login(keys);
      response = body;
      after(11 * MINUTES);
      await login(keys);
      await settled();
      await login(keys);
    },
  );
});

describe('the choice of a key', () => {
  test('a key needs neither alg nor use', async () => {
    await login(keySetOf(() => ({ keys: [{ ...jwks.one, alg: undefined, use: undefined }] })));
  });

  test.each([{ use: 'enc' }, { alg: 'RS512' }])('a key for another purpose verifies nothing: %j', async (purpose) => {
    const keys = keySetOf(() => ({ keys: [{ ...jwks.one, ...purpose }] }));
    expect(await errorFrom(() => login(keys))).toMatchObject(NO_MATCH);
  });

  test('a token without kid is rejected if there are two keys', async () => {
    const { keys, state } = tenant('one', 'two');
    for (let time = 0; time < 2; time += 1) {
      expect(await errorFrom(() => login(keys, 'one', {}))).toMatchObject({ code: 'ERR_JWKS_MULTIPLE_MATCHING_KEYS' });
    }
    expect(state.fetches).toBe(1);
  });

  test('a token with a kid is rejected if the keys have none', async () => {
    const anonymous = ['one', 'two'].map((kid) => ({ ...jwks[kid], kid: undefined }));
    const keys = keySetOf(() => ({ keys: anonymous }));
    expect(await errorFrom(() => login(keys))).toMatchObject(NO_MATCH);
  });
});
