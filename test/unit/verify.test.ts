import { describe, expect, test } from 'vitest';
import type { Tokens } from '../../lib/auth0/tokens.js';
import { type Profile, toProfile } from '../../lib/profile.js';
import {
  createVerifier,
  type VerifyDone,
  type VerifyFunction,
  type VerifyFunctionWithRequest,
} from '../../lib/verify.js';
import { errorFrom, settled } from '../support/errors.js';

const claims = { sub: 'email|ada', iss: 'https://a.example/', aud: 'c', iat: 1, exp: 2 };
const tokens: Tokens = { accessToken: 'at', idToken: 'idt', tokenType: 'Bearer', expiresIn: 60, expiresAt: 61, claims };
const profile = toProfile(claims);
const req = { headers: {}, ip: '8.8.8.8' };
const ada = { id: 'ada' };

const run = (verify: VerifyFunction) => createVerifier(verify, false)(req, tokens, profile);

describe('verify answers', () => {
  test.each<[string, VerifyFunction, object]>([
    [
      'done with a user',
      (_t, _p, done) => {
        done(null, ada);
      },
      { user: ada },
    ],
    [
      'done with a user, later',
      (_t, _p, done) => {
        setImmediate(done, null, ada);
      },
      { user: ada },
    ],
    [
      'done with a user and info',
      (_t, _p, done) => {
        done(null, ada, { a: 1 });
      },
      { user: ada, info: { a: 1 } },
    ],
    [
      'done with undefined for no error',
      (_t, _p, done) => {
        done(undefined, ada);
      },
      { user: ada },
    ],
    [
      'done without a user',
      (_t, _p, done) => {
        done(null, false);
      },
      { user: false },
    ],
    [
      'done without anything',
      (_t, _p, done) => {
        done(null);
      },
      { user: undefined },
    ],
    [
      'done with a reason',
      (_t, _p, done) => {
        done(null, false, { message: 'No.' });
      },
      { info: { message: 'No.' } },
    ],
    [
      'done with a reason as text',
      (_t, _p, done) => {
        done(null, false, 'No.');
      },
      { info: { message: 'No.' } },
    ],
    ['a promise of a user', () => Promise.resolve(ada), { user: ada }],
    ['a promise of a user that is a primitive', () => Promise.resolve('ada'), { user: 'ada' }],
    ['a promise of a list', () => Promise.resolve([ada]), { user: ada }],
    ['a promise of a list with info', () => Promise.resolve([ada, { a: 1 }]), { user: ada, info: { a: 1 } }],
    ['a promise of no user with a reason', () => Promise.resolve([null, 'No.']), { info: { message: 'No.' } }],
    ['a promise of an empty list', () => Promise.resolve([]), { user: undefined }],
    ['a promise of null', () => Promise.resolve(null), { user: null }],
    ['a promise of undefined', () => Promise.resolve(), { user: undefined }],
    ['a promise of false', () => Promise.resolve(false), { user: false }],
    ['a promise of 0', () => Promise.resolve(0), { user: 0 }],
    ['a promise of an empty string', () => Promise.resolve(''), { user: '' }],
  ])('by %s', async (_how, verify, expected) => {
    expect(await run(verify)).toMatchObject(expected);
  });

  test('by anything that has then', async () => {
    const thenable = {
      then: (resolve: (user: object) => void) => {
        resolve(ada);
      },
    } as PromiseLike<object>;
    expect(await run(() => thenable)).toMatchObject({ user: ada });
  });
});

describe('verify fails', () => {
  const down = new Error('the database is down');

  test.each<[string, VerifyFunction]>([
    [
      'done with an error',
      (_t, _p, done) => {
        done(down);
      },
    ],
    [
      'done with an error and a user',
      (_t, _p, done) => {
        done(down, ada);
      },
    ],
    [
      'an exception',
      () => {
        throw down;
      },
    ],
    ['a rejection', () => Promise.reject(down)],
    [
      'a then that throws',
      () => ({
        then: () => {
          throw down;
        },
      }),
    ],
  ])('by %s, which is passed on as it is', async (_how, verify) => {
    expect(await errorFrom(() => run(verify))).toBe(down);
  });

  test.each([[undefined], [null], [0], [''], ['text'], [{ a: 1 }]])('by a rejection with %j', async (reason) => {
    expect(await errorFrom(() => run(() => Promise.reject(reason)))).toBe(reason);
  });
});

describe('the first answer counts', () => {
  const eve = { id: 'eve' };

  test.each<[string, VerifyFunction]>([
    [
      'done twice',
      (_t, _p, done) => {
        done(null, ada);
        done(null, eve);
      },
    ],
    [
      'done, then with an error',
      (_t, _p, done) => {
        done(null, ada);
        done(new Error('late'));
      },
    ],
    [
      'done, then an exception',
      (_t, _p, done) => {
        done(null, ada);
        throw new Error('late');
      },
    ],
    [
      'done, then a promise',
      (_t, _p, done) => {
        done(null, ada);
        return Promise.resolve(eve);
      },
    ],
    [
      'done, then the promise of an async function',
      async (_t, _p, done) => {
        await settled();
        done(null, ada);
      },
    ],
    [
      'done, then a rejection',
      async (_t, _p, done) => {
        done(null, ada);
        await settled();
        throw new Error('late');
      },
    ],
    [
      'a promise, then done',
      (_t, _p, done) => {
        setImmediate(done, null, eve);
        return Promise.resolve(ada);
      },
    ],
    [
      'a promise, then done with an error',
      (_t, _p, done) => {
        setImmediate(done, new Error('late'));
        return Promise.resolve(ada);
      },
    ],
  ])('of %s', async (_how, verify) => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    expect(await run(verify)).toMatchObject({ user: ada });
    await settled();
    await settled();
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  test('and what is returned without a promise is none, since callbacks return all sorts of things', async () => {
    const verify = ((_t: Tokens, _p: Profile, done: VerifyDone) => {
      setImmediate(done, null, ada);
      return eve;
    }) as unknown as VerifyFunction;
    expect(await run(verify)).toMatchObject({ user: ada });
  });
});

describe('verify gets', () => {
  test('tokens, profile and done', async () => {
    let given: unknown[] = [];
    await run((...all) => {
      given = all;
      return Promise.resolve(ada);
    });
    expect(given).toEqual([tokens, profile, expect.any(Function)]);
    expect(given[0]).toBe(tokens);
  });

  test('the request first where the app asks for it', async () => {
    let given: unknown[] = [];
    const verify: VerifyFunctionWithRequest = (...all) => {
      given = all;
      return Promise.resolve(ada);
    };
    await createVerifier(verify, true)(req, tokens, profile);
    expect(given).toEqual([req, tokens, profile, expect.any(Function)]);
    expect(given[0]).toBe(req);
  });

  test.each([0, 1, 2, 3, 4])('the same whatever its length says: %i', async (length) => {
    for (const passReqToCallback of [false, true]) {
      let given: unknown[] = [];
      const verify = (...all: unknown[]) => {
        given = all;
        return Promise.resolve(ada);
      };
      Object.defineProperty(verify, 'length', { value: length });
      expect(await createVerifier(verify, passReqToCallback)(req, tokens, profile)).toMatchObject({ user: ada });
      expect(given).toEqual([...(passReqToCallback ? [req] : []), tokens, profile, expect.any(Function)]);
    }
  });
});

test.each([
  [5, false],
  [6, true],
])('verify with the %i parameters of passport-auth0 is a TypeError that names ours', (length, passReqToCallback) => {
  const verify = Object.defineProperty(() => undefined, 'length', { value: length });
  expect(() => createVerifier(verify, passReqToCallback)).toThrow(TypeError);
  expect(() => createVerifier(verify, passReqToCallback)).toThrow(/tokens, profile, done/);
});

test.each([{ id: 'ada' }, null, false, 'ada'])(
  'verify that returns the plain value %j fails with the remedy',
  async (value) => {
    const verify = ((_tokens: unknown) => value) as never;
    await expect(createVerifier(verify, false)(req, tokens, profile)).rejects.toThrow(/make it async.*done/);
  },
);

test('verify that returns a plain value and calls done later signs the user in', async () => {
  const verify = ((_tokens: unknown, _profile: unknown, done: VerifyDone) => {
    setImmediate(() => {
      done(null, ada);
    });
    return { changes: 1 };
  }) as never;
  expect(await createVerifier(verify, false)(req, tokens, profile)).toMatchObject({ user: ada });
});
