import { SignJWT } from 'jose';
import { describe, expect, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import { PasswordlessError } from '../../lib/errors.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { RequestLike } from '../../lib/request.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import type { VerifyFunction } from '../../lib/verify.js';
import { passwordlessErrorFrom, settled, shown } from './support.js';

const ada = 'ada@example.com';
const SECRET = 'a client secret that nobody may see';
const boom = new Error('boom');

type Action = 'success' | 'fail' | 'redirect' | 'pass' | 'error';
type Recorded = [action: Action, ...given: unknown[]];

/** Actions that note what they are called with; `first` resolves at the first call. */
function recorder(throwing: Partial<Record<Action, unknown>> = {}) {
  const recorded: Recorded[] = [];
  const actions: Partial<Record<Action, (...given: unknown[]) => void>> = {};
  const first = new Promise<void>((resolve) => {
    for (const action of ['success', 'fail', 'redirect', 'pass', 'error'] as const) {
      actions[action] = (...given) => {
        recorded.push([action, ...given]);
        resolve();
        if (action in throwing) throw throwing[action];
      };
    }
  });
  return { actions, recorded, first };
}

/** Runs the strategy as Passport does, and tells every action that came of it. */
async function run(
  strategy: PasswordlessStrategy,
  req: RequestLike,
  options?: object,
  throwing?: Partial<Record<Action, unknown>>,
): Promise<Recorded[]> {
  const { actions, recorded, first } = recorder(throwing);
  const running = Object.assign(Object.create(strategy) as PasswordlessStrategy, actions);
  expect(running.authenticate(req, options as AuthenticateOptions)).toBeUndefined();
  await first;
  await settled();
  return recorded;
}

const start = { action: 'start' };
const post = (session: object, body: object = {}, over: object = {}) => ({
  method: 'POST',
  headers: {},
  session,
  body,
  ...over,
});

/** A strategy whose Auth0 sends the code 123456 and issues tokens for whoever asks. */
function setUp(over: Partial<StrategyOptions> = {}, verify: VerifyFunction = (_tokens, { id }) => Promise.resolve(id)) {
  const calls: string[] = [];
  const token = { during: (): void | Promise<void> => {} };

  async function answer(path: string, body: string): Promise<object> {
    if (path !== '/oauth/token') return {};
    await token.during();
    const claims = { sub: new URLSearchParams(body).get('username') };
    const idToken = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setAudience('the-client');
    idToken.setIssuer('https://acme.eu.auth0.com/').setIssuedAt().setExpirationTime('1h');
    const id_token = await idToken.sign(Buffer.from(SECRET));
    return { access_token: 'the-access-token', id_token, token_type: 'Bearer', expires_in: 60 };
  }
  const dispatcher = {
    async request({ path, body }: { path: string; body: string }) {
      calls.push(path);
      return { statusCode: 200, headers: {}, body: [Buffer.from(JSON.stringify(await answer(path, body)))] };
    },
  };
  const strategy = new PasswordlessStrategy(
    {
      domain: 'acme.eu.auth0.com',
      clientID: 'the-client',
      clientSecret: SECRET,
      callbackURL: 'https://app.example.com/callback',
      idTokenSigningAlg: 'HS256',
      resendCooldown: 0,
      dispatcher,
      ...over,
      passReqToCallback: false,
    },
    verify,
  );
  return { strategy, calls, token };
}

/** A browser's session in which a code is pending for `email`. */
async function started(strategy: PasswordlessStrategy, email = ada): Promise<object> {
  const session = {};
  expect(await run(strategy, post(session, { email }), start)).toEqual([['pass']]);
  return session;
}

const success = ['success', ada, { connection: 'email', method: 'code' }];
const failed = (status: number, code: string) => [['fail', expect.objectContaining({ code }), status]];

describe('each request ends in one action', () => {
  test('a start: pass, or a redirect with 303', async () => {
    const { strategy } = setUp();
    expect(await run(strategy, post({}, { email: ada }), start)).toEqual([['pass']]);
    const redirect = { ...start, pendingRedirect: '/code' };
    expect(await run(strategy, post({}, { email: ada }), redirect)).toEqual([['redirect', '/code', 303]]);
  });

  test('a code: success; to verify is what a route does by default', async () => {
    const { strategy } = setUp();
    expect(await run(strategy, post(await started(strategy), { otp: '123456' }))).toEqual([success]);
    expect(await run(strategy, post(await started(strategy), { otp: '123456' }), {})).toEqual([success]);
    expect(await run(strategy, post(await started(strategy), { otp: '123456' }), { action: 'verify' })).toEqual([
      success,
    ]);
  });

  test('a user who is refused: fail', async () => {
    const { strategy } = setUp({}, () => Promise.resolve(false));
    expect(await run(strategy, post(await started(strategy), { otp: '123456' }))).toEqual(failed(401, 'refused'));
  });

  test.each<[string, VerifyFunction]>([
    ['calls done twice', (_tokens, { id }, done) => (done(null, id), done(boom))],
    ['calls done and throws', (_tokens, { id }, done) => (done(null, id), raise(boom))],
    ['calls done and rejects', (_tokens, { id }, done) => (done(null, id), Promise.reject(boom))],
    ['calls done and resolves with nobody', (_tokens, { id }, done) => (done(null, id), Promise.resolve())],
  ])('a verify that %s: success', async (_what, verify) => {
    const { strategy } = setUp({}, verify);
    expect(await run(strategy, post(await started(strategy), { otp: '123456' }))).toEqual([success]);
  });

  test('an action that throws is told to error, and nothing else is called', async () => {
    const { strategy } = setUp();
    const code = post(await started(strategy), { otp: '123456' });
    expect(await run(strategy, code, {}, { success: boom })).toEqual([success, ['error', boom]]);
    expect(await run(strategy, post({}, { email: ada }), start, { pass: boom })).toEqual([['pass'], ['error', boom]]);
    const [fail, ...others] = await run(strategy, post({}), start, { fail: boom });
    expect([fail?.[0], others]).toEqual(['fail', [['error', boom]]]);
  });
});

function raise(error: unknown): never {
  throw error;
}

describe('what is thrown is the one thing that is told', () => {
  /** A strategy and a request with everything in them that is the app's: what is named by `broken` throws. */
  async function trap(how: 'throws' | 'rejects') {
    const state = { broken: '' };
    const trip = (name: string) => (state.broken === name ? raise(boom) : undefined);
    const tripLater = (name: string) => {
      if (state.broken !== name) return undefined;
      return how === 'throws' ? raise(boom) : (Promise.reject(boom) as Promise<undefined>);
    };
    let kept: string | undefined;
    const store = {
      load: () => tripLater('load') ?? kept,
      save: (_req: unknown, value: string) => {
        kept = value;
        return tripLater('save');
      },
      clear: () => {
        kept = undefined;
        return tripLater('clear');
      },
    };
    const option = (name: string) => () => trip(name);
    const { strategy } = setUp(
      { store, language: option('language'), forwardedFor: option('forwardedFor') },
      (_tokens, { id }) => tripLater('verify') ?? Promise.resolve(id),
    );
    const routeOptions = ['audience', 'appState', 'send', 'organization', 'callbackURL', 'language'];
    const options = Object.fromEntries(routeOptions.map((name) => [name, option(`route ${name}`)]));
    await run(strategy, post({}, { email: ada }), start);
    const email = ada;
    return (broken: string, action: string) => {
      state.broken = broken;
      const send = broken === 'route callbackURL' ? { send: 'link' } : {};
      const body = { email, otp: '123456' };
      return run(strategy, post({}, body), { ...options, ...send, action });
    };
  }

  const places: [action: string, broken: string][] = [
    ...['load', 'save', 'language', 'forwardedFor'].map((name): [string, string] => ['start', name]),
    ...['audience', 'appState', 'send', 'organization', 'callbackURL', 'language'].map((name): [string, string] => [
      'start',
      `route ${name}`,
    ]),
    ...['load', 'save', 'language', 'forwardedFor', 'route language'].map((name): [string, string] => ['resend', name]),
    ...['load', 'clear', 'forwardedFor', 'verify'].map((name): [string, string] => ['verify', name]),
  ];
  test.each(places)('on %s, by %s', async (action, broken) => {
    for (const how of ['throws', 'rejects'] as const) {
      const request = await trap(how);
      expect(await request(broken, action), how).toEqual([['error', boom]]);
    }
  });

  test.each(['method', 'headers', 'session', 'body', 'ip'])("by the request's own %s", async (name) => {
    const { strategy } = setUp();
    const req = Object.defineProperty(post({}, { email: ada }), name, { get: () => raise(boom) });
    expect(await run(strategy, req, start)).toEqual([['error', boom]]);
  });

  test('by the query of a callback', async () => {
    const { strategy } = setUp();
    const req = Object.defineProperty({ method: 'GET', headers: {}, session: {} }, 'query', { get: () => raise(boom) });
    expect(await run(strategy, req)).toEqual([['error', boom]]);
  });

  test.each([[undefined], [null], ['request'], [{}], [{ method: 'POST' }]])('by a request of %j', async (req) => {
    const { strategy } = setUp();
    expect(await run(strategy, req as unknown as RequestLike, start)).toEqual([
      [req && typeof req === 'object' && !('method' in req) ? 'fail' : expect.stringMatching(/^(error|fail)$/), ...any(req)],
    ]);
  });

  test.each([['BigInt', 1n], ['a circle', circle()]])('by an appState that is no JSON: %s', async (_what, value) => {
    const { strategy } = setUp();
    const actions = await run(strategy, post({}, { email: ada }), { ...start, appState: () => ({ value }) });
    expect(actions).toEqual([['error', expect.any(TypeError)]]);
  });

  test.each([
    ['throws', () => raise(boom)],
    ['rejects', () => Promise.reject(boom)],
    ['answers nothing', () => Promise.resolve(undefined)],
  ])('by a dispatcher that %s: as a transport_error', async (_what, request) => {
    const { strategy } = setUp({ dispatcher: { request } });
    const [[action, error] = [], ...others] = await run(strategy, post({}, { email: ada }), start);
    expect([action, others]).toEqual(['error', []]);
    expect(error).toMatchObject({ code: 'transport_error', status: 503, cause: expect.any(Error) as Error });
  });

  test.each([[undefined], [null], [false], [0], [''], [NaN]])(
    'and where it is %j, an error, since a falsy one would look like none',
    async (reason) => {
      for (const verify of [() => Promise.reject(reason as Error), () => raise(reason)]) {
        const { strategy } = setUp({}, verify);
        const actions = await run(strategy, post(await started(strategy), { otp: '123456' }));
        expect(actions).toEqual([['error', expect.any(Error)]]);
      }
    },
  );
});
