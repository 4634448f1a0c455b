import koaPassport from 'koa-passport';
import type { AuthenticateOptions, FailureInfo, PasswordlessStrategy } from 'passport-auth0-passwordless';
import { setUpPassport } from '../auth.js';
import type { Config } from '../config.js';
import type { User } from '../users.js';
import type { Context, Middleware } from './types.js';

/** Answers when a step failed. `failure.message` can be shown to the user as it stands. */
export type OnFailure = (ctx: Context, failure: FailureInfo, status: number) => void | Promise<void>;

/** Answers when the user is signed in. */
export type OnSuccess = (ctx: Context, info: Express.AuthInfo) => void;

export interface Auth {
  strategy: PasswordlessStrategy;
  /** Adds `ctx.login`. */
  initialize: Middleware;
  /** Restores the user of a signed-in session. */
  session: Middleware;
  /** Runs one step of the sign-in. Where it leads to a second factor or to a code's page, the strategy redirects by itself. */
  step: (options: AuthenticateOptions, onFailure: OnFailure, onSuccess?: OnSuccess) => Middleware;
}

export function createAuth(config: Config): Auth {
  // An instance of its own, where most apps take the one that the module exports: each test has its own app.
  const passport = new koaPassport.KoaPassport();
  const strategy = setUpPassport(passport, config);
  return {
    strategy,
    initialize: passport.initialize(),
    session: passport.session(),
    // Passport's `failureRedirect` and `failureMessage` take less code. A callback knows what failed, too, so that a
    // page can be shown again with the right status and help.
    step: (options, onFailure, onSuccess) => (ctx, next) => {
      const done = async (
        error: Error | null,
        user: User | false,
        info: Express.AuthInfo | FailureInfo,
        status: number,
      ) => {
        if (error) throw error;
        if (!user) return onFailure(ctx, info as FailureInfo, status);
        // koa-session gives the session a new id at the login, as it should, but keeps what was in it: a CSRF token that
        // somebody else may know, and what was typed before.
        ctx.session = {};
        await ctx.login(user);
        onSuccess?.(ctx, info as Express.AuthInfo);
      };
      // For this request only: koa-passport notes on the callback which request waits for it.
      return passport.authenticate(strategy.name, options, done)(ctx, next) as Promise<void>;
    },
  };
}
