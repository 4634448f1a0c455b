import { PasswordlessError } from '../errors.js';
import type { AuthInfo, MfaFactor } from '../outcome.js';
import { signedInUser } from '../signed-in.js';
import { epochSeconds } from '../time.js';
import { sessionOf } from '../transaction/session-store.js';
import { isObject } from '../values.js';
import { handler, type MfaHandler } from './handler.js';

const KEY = 'auth0-passwordless:mfa';

interface RecentMfa {
  /** Epoch seconds. */
  at: number;
  factor: MfaFactor;
  /** Whose it was, so that it counts for nobody who signs in later in a session that is kept. */
  user: string;
}

/**
 * A middleware for Express and Koa, to be placed after `passport.authenticate`: keeps in the session when and by what the
 * user gave a second factor, for {@link requireMfa}. A login without one forgets it.
 */
export function recordMfa(): MfaHandler {
  return handler((req) => {
    const session = sessionOf(req);
    const { mfa } = authInfoOf(req) ?? {};
    const user = signedInUser(req);
    if (mfa && user !== undefined) session[KEY] = { at: epochSeconds(), factor: mfa.factor, user } satisfies RecentMfa;
    else if (KEY in session) session[KEY] = undefined;
  });
}

/**
 * A middleware for Express and Koa: lets a request through if the user gave a second factor in this session, at most
 * `maxAge` seconds ago (default: however long ago). Otherwise the framework's error handler gets a `PasswordlessError`
 * `mfa_required` (401): begin a step-up there.
 *
 * @throws {TypeError} for a `maxAge` that is no number of seconds, and for any other option.
 */
export function requireMfa(options: { maxAge?: number | undefined } = {}): MfaHandler {
  // A mistyped name, or a bare number, would guard less than it seems to.
  if (!isObject(options) || Object.keys(options).some((name) => name !== 'maxAge'))
    throw new TypeError('requireMfa: pass { maxAge }, a number of seconds, or nothing.');
  const { maxAge = Infinity } = options;
  if (typeof maxAge !== 'number' || !(maxAge >= 0))
    throw new TypeError('requireMfa: maxAge must be a number of seconds.');
  return handler((req) => {
    const session = sessionOf(req);
    const recent = session[KEY] as RecentMfa | null | undefined;
    const user = signedInUser(req);
    const isTheirs = user !== undefined && recent?.user === user;
    // Either way: a clock that was set back must not keep a door open.
    if (!isTheirs || !(Math.abs(epochSeconds() - recent.at) <= maxAge)) throw new PasswordlessError('mfa_required');
  });
}

/** In Koa it is in `ctx.state`. */
function authInfoOf(req: object): Partial<AuthInfo> | undefined {
  const { authInfo, state } = req as { authInfo?: AuthInfo; state?: { authInfo?: AuthInfo } };
  return authInfo ?? state?.authInfo;
}
