import { describe, expect, test } from 'vitest';
import { SessionStore } from '../../lib/transaction/session-store.js';
import { errorFrom, settled } from '../support/errors.js';

type Saved = Record<string, unknown>;
type Answer = (error: unknown, saved?: Saved | null) => void;

/** A store of sessions as express-session and @fastify/session put it on a request, and requests of one browser. */
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

describe('a session that other requests may have', () => {
  test.each([[{ id: 'the-id' }], [{ sessionId: 'the-id' }]])('is written on what they saved (%j)', async (id) => {
    const { request, saved } = sessions({ 'the-id': { 'the-key': 'theirs' } });
    const req = request({ 'the-key': 'old' }, id);
    const sessionStore = store();
    await sessionStore.update(req, () => sessionStore.save(req, `${sessionStore.load(req)}, mine`));
    expect(saved['the-id']).toEqual({ 'the-key': 'theirs, mine' });
  });

  test('keeps what the app changed in this request', async () => {
    const { request, saved } = sessions({ 'the-id': { cart: [], 'the-key': 'theirs' } });
    const req = request({ cart: ['a'] });
    const sessionStore = store();
    await sessionStore.update(req, () => sessionStore.clear(req));
    expect(saved['the-id']).toEqual({ cart: ['a'], 'the-key': undefined });
  });

  test('keeps what another strategy saved meanwhile, whose logins are in it, too', async () => {
    const { request, saved } = sessions({ 'the-id': {} });
    const [one, other] = [new SessionStore('one'), new SessionStore('other')];
    const req = request();
    await other.update(request(), () => Promise.resolve(other.save(request(), 'theirs')));
    await one.update(req, () => one.save(req, 'mine'));
    expect(saved['the-id']).toEqual({ one: 'mine', other: 'theirs' });
  });

  test('gets no member for a strategy that has none in it', async () => {
    const { request, saved } = sessions({ 'the-id': {} });
    const [one] = [new SessionStore('one'), new SessionStore('of-nothing')];
    const req = request();
    await one.update(req, () => one.save(req, 'mine'));
    expect(Object.keys(saved['the-id'] ?? {})).toEqual(['one']);
  });

  test('is written by one strategy after the other', async () => {
    const { request, saved } = sessions({ 'the-id': {} });
    const write = (name: string) => {
      const [req, sessionStore] = [request(), new SessionStore(name)];
      return sessionStore.update(req, () => sessionStore.save(req, name));
    };
    await Promise.all([write('one'), write('other')]);
    expect(saved['the-id']).toEqual({ one: 'one', other: 'other' });
  });

  test('is written by one request after the other', async () => {
    const { request, saved } = sessions({ 'the-id': { 'the-key': '' } });
    const sessionStore = store();
    const add = (name: string) => {
      const req = request({ 'the-key': '' });
      return sessionStore.update(req, () => sessionStore.save(req, `${sessionStore.load(req)}${name}`));
    };
    await Promise.all(['a', 'b', 'c'].map(add));
    expect(saved['the-id']).toEqual({ 'the-key': 'abc' });
  });

  test('waits for no other session, and not for one that failed', async () => {
    const { request } = sessions({ 'the-id': {}, another: {} }, 'sid=the-id; old=another');
    const sessionStore = store();
    const down = new Error('the store is down');
    let fail: (error: Error) => void = () => {};
    const failing = errorFrom(() => sessionStore.update(request(), () => new Promise((_, reject) => (fail = reject))));
    const done: string[] = [];
    const note = (name: string) => () => Promise.resolve(void done.push(name));
    const next = sessionStore.update(request(), note('next'));
    await sessionStore.update(request({}, { id: 'another' }), note('another'));
    expect(done).toEqual(['another']);
    fail(down);
    expect(await failing).toBe(down);
    await next;
    expect(done).toEqual(['another', 'next']);
  });

  test('is not written when it has ended, and stays as it is', async () => {
    const { request } = sessions({});
    const req = request({ 'the-key': 'old' });
    let written = false;
    await store().update(req, () => Promise.resolve(void (written = true)));
    expect([written, req.session['the-key']]).toEqual([false, 'old']);
  });

  test('is brought up to date by refresh; when it has ended, nothing is pending there, and nobody signed in', async () => {
    const { request, saved } = sessions({ 'the-id': { 'the-key': 'theirs' } });
    const req = request({ 'the-key': 'old', cart: ['a'], passport: { user: 'ada' } });
    await store().refresh(req);
    expect(req.session).toMatchObject({ 'the-key': 'theirs', cart: ['a'], passport: { user: 'ada' } });
    saved['the-id'] = undefined;
    await store().refresh(req);
    expect(req.session).toMatchObject({ 'the-key': undefined, cart: ['a'], passport: undefined });
  });

  test('that a store of files has no more has ended', async () => {
    const { request, sessionStore } = sessions({});
    sessionStore.get = (_id, callback) => {
      callback(Object.assign(new Error('no such file'), { code: 'ENOENT' }));
    };
    let written = false;
    await store().update(request(), () => Promise.resolve(void (written = true)));
    expect(written).toBe(false);
  });

  test.each(['update', 'refresh'] as const)('whose store fails makes %s fail, with the same error', async (method) => {
    const { request, sessionStore } = sessions({});
    const down = new Error('the store is down');
    sessionStore.get = (_id, callback) => {
      callback(down);
    };
    expect(await errorFrom(() => store()[method](request(), () => Promise.resolve()))).toBe(down);
  });
});

describe('a session of this request alone, or of a host that cannot be asked', () => {
  test.each<[string, (app: ReturnType<typeof sessions>) => object]>([
    ['that the browser was never given', ({ request }) => request({}, { id: 'a-new-one' })],
    ['of a request without cookies', ({ request }) => ({ ...request(), headers: {} })],
    ['without an id, as koa-session', ({ request }) => request({}, {})],
    ['whose id is no string', ({ request }) => ({ ...request({}, { id: 1 }), headers: { cookie: 'sid=1' } })],
    ['without a store', ({ request }) => ({ ...request(), sessionStore: undefined })],
    ['whose store has no get', ({ request }) => ({ ...request(), sessionStore: {} })],
  ])('is written without a question (%s)', async (_what, requestOf) => {
    const app = sessions({ 'the-id': { 'the-key': 'theirs' } });
    const req = requestOf(app) as ReturnType<typeof app.request>;
    let written = 0;
    await store().update(req, () => Promise.resolve(void (written += 1)));
    await store().refresh(req);
    expect([written, app.asked, req.session['the-key']]).toEqual([1, [], undefined]);
  });

  test.each([[undefined], [null]])('that is missing is not asked for (%s)', async (session) => {
    const req = { headers: {}, session };
    await store().refresh(req);
    await store().update(req, settled);
  });
});

test('an id is found in a cookie however it is encoded there', async () => {
  const { request, asked } = sessions({}, 'sid=s%3Auser%2F1.signature');
  await store().refresh(request({}, { id: 'user/1' }));
  expect(asked).toEqual(['user/1']);
});
