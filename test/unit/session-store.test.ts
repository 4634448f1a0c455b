import { describe, expect, test } from 'vitest';
import { ensureRoomForMfa, renewSession, SessionStore } from '../../lib/transaction/session-store.js';
import { errorFrom, passwordlessErrorFrom, settled } from '../support/errors.js';
import { deferred } from './deferred.js';

type Callback = (error?: unknown) => void;
type Session = Record<string, unknown>;

const store = new SessionStore('the-key');
const request = (session?: unknown) => ({ headers: {}, session });

/** A session's method that ends with `error`, or without one. */
const calling = (error?: unknown) => (callback: Callback) => {
  callback(error);
};

test('a value is saved under its key, next to the rest of the session', async () => {
  const session: Session = { cart: [1] };
  await store.save(request(session), 'sealed');
  expect(session).toEqual({ cart: [1], 'the-key': 'sealed' });
  expect(store.load(request(session))).toBe('sealed');
});

test('a value is cleared by assignment, since not every session notices a delete', async () => {
  const deleted: PropertyKey[] = [];
  const session = new Proxy<Session>(
    { 'the-key': 'sealed' },
    { deleteProperty: (_target, key) => (deleted.push(key), true) },
  );
  await store.clear(request(session));
  expect(Object.hasOwn(session, 'the-key')).toBe(true);
  expect(store.load(request(session))).toBeUndefined();
  expect(deleted).toEqual([]);
});

describe.each(['save', 'clear'] as const)('store.%s', (method) => {
  test(`${method} waits until the session is saved`, async () => {
    const saved = deferred();
    const seen: unknown[] = [];
    const session = {
      save(this: Session, callback: Callback) {
        seen.push(this['the-key']);
        void saved.promise.then(callback);
      },
    };
    let done = false;
    const saving = store[method](request(session), 'sealed').then(() => (done = true));
    await settled();
    expect(done).toBe(false);
    saved.resolve();
    await saving;
    expect(seen).toEqual([method === 'save' ? 'sealed' : undefined]);
  });

  const down = new Error('the session store is down');

  test.each<[string, (callback: Callback) => unknown]>([
    ['calls back with', calling(down)],
    ['rejects with', () => Promise.reject(down)],
    [
      'throws',
      () => {
        throw down;
      },
    ],
  ])(`${method} fails with the error that the session %s`, async (_how, save) => {
    expect(await errorFrom(() => store[method](request({ save }), 'sealed'))).toBe(down);
  });
});

test.each([
  ['calls back with null', calling(null)],
  ['calls back with undefined', calling()],
  ['returns a promise and never calls back', () => Promise.resolve()],
])('a session is saved if its save %s', async (_how, save) => {
  await expect(store.save(request({ save }), 'sealed')).resolves.toBeUndefined();
});

test.each([[undefined], [null], [true], ['data']])('a session whose save is %j is not asked to save', async (save) => {
  const session: Session = { save };
  await store.save(request(session), 'sealed');
  expect(session['the-key']).toBe('sealed');
});

test.each([[undefined], [null], ['session'], [1]])(
  'a request whose session is %j is a configuration_error that names the session middleware',
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

describe('a session for a second factor', () => {
  /** A session as express-session has it: `regenerate` puts a new one on the request, unless it fails. */
  function requestWith(members: object, error?: Error) {
    const req = request();
    const regenerate = (callback: Callback) => {
      if (!error) req.session = { id: 'fresh', cookie: 'fresh', save: calling() };
      callback(error);
    };
    req.session = { id: 'old', cookie: 'old', save: calling(), regenerate, ...members };
    return req;
  }

  test('a renewed session keeps its own id and cookie, and gets the other members of the old one', async () => {
    const req = requestWith({ cart: ['a'], messages: [] });
    await renewSession(req);
    expect(req.session).toMatchObject({ id: 'fresh', cookie: 'fresh', cart: ['a'], messages: [] });
  });

  test('a session that cannot be regenerated stays as it is', async () => {
    const session = { save: calling(), cart: ['a'] };
    const req = request(session);
    await renewSession(req);
    expect(req.session).toBe(session);
    await expect(renewSession({ headers: {} })).resolves.toBeUndefined();
  });

  test('an error of regenerate is passed on', async () => {
    const error = new Error('no store');
    await expect(renewSession(requestWith({}, error))).rejects.toBe(error);
  });

  test.each([
    ['cookie-session', {}],
    ['cookie-session with the methods that Passport needs', { save: () => {}, isPopulated: true }],
    ['koa-session without a store', { save: () => {}, externalKey: undefined }],
  ])('a session in a cookie (%s) is a configuration_error with the remedy', async (_name, session) => {
    const error = await passwordlessErrorFrom(() => {
      ensureRoomForMfa(request(session));
    });
    expect(error.code).toBe('configuration_error');
    expect(error.message).toMatch(/cookie.*on the server/);
  });
});
