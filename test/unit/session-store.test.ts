import { expect, test } from 'vitest';
import { SessionStore } from '../../lib/transaction/session-store.js';
import { errorFrom, passwordlessErrorFrom, settled } from '../support/errors.js';

const store = new SessionStore('the-key');
const request = (session?: unknown) => ({ headers: {}, session });

test('a value is kept under its key, beside what else the session holds', async () => {
  const session: Record<string, unknown> = { cart: [1] };
  await store.save(request(session), 'sealed');
  expect(session).toEqual({ cart: [1], 'the-key': 'sealed' });
  expect(store.load(request(session))).toBe('sealed');
});

test('it is cleared by assignment, since not every session notices a delete', async () => {
  const deleted: PropertyKey[] = [];
  const session = new Proxy<Record<string, unknown>>(
    { 'the-key': 'sealed' },
    { deleteProperty: (_target, key) => (deleted.push(key), true) },
  );
  await store.clear(request(session));
  expect(Object.hasOwn(session, 'the-key')).toBe(true);
  expect(store.load(request(session))).toBeUndefined();
  expect(deleted).toEqual([]);
});

test('a session that answers by a promise alone is waited for, and heard', async () => {
  const error = new Error('no store');
  await store.save(request({ save: () => Promise.resolve() }), 'sealed');
  expect(await errorFrom(() => store.save(request({ save: () => Promise.reject(error) }), 'sealed'))).toBe(error);
});

test.each(['save', 'clear'] as const)('%s waits until the session is saved', async (method) => {
  let saved: (error?: unknown) => void = () => undefined;
  const seen: unknown[] = [];
  const session: Record<string, unknown> = {
    save(this: Record<string, unknown>, callback: typeof saved) {
      seen.push(this['the-key']);
      saved = callback;
    },
  };
  let done = false;
  const saving = Promise.resolve(store[method](request(session), 'sealed')).then(() => (done = true));
  await settled();
  expect(done).toBe(false);
  saved();
  await saving;
  expect(seen).toEqual([method === 'save' ? 'sealed' : undefined]);
});

test.each([[null], [undefined]])('a session saved with the error %s is saved', async (error) => {
  const session = {
    save: (callback: (error: unknown) => void) => {
      callback(error);
    },
  };
  await expect(store.save(request(session), 'sealed')).resolves.toBeUndefined();
});

test.each(['save', 'clear'] as const)('%s fails with the error of the session, as it is', async (method) => {
  const down = new Error('the session store is down');
  const calls = {
    save: (callback: (error: unknown) => void) => {
      callback(down);
    },
  };
  const throws = {
    save: () => {
      throw down;
    },
  };
  for (const session of [calls, throws]) {
    expect(await errorFrom(() => store[method](request(session), 'sealed'))).toBe(down);
  }
});

test.each([[undefined], [null], [true], ['data']])('a session whose save is %j is not asked to save', async (save) => {
  const session: Record<string, unknown> = { save };
  await store.save(request(session), 'sealed');
  expect(session['the-key']).toBe('sealed');
});

test.each([[undefined], [null], ['session'], [1]])(
  'a request whose session is %j is a configuration_error',
  async (session) => {
    const calls = [
      () => store.load(request(session)),
      () => store.save(request(session), 'sealed'),
      () => store.clear(request(session)),
    ];
    for (const call of calls) {
      const error = await passwordlessErrorFrom(call);
      expect(error).toMatchObject({ code: 'configuration_error', status: 500 });
      expect(error.message).toMatch(/session middleware/);
    }
  },
);
