import fc from 'fast-check';
import { expect } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { Profile } from '../../lib/profile.js';
import type { RequestLike } from '../../lib/request.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { bodyOf, CLIENT, hostileAuth0, idToken, type Response } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, post, serverSession } from '../support/strategy.js';
import { NONCE, request, response, routeOptions, STATE } from './arbitraries.js';

const KEY = `auth0-passwordless:${CLIENT.domain}`;

/** A strategy, and an Auth0 whose every response is the one in `says`. */
export function setUp(
  options: Partial<StrategyOptions> = {},
  verify: (profile: Profile) => unknown = ({ id }) => ({ id }),
) {
  const says: { next: Response; nonce: string } = { next: {}, nonce: '' };
  const auth0 = hostileAuth0(() => withNonce(says.next, says.nonce));
  const callbackURL = 'https://app.example.com/callback';
  const fixed = { ...CLIENT, callbackURL, idTokenSigningAlg: 'HS256', resendCooldown: 0, dispatcher: auth0 } as const;
  const strategy = new PasswordlessStrategy({ ...fixed, ...options, passReqToCallback: false }, (_tokens, profile) =>
    Promise.resolve(verify(profile)),
  );
  return { strategy, auth0, says };
}

/** The response with the nonce that the start sent, in a token that is signed anew. */
function withNonce(said: Response, nonce: string): Response {
  const { body } = said;
  if (typeof body !== 'string') return said;
  return { ...said, body: body.replaceAll(idToken({ nonce: NONCE }), idToken({ nonce })) };
}

/** One request in a session with any transaction or none, on any route, and Auth0's response to it. */
export type Login = [RequestLike, pending: unknown, AuthenticateOptions, Response];

export const login: fc.Arbitrary<Login> = fc.tuple(
  request,
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('code', 'link', 'mfa', 'code and link') },
    { weight: 1, arbitrary: fc.constantFrom(undefined, null, 'text', 0, true) },
    { weight: 1, arbitrary: fc.anything().map((value) => ({ [KEY]: value })) },
  ),
  routeOptions,
  response,
);

/** Calls `onBegun` between the requests that begin the transactions and the one in question. */
export async function run(
  app: ReturnType<typeof setUp>,
  [req, pending, options, next]: Login,
  onBegun: () => void = () => undefined,
) {
  const { session, state, nonce } = await begin(app, pending);
  const begun = app.auth0.sent.length;
  onBegun();
  Object.assign(app.says, { next, nonce });
  const given = req.query as { state?: unknown } | undefined;
  const query = given?.state === STATE ? { ...given, state } : req.query;
  const actions = await authenticate(app.strategy, { ...req, query, session }, options);
  return { actions, nonce, begun };
}

/** Begins the transactions that `pending` names, and returns the state and nonce of a link. */
async function begin({ strategy, auth0, says }: ReturnType<typeof setUp>, pending: unknown) {
  if (typeof pending !== 'string' || pending === 'text') return { session: pending, state: 'x', nonce: 'x' };
  const session = pending === 'mfa' ? serverSession() : {};
  says.next = {};
  if (pending !== 'link') await authenticate(strategy, post(ADDRESS, session), { action: 'start' });
  if (pending.endsWith('link')) {
    await authenticate(strategy, post(ADDRESS, session), { action: 'start', send: 'link' });
  }
  if (pending === 'mfa') {
    says.next = { status: 403, body: { error: 'mfa_required', mfa_token: 'the-mfa-token' } };
    const [action] = await authenticate(strategy, post(CODE, session));
    expect(action?.[1]).toMatchObject({ code: 'mfa_required' });
  }
  const started = auth0.sent.findLast(({ path }) => path === '/passwordless/start');
  const { state = 'x', nonce = 'x' } = ((started && bodyOf(started).authParams) ?? {}) as Record<string, string>;
  return { session, state, nonce };
}
