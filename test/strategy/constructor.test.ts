import { inspect } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { RequestLike } from '../../lib/request.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import type { VerifyFunction } from '../../lib/verify.js';
import { hostileAuth0, tokens, CLIENT } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, pendingSession, post, start } from '../support/strategy.js';
import { settled, shown } from '../support/errors.js';

/** Starts and verifies with one strategy. */
async function login(options: Partial<StrategyOptions> = {}, verify?: VerifyFunction, onAction?: () => void) {
  const strategy = createStrategy(options, verify);
  return authenticate(strategy, post(CODE, await pendingSession(strategy)), {}, onAction);
}

describe('the five actions', () => {
  test('success receives the user and the facts of the login', async () => {
    const info = { connection: 'email', method: 'code' };
    expect(await login()).toEqual([['success', { id: 'email|ada' }, info]]);
  });

  test('fail receives info and status', async () => {
    const [action, ...more] = await authenticate(createStrategy(), post({}, {}), start);
    expect(action).toEqual(['fail', { code: 'identifier_missing', message: expect.any(String) as string }, 400]);
    expect(more).toEqual([]);
  });

  test('redirect is a 303', async () => {
    const options = { ...start, pendingRedirect: '/login/code' };
    expect(await authenticate(createStrategy(), post(ADDRESS), options)).toEqual([['redirect', '/login/code', 303]]);
  });

  test('pass lets a start through once something was sent', async () => {
    const dispatcher = hostileAuth0();
    expect(await authenticate(createStrategy({ dispatcher }), post(ADDRESS), start)).toEqual([['pass']]);
    expect(dispatcher.paths()).toEqual(['/passwordless/start']);
  });

  test('error receives what a user cannot fix', async () => {
    const dispatcher = hostileAuth0({ '/passwordless/start': () => ({ refused: new Error('down') }) });
    const [[name, error] = [], ...more] = await authenticate(createStrategy({ dispatcher }), post(ADDRESS), start);
    expect(name).toBe('error');
    expect(error).toMatchObject({ code: 'transport_error', cause: { name: 'Error' } });
    expect(more).toEqual([]);
  });
});

const boom = new Error('boom');
const throws = () => {
  throw boom;
};
const rejects = () => Promise.reject(boom);
const getter = (name: string) => Object.defineProperty(post(ADDRESS), name, { get: throws });
const store = { load: () => null, save: () => undefined, clear: () => undefined };
const saveThrows = { save: throws };

describe('one action is taken, error, if this throws:', () => {
  test.each<[string, RequestLike, AuthenticateOptions?, Partial<StrategyOptions>?]>([
    ['the method of the request', getter('method')],
    ['the headers of the request', getter('headers')],
    ['the body of the request', getter('body')],
    ['the session of the request', getter('session')],
    ['save of the session', post(ADDRESS, saveThrows)],
    ['appState', post(ADDRESS), { appState: throws }],
    ['audience', post(ADDRESS), { audience: throws }],
    ['send', post(ADDRESS), { send: throws }],
    ['organization', post(ADDRESS), { organization: throws }],
    ['callbackURL', post(ADDRESS), { send: 'link', callbackURL: throws }],
    ['language', post(ADDRESS), { language: throws }],
    ["the strategy's language", post(ADDRESS), {}, { language: throws }],
    ['forwardedFor', post(ADDRESS), {}, { forwardedFor: throws }],
    ['load of a store', post(ADDRESS), {}, { store: { ...store, load: throws } }],
    ['save of a store', post(ADDRESS), {}, { store: { ...store, save: throws } }],
    ['load of a store, later', post(ADDRESS), {}, { store: { ...store, load: rejects } }],
    ['save of a store, later', post(ADDRESS), {}, { store: { ...store, save: rejects } }],
  ])('%s', async (_what, req, options, settings) => {
    expect(await authenticate(createStrategy(settings), req, { ...start, ...options })).toEqual([['error', boom]]);
  });

  test.each<[string, VerifyFunction]>([
    ['verify', throws],
    ['verify, later', rejects],
    [
      'verify, by done',
      (_tokens, _profile, done) => {
        done(boom);
      },
    ],
  ])('%s', async (_what, verify) => {
    expect(await login({}, verify)).toEqual([['error', boom]]);
  });

  test('the info of verify', async () => {
    const info = Object.defineProperty({}, 'reason', { get: throws, enumerable: true });
    expect(await login({}, () => Promise.resolve([{ id: 1 }, info]))).toEqual([['error', boom]]);
  });

  test.each(['success', 'fail', 'redirect', 'pass'])(
    '%s itself, after which nothing is left but error',
    async (name) => {
      const act = {
        success: () => login({}, undefined, broken),
        fail: () => authenticate(createStrategy(), post(), start, broken),
        redirect: () => authenticate(createStrategy(), post(ADDRESS), { ...start, pendingRedirect: '/x' }, broken),
        pass: () => authenticate(createStrategy(), post(ADDRESS), start, broken),
      }[name];
      function broken(taken = name) {
        if (taken === name) throw boom;
      }
      const [first, second, ...more] = (await act?.()) ?? [];
      expect([first?.[0], second, more]).toEqual([name, ['error', boom], []]);
    },
  );

  test.each([[undefined], [null], [false], [0], ['']])(
    '%j, which would look to a router like no error',
    async (reason) => {
      const [[name, error] = [], ...more] = await login({}, () => Promise.reject(reason));
      expect(name).toBe('error');
      expect(error).toEqual(new Error('The login failed for no given reason.'));
      expect(more).toEqual([]);
    },
  );

  test('a thrown value that is not an Error is passed on unchanged', async () => {
    expect(await login({}, () => Promise.reject('text'))).toEqual([['error', 'text']]);
  });
});

describe('one instance', () => {
  test('keeps the actions of concurrent requests apart, even if Passport puts them on the instance itself', async () => {
    const held: (() => void)[] = [];
    const hold = () =>
      new Promise<object>((resolve) =>
        held.push(() => {
          resolve({});
        }),
      );
    const strategy = createStrategy({ dispatcher: hostileAuth0({ '/passwordless/start': hold }) });
    const passed: string[] = [];
    for (const name of ['first', 'second']) {
      Object.assign(strategy, { pass: () => passed.push(name), error: () => passed.push(`${name} failed`) });
      strategy.authenticate(post(ADDRESS), start);
    }
    while (held.length < 2) await settled();
    held[1]?.();
    while (passed.length < 1) await settled();
    held[0]?.();
    while (passed.length < 2) await settled();
    expect(passed).toEqual(['second', 'first']);
  });

  test('gives each of 40 concurrent logins its own user', async () => {
    let sent = 0;
    const dispatcher = hostileAuth0({ '/oauth/token': () => ({ body: tokens({ sub: `user ${(sent += 1)}` }) }) });
    const strategy = createStrategy({ dispatcher });
    const users = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const [[name, user] = []] = await authenticate(strategy, post(CODE, await pendingSession(strategy)));
        return name === 'success' ? (user as { id: string }).id : name;
      }),
    );
    expect(new Set(users).size).toBe(40);
    expect(users.every((user) => user?.startsWith('user '))).toBe(true);
  });

  test('returns nothing from authenticate, and takes no action before that', () => {
    const strategy = createStrategy();
    const actions: string[] = [];
    Object.assign(strategy, { fail: () => actions.push('fail'), error: () => actions.push('error') });
    const run: (req: RequestLike) => unknown = strategy.authenticate.bind(strategy);
    expect(run({ headers: {}, method: 'PUT' })).toBeUndefined();
    expect(actions).toEqual([]);
  });

  test('works as the prototype of a prototype, and finds its transaction there', async () => {
    const strategy = Object.create(Object.create(createStrategy()) as object) as PasswordlessStrategy;
    const session = await pendingSession(strategy);
    expect(await strategy.pending({ headers: {}, session })).toMatchObject({ stage: 'code', to: 'a•••@example.com' });
    expect(strategy).toBeInstanceOf(PasswordlessStrategy);
    expect(strategy.name).toBe('auth0-passwordless');
  });

  test('has the name of the option name', () => {
    expect(createStrategy({ name: 'second' }).name).toBe('second');
  });

  test.each([[undefined], [null], [{}], ['verify']])('rejects %j as the verify function', (verify) => {
    const options = { domain: 'acme.eu.auth0.com', clientID: 'c', clientSecret: CLIENT.clientSecret };
    expect(() => new PasswordlessStrategy(options, verify as unknown as VerifyFunction)).toThrow(
      new TypeError('PasswordlessStrategy: verify is required: a function that turns tokens and profile into a user.'),
    );
  });
});

describe('no log of the strategy shows', () => {
  const transactionSecret = 'a transaction secret of 32 bytes or more';

  test('a secret', () => {
    for (const idTokenSigningAlg of ['RS256', 'HS256'] as const) {
      const strategy = createStrategy({
        idTokenSigningAlg,
        transactionSecret: [transactionSecret],
        dispatcher: undefined,
      });
      onTestFinished(() => strategy.auth0.close());
      for (const value of [strategy, strategy.auth0, Object.create(strategy) as object]) {
        expect(shown(value)).not.toMatch(/client secret|transaction secret/);
        expect(inspect(value, { showHidden: true, depth: Infinity, getters: true })).not.toMatch(/secret of 32/);
      }
    }
  });

  test('a code, a token or an address of a login in progress', async () => {
    let text = '';
    const strategy: PasswordlessStrategy = createStrategy({}, async () => {
      await settled();
      text = shown(strategy) + inspect(strategy, { showHidden: true, depth: Infinity, getters: true });
      return { id: 1 };
    });
    await authenticate(strategy, post(CODE, await pendingSession(strategy)));
    expect(text).toContain('auth0-passwordless');
    expect(text).not.toMatch(/123456|the-access-token|eyJ|ada@/);
  });

  test("the headers or the result of a request, with store: 'client'", async () => {
    const strategy = createStrategy({ store: 'client' });
    const headers = {
      'content-type': 'application/json',
      cookie: 'sid=the-cookie',
      authorization: 'Bearer the-bearer',
    };
    const req = post(ADDRESS, {}, headers);
    expect(await authenticate(strategy, req, start)).toEqual([['pass']]);
    expect(shown(strategy)).not.toMatch(/the-cookie|the-bearer|eyJ|ada@/);
    expect(await strategy.pending(req)).toHaveProperty('transaction');
  });
});
