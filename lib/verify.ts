import type { Tokens } from './auth0/tokens.js';
import type { OfRequest, OptionRequest } from './options.js';
import type { Profile } from './profile.js';
import type { RequestLike } from './request.js';

/** Passport's callback: an error, or a user (falsy: refused) and what to add to `req.authInfo` or to the failure. */
export type VerifyDone = (error: unknown, user?: unknown, info?: object | string) => void;

/**
 * Turns a login into the app's user. Answers by `done`, or by a promise of a user, of a falsy value (refused), or of
 * `[user, info]`; the first answer counts.
 */
export type VerifyFunction = (tokens: Tokens, profile: Profile, done: VerifyDone) => void | PromiseLike<unknown>;

/** The same with `passReqToCallback`. */
export type VerifyFunctionWithRequest = OfRequest<
  void | PromiseLike<unknown>,
  [tokens: Tokens, profile: Profile, done: VerifyDone]
>;

export interface Verified {
  user: unknown;
  info?: object | undefined;
}

export type Verifier = (req: RequestLike, tokens: Tokens, profile: Profile) => Promise<Verified>;

/** Both forms of answer as one promise. `verify.length` is never looked at: Nest passes a function of none. */
export function createVerifier(
  verify: VerifyFunction | VerifyFunctionWithRequest,
  passReqToCallback: boolean,
): Verifier {
  const parameters = passReqToCallback ? 4 : 3;
  // Written for passport-auth0, which passes two tokens, their parameters and the profile.
  if (verify.length >= parameters + 2) {
    throw new TypeError(
      `PasswordlessStrategy: verify takes ${passReqToCallback ? '(req, tokens, profile, done)' : '(tokens, profile, done)'}, not ${verify.length} parameters: the tokens are members of the first.`,
    );
  }

  return (req, tokens, profile) =>
    new Promise((resolve, reject) => {
      const done: VerifyDone = (error, user, info) => {
        if (error) reject(error);
        else resolve({ user, info: typeof info === 'string' ? { message: info } : info });
      };
      const answer = passReqToCallback
        ? (verify as VerifyFunctionWithRequest)(req as OptionRequest, tokens, profile, done)
        : (verify as VerifyFunction)(tokens, profile, done);
      if (!isPromiseLike(answer)) {
        // With done among its parameters it may still call that, whatever it returns.
        if (answer !== undefined && verify.length < parameters) reject(new TypeError(PLAIN_VALUE));
        return;
      }
      answer.then((value) => {
        const [user, info] = Array.isArray(value) ? (value as [unknown, object?]) : [value];
        done(undefined, user, info);
      }, reject);
    });
}

const PLAIN_VALUE =
  'verify returned a value that is not a promise: make it async, return a promise, or call done(error, user).';

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function';
}
