import { describe, expect, test } from 'vitest';
import { isPasswordlessError } from '../../lib/errors.js';
import { hostileAuth0 } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, pendingSession, post, start } from '../support/strategy.js';

describe('the action', () => {
  test.each([['login'], ['Start'], [''], ['toString'], ['__proto__']])(
    '%j is a configuration_error',
    async (action) => {
      const [[name, error] = [], ...more] = await authenticate(createStrategy(), post(ADDRESS), {
        action: action as 'start',
      });
      expect(name).toBe('error');
      expect(isPasswordlessError(error) && error).toMatchObject({ code: 'configuration_error', status: 500 });
      expect(more).toEqual([]);
    },
  );

  test('is verify by default, so that no route lets anybody through by mistake', async () => {
    expect(await authenticate(createStrategy(), post(ADDRESS))).toMatchObject([
      ['fail', { code: 'transaction_missing' }, 403],
    ]);
  });

  test.each([
    ...['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'post', undefined].map((method) => ['verify', method] as const),
    ...['GET', 'HEAD', 'PUT', 'DELETE', undefined].map((method) => ['start', method] as const),
    ...['GET', 'HEAD', 'PUT', 'DELETE', undefined].map((method) => ['resend', method] as const),
  ])('%s refuses the method %s without a call to Auth0', async (action, method) => {
    const dispatcher = hostileAuth0();
    const req = { ...post({ ...ADDRESS, ...CODE }), method, query: { state: 's', code: 'c' } };
    expect(await authenticate(createStrategy({ dispatcher }), req, { action })).toMatchObject([
      ['fail', { code: 'method_not_allowed' }, 405],
    ]);
    expect(dispatcher.paths()).toEqual([]);
  });
});

describe('a request that another site sends', () => {
  const crossSite = { 'sec-fetch-site': 'cross-site' };

  test.each(['start', 'resend', 'verify'] as const)('is refused by %s', async (action) => {
    const dispatcher = hostileAuth0();
    const strategy = createStrategy({ dispatcher });
    const session = await pendingSession(strategy);
    const before = JSON.stringify(session);
    expect(await authenticate(strategy, post({ ...ADDRESS, ...CODE }, session, crossSite), { action })).toMatchObject([
      ['fail', { code: 'cross_site_request' }, 403],
    ]);
    expect(dispatcher.paths()).toEqual(['/passwordless/start']);
    expect(JSON.stringify(session)).toBe(before);
  });

  test("is accepted on a link's callback", async () => {
    const req = { method: 'GET', headers: crossSite, query: { state: 's', code: 'c' }, session: {} };
    expect(await authenticate(createStrategy(), req)).toMatchObject([['fail', { code: 'link_opened_elsewhere' }, 403]]);
  });

  test.each(['same-origin', 'same-site', 'none'])('is accepted if Sec-Fetch-Site is %s', async (site) => {
    const req = post(ADDRESS, {}, { 'sec-fetch-site': site });
    expect(await authenticate(createStrategy(), req, start)).toEqual([['pass']]);
  });

  test('is accepted with allowCrossSite', async () => {
    const strategy = createStrategy({ allowCrossSite: true });
    expect(await authenticate(strategy, post(ADDRESS, {}, crossSite), start)).toEqual([['pass']]);
  });
});

test("store 'client' refuses a form, and names JSON as the remedy", async () => {
  const strategy = createStrategy({ store: 'client' });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const [action] = await authenticate(strategy, post(ADDRESS, undefined, form), start);
  expect(action).toMatchObject(['fail', { code: 'cross_site_request' }, 403]);
  expect(action?.[1]).toHaveProperty('message', expect.stringContaining('application/json'));
});

describe('before Passport puts a message into the session', () => {
  const key = 'auth0-passwordless:acme.eu.auth0.com';

  /** A session as express-session keeps it, which another request has changed since this one began. */
  async function failing(options: object) {
    const asked: string[] = [];
    const sessionStore = {
      get(id: string, callback: (error: null, saved: object) => void) {
        asked.push(id);
        callback(null, { [key]: 'what the other request saved' });
      },
    };
    const req = { ...post({}, { id: 'the-id' }, { cookie: 'sid=the-id' }), sessionStore };
    const strategy = createStrategy();
    await authenticate(strategy, req, options);
    return { asked, kept: (req.session as Record<string, unknown>)[key] };
  }

  test.each([{ failureMessage: true }, { failureFlash: true }])(
    'the session is read once more: %j',
    async (options) => {
      expect(await failing(options)).toEqual({ asked: ['the-id'], kept: 'what the other request saved' });
    },
  );

  test('and a failure without a message does not read the session again', async () => {
    expect(await failing({})).toEqual({ asked: [], kept: undefined });
  });
});

test('failureMessage keeps the newest ten messages in the session', async () => {
  const old = Array.from({ length: 40 }, (_, number) => `message ${number}`);
  const session: { messages: unknown } = { messages: old };
  await authenticate(createStrategy(), post({}, session), { failureMessage: true });
  // Passport adds this request's own.
  expect(session.messages).toEqual(old.slice(-9));
  session.messages = 'of the app';
  await authenticate(createStrategy(), post({}, session), { failureMessage: true });
  expect(session.messages).toBe('of the app');
});
