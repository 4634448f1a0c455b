import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { RequestLike } from '../../lib/request.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { type Action, authenticate, post } from '../unit/harness.js';
import { answer, NONCE, PASSPORTS, request, routeOptions, STATE } from './arbitraries.js';
import { type Answer, bodyOf, CLIENT, fakeAuth0, goodSubject, idToken } from './fake-auth0.js';
import { expectNamedInTheDesign } from './wire.js';

const KEY = `auth0-passwordless:${CLIENT.domain}`;
const ADDRESS = { email: 'ada@example.com' };

/** A strategy whose every answer of Auth0's is the one in `says`. */
function setUp(options: Partial<StrategyOptions> = {}) {
  const says: { next: Answer; nonce: string } = { next: {}, nonce: '' };
  const auth0 = fakeAuth0(() => withNonce(says.next, says.nonce));
  const fixed = {
    callbackURL: 'https://app.example.com/callback',
    idTokenSigningAlg: 'HS256',
    resendCooldown: 0,
  } as const;
  const strategy = new PasswordlessStrategy(
    { ...CLIENT, ...fixed, dispatcher: auth0, ...options, passReqToCallback: false },
    (_tokens, profile) => Promise.resolve({ id: profile.id }),
  );
  return { strategy, auth0, says };
}

/** The answer with the nonce that the start sent, in a token that is signed anew. */
function withNonce(said: Answer, nonce: string): Answer {
  const { body } = said;
  return body === undefined ? said : { ...said, body: body.replaceAll(idToken({ nonce: NONCE }), idToken({ nonce })) };
}

/** Sessions as they may be found: none, odd ones, and those with a login at each stage. */
const session = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('code', 'link', 'mfa', 'code and link') },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, 'text', 0, true) },
  { weight: 1, arbitrary: fc.anything().map((value) => ({ [KEY]: value })) },
);

/** Has the logins begun that `kind` names, and tells the state and nonce of a link. */
async function begin({ strategy, auth0, says }: ReturnType<typeof setUp>, kind: unknown) {
  if (typeof kind !== 'string' || kind === 'text') return { session: kind, state: 'x', nonce: 'x' };
  const session = {};
  const act = async (req: RequestLike, options: AuthenticateOptions, next: Answer = {}) => {
    says.next = next;
    return authenticate(strategy, req, options);
  };
  if (kind !== 'link') await act(post(ADDRESS, session), { action: 'start' });
  if (kind.endsWith('link')) await act(post(ADDRESS, session), { action: 'start', send: 'link' });
  if (kind === 'mfa') {
    // A session on the server, which may hold a second factor.
    Object.defineProperty(session, 'save', {
      value: (done: () => void) => {
        done();
      },
    });
    const body = JSON.stringify({ error: 'mfa_required', mfa_token: 'the-mfa-token' });
    const [action] = await act(post({ otp: '123456' }, session), {}, { status: 403, body });
    expect(action?.[1]).toMatchObject({ code: 'mfa_required' });
  }
  const started = auth0.sent.findLast(({ path }) => path === '/passwordless/start');
  const { state = 'x', nonce = 'x' } =
    (started && (bodyOf(started).authParams as Record<string, string> | undefined)) ?? {};
  return { session, state, nonce };
}

/** Whether this, and no more, is what Passport was told. */
function expectOneAction(actions: Action[]): void {
  expect(actions).toHaveLength(1);
  const [[name, ...args] = []] = actions;
  if (name === 'fail') {
    expect(args).toHaveLength(2);
    expect(args[0]).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string });
    expect(args[1]).toBeGreaterThanOrEqual(400);
  }
  if (name === 'error') expect(args[0]).toBeTruthy();
  if (name === 'redirect') expect(['/code', '/mfa']).toContain(args[0]);
}

const CODE = { method: 'POST', headers: {}, body: { otp: '123456' }, query: {}, ip: undefined };
const GOOD = { access_token: 'access', token_type: 'Bearer', expires_in: 60 };
const gives = (id_token: string): Answer => ({ body: JSON.stringify({ ...GOOD, id_token }) });

/** Every action once, whatever chance brings. */
const LOGINS: [RequestLike, string, AuthenticateOptions, Answer, boolean][] = [
  [CODE, 'code', { action: 'verify' }, gives(idToken()), false],
  [CODE, 'mfa', { action: 'verify' }, gives(idToken()), false],
  [{ ...CODE, method: 'GET', query: { state: STATE, code: 'c' } }, 'link', {}, gives(idToken({ nonce: NONCE })), false],
  [{ ...CODE, body: ADDRESS }, 'code', { action: 'start' }, {}, false],
  [{ ...CODE, body: ADDRESS }, 'code', { action: 'start', pendingRedirect: '/code' }, {}, false],
  [CODE, 'code', {}, { refused: new Error('down') }, false],
  [CODE, 'code', {}, { status: 403, body: '{"error":"invalid_grant"}' }, false],
];

/** A few seconds for the first of them; one that never answers fails with its seed, not with the test's time. */
const often = (numRuns: number) => ({ numRuns, timeout: 10_000 });

test('whatever comes in and whatever Auth0 says, one action is taken, and nobody gets in without a good ID token', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      request,
      session,
      routeOptions,
      answer,
      fc.boolean(),
      async (req, kind, options, next, fetchUserInfo) => {
        const app = setUp({ fetchUserInfo });
        const { session, state, nonce } = await begin(app, kind);
        const begun = app.auth0.sent.length;
        Object.assign(app.says, { next, nonce });
        const query =
          typeof req.query === 'object' && req.query !== null && 'state' in req.query && req.query.state === STATE
            ? { ...req.query, state }
            : req.query;

        const actions = await authenticate(app.strategy, { ...req, query, session }, options);

        expectOneAction(actions);
        for (const sent of app.auth0.sent) expectNamedInTheDesign(sent);
        expect(JSON.stringify(app.auth0.sent)).not.toContain(PASSPORTS);
        const [[name, user] = ['none']] = actions;
        seen.add(name);
        const asked = app.auth0.sent.findIndex(({ path }, at) => at >= begun && path === '/oauth/token');
        if (name === 'success') {
          const subject = goodSubject(app.auth0.answers[asked], req.method === 'GET' ? nonce : undefined);
          expect(subject).toBeTruthy();
          expect(user).toEqual({ id: subject });
        }
        // Only a start or a resend may let a request through that has no user.
        if (name === 'pass') expect(['start', 'resend']).toContain(options.action);
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
    { ...often(3000), examples: LOGINS },
  );
  // The property would hold of a strategy that always fails, too.
  expect([...seen].sort()).toEqual(['error', 'fail', 'pass', 'redirect', 'success']);
});
