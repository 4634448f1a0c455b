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

/** A store in memory that records its calls. */
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

test('saved transactions are loaded', async () => {
  const { kept, logins } = memory();
  await logins.update(req, () => [transaction]);
  expect(await logins.load(req)).toEqual([transaction]);
  expect(kept.calls).toEqual(['load', 'save', 'load']);
});

test('stored transactions are sealed', async () => {
  const { kept, logins } = memory();
  await logins.update(req, () => [transaction]);
  expect(kept.value).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(Buffer.from(String(kept.value), 'base64url').toString('latin1')).not.toContain('ada');
});

test('an update that leaves no transaction clears the store', async () => {
  const { kept, logins } = memory('something');
  await logins.update(req, () => []);
  expect(kept).toEqual({ value: undefined, calls: ['load', 'clear'] });
});

test('an update starts from the stored transactions, and writes only what it changed', async () => {
  const { kept, logins } = memory();
  await logins.update(req, () => [transaction]);
  const other = { ...transaction, id: 'other' };
  await logins.update(req, (now) => [...now, other]);
  expect(await logins.load(req)).toEqual([transaction, other]);
  kept.calls.length = 0;
  await logins.update(req, (now) => now);
  expect(kept.calls).toEqual(['load']);
});

test('an update replaces a value that has been tampered with', async () => {
  const { logins } = memory('garbage');
  await logins.update(req, (now) => [...now, transaction]);
  expect(await logins.load(req)).toEqual([transaction]);
});

test('only load, save and clear of the store of an app are called', async () => {
  const { kept, logins } = memory();
  const other = () => Promise.reject(new Error('not in the contract'));
  Object.assign((logins as unknown as { store: object }).store, { update: other, refresh: other });
  await logins.refresh(req);
  await logins.update(req, () => [transaction]);
  expect(kept.calls).toEqual(['load', 'save']);
});

test.each([[undefined], [null]])('a store that holds %s has no transactions', async (value) => {
  expect(await memory(value).logins.load(req)).toEqual([]);
});

const anotherPurpose = createSeal(['a secret of 32 bytes or more, indeed'], 'another purpose');

test.each<[string, unknown[]]>([
  ['is not sealed', ['', 'garbage', '....']],
  ['is not a string', [42, 0, true, false, {}, [], [seal.seal('[]')], Symbol('x'), () => seal.seal('[]')]],
  ['another strategy sealed', [anotherPurpose.seal(JSON.stringify([transaction]))]],
])('a stored value that %s is not opened', async (_what, values) => {
  for (const value of values) expect(await memory(value).logins.load(req)).toBeUndefined();
});

test('an asynchronous store is awaited', async () => {
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

test.each(['load', 'save', 'clear'] as const)('an error of %s of the store is passed on', async (method) => {
  const down = new Error('the store is down');
  const rejecting = () => Promise.reject(down);
  const throwing = () => {
    throw down;
  };
  for (const fail of [rejecting, throwing]) {
    const failing = new PendingLogins({ load: () => null, save: () => {}, clear: () => {}, [method]: fail }, seal);
    const act = {
      load: () => failing.load(req),
      save: () => failing.update(req, () => [transaction]),
      clear: () => failing.update(req, () => []),
    };
    expect(await errorFrom(act[method])).toBe(down);
  }
});
