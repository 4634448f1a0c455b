import fc from 'fast-check';
import { expect } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { RequestLike } from '../../lib/request.js';
import type { Profile } from '../../lib/profile.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { ADDRESS, authenticate, post } from '../support/strategy.js';
import { NONCE } from './arbitraries.js';
import { type Response, bodyOf, CLIENT, hostileAuth0, idToken } from '../support/hostile-auth0.js';

const KEY = `auth0-passwordless:${CLIENT.domain}`;

/** A strategy whose every answer of Auth0's is the one in `says`. */
export function setUp(
  options: Partial<StrategyOptions> = {},
  verify: (profile: Profile) => unknown = ({ id }) => ({ id }),
) {
  const says: { next: Response; nonce: string } = { next: {}, nonce: '' };
  const auth0 = hostileAuth0(() => withNonce(says.next, says.nonce));
  const fixed = {
    callbackURL: 'https://app.example.com/callback',
    idTokenSigningAlg: 'HS256',
    resendCooldown: 0,
  } as const;
  const strategy = new PasswordlessStrategy(
    { ...CLIENT, ...fixed, dispatcher: auth0, ...options, passReqToCallback: false },
    (_tokens, profile) => Promise.resolve(verify(profile)),
  );
  return { strategy, auth0, says };
}

/** The answer with the nonce that the start sent, in a token that is signed anew. */
function withNonce(said: Response, nonce: string): Response {
  const { body } = said;
  return typeof body !== 'string'
    ? said
    : { ...said, body: body.replaceAll(idToken({ nonce: NONCE }), idToken({ nonce })) };
}

/** Sessions as they may be found: none, odd ones, and those with a login at each stage. */
export const session = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('code', 'link', 'mfa', 'code and link') },
  { weight: 1, arbitrary: fc.constantFrom(undefined, null, 'text', 0, true) },
  { weight: 1, arbitrary: fc.anything().map((value) => ({ [KEY]: value })) },
);

/** Has the logins begun that `kind` names, and tells the state and nonce of a link. */
export async function begin({ strategy, auth0, says }: ReturnType<typeof setUp>, kind: unknown) {
  if (typeof kind !== 'string' || kind === 'text') return { session: kind, state: 'x', nonce: 'x' };
  const session = {};
  const act = async (req: RequestLike, options: AuthenticateOptions, next: Response = {}) => {
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
