import { expect, test } from 'vitest';
import { PendingLogins } from '../../lib/transaction/pending-logins.js';
import { createSeal } from '../../lib/transaction/seal.js';
import type { TransactionStore } from '../../lib/transaction/store.js';
import type { Transaction } from '../../lib/transaction/transaction.js';
import { errorFrom, settled } from '../support/errors.js';

const req = { headers: {} };
const seal = createSeal(['a secret of 32 bytes or more, indeed'], 'a purpose');
const transaction: Transaction = {
  id: 'the-id',
  stage: 'code',
  connection: 'email',
  identifier: { email: 'ada@example.com' },
  scope: 'openid',
  appState: { returnTo: '/ü', list: [1, null] },
  sentAt: 1,
  expiresAt: 601,
};

/** A store in memory that notes its calls. */
function memory(value?: unknown) {
  const kept = { value, calls: [] as string[] };
  const store: TransactionStore = {
    load: () => (kept.calls.push('load'), kept.value as string | undefined),
    save: (_req, sealed) => {
      kept.calls.push('save');
      kept.value = sealed;
    },
    clear: () => {
      kept.calls.push('clear');
      kept.value = undefined;
    },
  };
  return { kept, logins: new PendingLogins(store, seal) };
}

test('what was saved is loaded', async () => {
  const { kept, logins } = memory();
  await logins.update(req, () => [transaction]);
  expect(await logins.load(req)).toEqual([transaction]);
  expect(kept.calls).toEqual(['load', 'save', 'load']);
});

test('what is kept is opaque', async () => {
  const { kept, logins } = memory();
  await logins.update(req, () => [transaction]);
  expect(kept.value).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(Buffer.from(String(kept.value), 'base64url').toString('latin1')).not.toContain('ada');
});

test('no pending login at all clears the store', async () => {
  const { kept, logins } = memory('something');
  await logins.update(req, () => []);
  expect(kept).toEqual({ value: undefined, calls: ['load', 'clear'] });
});

test('a change is made to what is there by then, and what stays as it is is not written', async () => {
  const { kept, logins } = memory();
  await logins.update(req, () => [transaction]);
  const other = { ...transaction, id: 'other' };
  await logins.update(req, (now) => [...now, other]);
  expect(await logins.load(req)).toEqual([transaction, other]);
  kept.calls.length = 0;
  await logins.update(req, (now) => now);
  expect(kept.calls).toEqual(['load']);
});

test('what has been tampered with is written over', async () => {
  const { logins } = memory('garbage');
  await logins.update(req, (now) => [...now, transaction]);
  expect(await logins.load(req)).toEqual([transaction]);
});

test('a store of the app is asked for load, save and clear, and nothing else', async () => {
  const { kept, logins } = memory();
  const beside = () => Promise.reject(new Error('not in the contract'));
  Object.assign((logins as unknown as { store: object }).store, { update: beside, refresh: beside });
  await logins.refresh(req);
  await logins.update(req, () => [transaction]);
  expect(kept.calls).toEqual(['load', 'save']);
});

test.each([[undefined], [null]])('a store that has %s has no pending logins', async (value) => {
  expect(await memory(value).logins.load(req)).toEqual([]);
});

test.each([
  [''],
  ['garbage'],
  ['....'],
  [42],
  [0],
  [true],
  [false],
  [{}],
  [[]],
  [[seal.seal('[]')]],
  [Symbol('x')],
  [() => seal.seal('[]')],
])('a store that has %o has been tampered with', async (value) => {
  expect(await memory(value).logins.load(req)).toBeUndefined();
});

test('what another strategy sealed is not opened', async () => {
  const other = createSeal(['a secret of 32 bytes or more, indeed'], 'another purpose');
  expect(await memory(other.seal(JSON.stringify([transaction]))).logins.load(req)).toBeUndefined();
});

test('a store may be asynchronous, and is awaited', async () => {
  let saved = '';
  const store: TransactionStore = {
    load: () => Promise.resolve(saved),
    save: async (_req, value) => {
      await settled();
      saved = value;
    },
    clear: async () => {
      await settled();
      saved = 'cleared';
    },
  };
  const logins = new PendingLogins(store, seal);
  await logins.update(req, () => [transaction]);
  expect(await logins.load(req)).toEqual([transaction]);
  await logins.update(req, () => []);
  expect(saved).toBe('cleared');
});

test.each(['load', 'save', 'clear'] as const)('what %s of a store throws is passed on as it is', async (method) => {
  const down = new Error('the store is down');
  for (const fail of [
    () => Promise.reject(down),
    () => {
      throw down;
    },
  ]) {
    const { logins } = memory();
    const failing = new PendingLogins({ load: () => null, save: () => {}, clear: () => {}, [method]: fail }, seal);
    const act = {
      load: () => failing.load(req),
      save: () => failing.update(req, () => [transaction]),
      clear: () => failing.update(req, () => []),
    };
    expect(await errorFrom(act[method])).toBe(down);
    expect(await logins.load(req)).toEqual([]);
  }
});
