import { describe, expect, onTestFinished, test } from 'vitest';
import type { Tokens } from '../../lib/auth0/tokens.js';
import { toProfile } from '../../lib/profile.js';
import { createVerifier, type VerifyDone, type VerifyFunction } from '../../lib/verify.js';
import { errorFrom, settled } from '../support/errors.js';

const claims = { sub: 'email|ada', iss: 'https://a.example/', aud: 'c', iat: 1, exp: 2 };
const tokens: Tokens = { accessToken: 'at', idToken: 'idt', tokenType: 'Bearer', expiresIn: 60, expiresAt: 61, claims };
const profile = toProfile(claims);
const req = { headers: {}, ip: '8.8.8.8' };
const ada = { id: 'ada' };
const eve = { id: 'eve' };

const run = (verify: VerifyFunction) => createVerifier(verify, false)(req, tokens, profile);

type Result = Parameters<VerifyDone>;

/** A verify that calls `done` with each of the results. */
const calls = (...results: Result[]): VerifyFunction => {
  return (_tokens, _profile, done) => {
    for (const result of results) done(...result);
  };
};

/** A verify that returns `returned`, and calls `done` after that. */
const callsLater = (result: Result, returned?: unknown) => {
  return ((_tokens, _profile, done) => {
    setImmediate(done, ...result);
    return returned;
  }) as VerifyFunction;
};

function raise(error: Error): never {
  throw error;
}

test.each<[string, VerifyFunction, object]>([
  ['done with a user', calls([null, ada]), { user: ada }],
  ['done with a user, later', callsLater([null, ada]), { user: ada }],
  ['done with a user, later, having returned no promise', callsLater([null, ada], eve), { user: ada }],
  ['done with a user and info', calls([null, ada, { a: 1 }]), { user: ada, info: { a: 1 } }],
  ['done with undefined for no error', calls([undefined, ada]), { user: ada }],
  ['done without a user', calls([null, false]), { user: false }],
  ['done without anything', calls([null]), { user: undefined }],
  ['done with a reason', calls([null, false, { message: 'No.' }]), { info: { message: 'No.' } }],
  ['done with a reason as text', calls([null, false, 'No.']), { info: { message: 'No.' } }],
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
])('verify may answer by %s', async (_how, verify, expected) => {
  expect(await run(verify)).toMatchObject(expected);
});

test('verify may answer by a thenable that is not a Promise', async () => {
  const thenable = {
    then: (resolve: (user: object) => void) => {
      resolve(ada);
    },
  } as PromiseLike<object>;
  expect(await run(() => thenable)).toMatchObject({ user: ada });
});

describe('an error of verify', () => {
  const down = new Error('the database is down');

  test.each<[string, VerifyFunction]>([
    ['calls done with it', calls([down])],
    ['calls done with it and a user', calls([down, ada])],
    ['throws it', () => raise(down)],
    ['rejects with it', () => Promise.reject(down)],
    ['returns a thenable that throws it', () => ({ then: () => raise(down) })],
  ])("verify fails with the app's own error if it %s", async (_how, verify) => {
    expect(await errorFrom(() => run(verify))).toBe(down);
  });

  test.each([[undefined], [null], [0], [''], ['text'], [{ a: 1 }]])(
    'verify fails with %j if it rejects with that',
    async (reason) => {
      expect(await errorFrom(() => run(() => Promise.reject(reason)))).toBe(reason);
    },
  );
});

const late = new Error('late');

test.each<[string, VerifyFunction]>([
  ['done twice', calls([null, ada], [null, eve])],
  ['done, then done with an error', calls([null, ada], [late])],
  ['done, then an exception', (...args) => (calls([null, ada])(...args), raise(late))],
  ['done, then a promise', (...args) => (calls([null, ada])(...args), Promise.resolve(eve))],
  ['done, then the promise of an async function', (...args) => settled().then(() => calls([null, ada])(...args))],
  ['done, then a rejection', (...args) => (calls([null, ada])(...args), settled().then(() => raise(late)))],
  ['a promise, then done', callsLater([null, eve], Promise.resolve(ada))],
  ['a promise, then done with an error', callsLater([late], Promise.resolve(ada))],
])('only the first answer of verify counts: %s', async (_how, verify) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  expect(await run(verify)).toMatchObject({ user: ada });
  await settled();
  await settled();
  expect(unhandled).toEqual([]);
});

test.each([0, 1, 2, 3, 4])('verify gets the same arguments if it has %i parameters', async (length) => {
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

test.each([
  [5, false],
  [6, true],
])('verify with %i parameters, as for passport-auth0, is a TypeError that names ours', (length, passReqToCallback) => {
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
