import { setFlagsFromString } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { SessionStore } from '../../lib/transaction/session-store.js';
import { createTurns } from '../../lib/transaction/turns.js';
import { errorFrom, settled } from '../support/errors.js';
import { deferred } from './deferred.js';

type Saved = Record<string, unknown>;
type Answer = (error: unknown, saved?: Saved | null) => void;

/** A session store as express-session and @fastify/session put it on a request, and requests of one browser. */
function sessions(saved: Record<string, Saved | undefined>, cookie = 'sid=s%3Athe-id.signature') {
  const asked: string[] = [];
  const sessionStore = {
    get(id: string, callback: Answer) {
      asked.push(id);
      setImmediate(() => {
        callback(null, saved[id] && { ...saved[id] });
      });
    },
  };
  const request = (members: Saved = {}, id: Saved = { id: 'the-id' }) => {
    const session = {
      ...members,
      save: (callback: () => void) => {
        const { save, id: _id, sessionId, ...rest } = session as Saved;
        setImmediate(() => {
          saved['the-id'] = rest;
          callback();
        });
      },
    };
    for (const [name, value] of Object.entries(id)) Object.defineProperty(session, name, { value, enumerable: true });
    return { headers: { cookie }, session: session as Saved, sessionStore };
  };
  return { saved, asked, sessionStore, request };
}

const store = () => new SessionStore('the-key');

describe('a session that concurrent requests may write', () => {
  test.each([[{ id: 'the-id' }], [{ sessionId: 'the-id' }]])(
    'a write starts from what other requests saved (%j)',
    async (id) => {
      const { request, saved } = sessions({ 'the-id': { 'the-key': 'theirs' } });
      const req = request({ 'the-key': 'old' }, id);
      const sessionStore = store();
      await sessionStore.update(req, () => sessionStore.save(req, `${sessionStore.load(req)}, mine`));
      expect(saved['the-id']).toEqual({ 'the-key': 'theirs, mine' });
    },
  );

  test('a write keeps what the app changed in this request', async () => {
    const { request, saved } = sessions({ 'the-id': { cart: [], 'the-key': 'theirs' } });
    const req = request({ cart: ['a'] });
    const sessionStore = store();
    await sessionStore.update(req, () => sessionStore.clear(req));
    expect(saved['the-id']).toEqual({ cart: ['a'], 'the-key': undefined });
  });

  test('a write keeps what another strategy saved meanwhile', async () => {
    const { request, saved } = sessions({ 'the-id': {} });
    const [one, other] = [new SessionStore('one'), new SessionStore('other')];
    const req = request();
    await other.update(request(), () => Promise.resolve(other.save(request(), 'theirs')));
    await one.update(req, () => one.save(req, 'mine'));
    expect(saved['the-id']).toEqual({ one: 'mine', other: 'theirs' });
  });

  test('a write adds no member for a strategy that has none in the session', async () => {
    const { request, saved } = sessions({ 'the-id': {} });
    const [one] = [new SessionStore('one'), new SessionStore('of-nothing')];
    const req = request();
    await one.update(req, () => one.save(req, 'mine'));
    expect(Object.keys(saved['the-id'] ?? {})).toEqual(['one']);
  });

  test('two strategies write a session one after the other', async () => {
    const { request, saved } = sessions({ 'the-id': {} });
    const write = (name: string) => {
      const [req, sessionStore] = [request(), new SessionStore(name)];
      return sessionStore.update(req, () => sessionStore.save(req, name));
    };
    await Promise.all([write('one'), write('other')]);
    expect(saved['the-id']).toEqual({ one: 'one', other: 'other' });
  });

  test('concurrent requests write a session one after the other', async () => {
    const { request, saved } = sessions({ 'the-id': { 'the-key': '' } });
    const sessionStore = store();
    const add = (name: string) => {
      const req = request({ 'the-key': '' });
      return sessionStore.update(req, () => sessionStore.save(req, `${sessionStore.load(req)}${name}`));
    };
    await Promise.all(['a', 'b', 'c'].map(add));
    expect(saved['the-id']).toEqual({ 'the-key': 'abc' });
  });

  test('a write waits neither for another session nor for a write that failed', async () => {
    const { request } = sessions({ 'the-id': {}, another: {} }, 'sid=the-id; old=another');
    const sessionStore = store();
    const down = new Error('the store is down');
    const writing = deferred();
    const failing = errorFrom(() => sessionStore.update(request(), () => writing.promise));
    const done: string[] = [];
    const note = (name: string) => () => Promise.resolve(void done.push(name));
    const next = sessionStore.update(request(), note('next'));
    await sessionStore.update(request({}, { id: 'another' }), note('another'));
    expect(done).toEqual(['another']);
    writing.reject(down);
    expect(await failing).toBe(down);
    await next;
    expect(done).toEqual(['another', 'next']);
  });

  test.each([null, Object.assign(new Error('no such file'), { code: 'ENOENT' })])(
    'a session that has ended is not written (the store says %s)',
    async (missing) => {
      const { request, sessionStore } = sessions({});
      sessionStore.get = (_id, callback) => {
        callback(missing);
      };
      const req = request({ 'the-key': 'old' });
      let written = false;
      await store().update(req, () => Promise.resolve(void (written = true)));
      expect([written, req.session['the-key']]).toEqual([false, 'old']);
    },
  );

  test('refresh reads what others saved; if the session has ended, it holds no transaction and no user', async () => {
    const { request, saved } = sessions({ 'the-id': { 'the-key': 'theirs' } });
    const req = request({ 'the-key': 'old', cart: ['a'], passport: { user: 'ada' } });
    await store().refresh(req);
    expect(req.session).toMatchObject({ 'the-key': 'theirs', cart: ['a'], passport: { user: 'ada' } });
    saved['the-id'] = undefined;
    await store().refresh(req);
    expect(req.session).toMatchObject({ 'the-key': undefined, cart: ['a'], passport: undefined });
  });

  test.each(['update', 'refresh'] as const)('%s fails with the error of the session store', async (method) => {
    const { request, sessionStore } = sessions({});
    const down = new Error('the store is down');
    sessionStore.get = (_id, callback) => {
      callback(down);
    };
    expect(await errorFrom(() => store()[method](request(), () => Promise.resolve()))).toBe(down);
  });
});

describe('a session that no other request can write, or whose store cannot be read', () => {
  test.each<[string, (app: ReturnType<typeof sessions>) => object]>([
    ['that the browser has not received yet', ({ request }) => request({}, { id: 'a-new-one' })],
    ['of a request without cookies', ({ request }) => ({ ...request(), headers: {} })],
    ['without an id, as koa-session', ({ request }) => request({}, {})],
    ['whose id is not a string', ({ request }) => ({ ...request({}, { id: 1 }), headers: { cookie: 'sid=1' } })],
    ['without a store', ({ request }) => ({ ...request(), sessionStore: undefined })],
    ['whose store has no get', ({ request }) => ({ ...request(), sessionStore: {} })],
  ])('a session %s is written without reading the store', async (_what, requestOf) => {
    const app = sessions({ 'the-id': { 'the-key': 'theirs' } });
    const req = requestOf(app) as ReturnType<typeof app.request>;
    let written = 0;
    await store().update(req, () => Promise.resolve(void (written += 1)));
    await store().refresh(req);
    expect([written, app.asked, req.session['the-key']]).toEqual([1, [], undefined]);
  });

  test.each([[undefined], [null]])('the session %s is not looked up in the store', async (session) => {
    const req = { headers: {}, session };
    await store().refresh(req);
    await store().update(req, settled);
  });
});

test('the id of a session is found in a cookie in which it is percent-encoded', async () => {
  const { request, asked } = sessions({}, 'sid=s%3Auser%2F1.signature');
  await store().refresh(request({}, { id: 'user/1' }));
  expect(asked).toEqual(['user/1']);
});

test('calls with one key run one after the other, even if one comes when the first has ended', async () => {
  const inTurn = createTurns();
  const seen: string[] = [];
  const run = (name: string) => {
    const end = deferred();
    const ended = inTurn('the-key', async () => {
      seen.push(`${name} begins`);
      await end.promise;
      seen.push(`${name} ends`);
    });
    return () => {
      end.resolve();
      return ended.then(settled);
    };
  };

  const endFirst = run('first');
  const endSecond = run('second');
  await settled();
  await endFirst();
  const endThird = run('third');
  await settled();
  await endSecond();
  await endThird();
  expect(seen).toEqual(['first', 'second', 'third'].flatMap((name) => [`${name} begins`, `${name} ends`]));
});

test('a call that has ended leaves nothing in memory', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInContext('gc', createContext()) as () => void;
  const inTurn = createTurns();
  const left: WeakRef<object>[] = [];
  for (let key = 0; key < 100; key += 1) {
    left.push(new WeakRef(await inTurn(`key ${key}`, () => Promise.resolve({}))));
  }
  await settled();
  collect();
  // The newest may still be on the stack of the machine.
  expect(left.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(3);
  expect(await inTurn('key 0', () => Promise.resolve('again'))).toBe('again');
});
