import { expect, test } from 'vitest';
import { PendingLogins } from '../../lib/transaction/pending-logins.js';
import { createSeal } from '../../lib/transaction/seal.js';
import type { TransactionStore } from '../../lib/transaction/store.js';
import type { Transaction } from '../../lib/transaction/transaction.js';
import { errorFrom, settled } from './support.js';

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
  await logins.save(req, [transaction]);
  expect(await logins.load(req)).toEqual([transaction]);
  expect(kept.calls).toEqual(['save', 'load']);
});

test('what is kept is opaque', async () => {
  const { kept, logins } = memory();
  await logins.save(req, [transaction]);
  expect(kept.value).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(Buffer.from(String(kept.value), 'base64url').toString('latin1')).not.toContain('ada');
});

test('no pending login at all clears the store', async () => {
  const { kept, logins } = memory('something');
  await logins.save(req, []);
  expect(kept).toEqual({ value: undefined, calls: ['clear'] });
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
  await logins.save(req, [transaction]);
  expect(await logins.load(req)).toEqual([transaction]);
  await logins.save(req, []);
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
      save: () => failing.save(req, [transaction]),
      clear: () => failing.save(req, []),
    };
    expect(await errorFrom(act[method])).toBe(down);
    expect(await logins.load(req)).toEqual([]);
  }
});
