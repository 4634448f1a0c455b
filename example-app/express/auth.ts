import type { Request, RequestHandler, Response } from 'express';
import passport from 'passport';
import type { AuthenticateOptions, FailureInfo, PasswordlessStrategy } from 'passport-auth0-passwordless';
import { setUpPassport } from '../auth.js';
import type { Config } from '../config.js';

/** Answers when a step failed. `failure.message` can be shown to the user as it stands. */
export type OnFailure = (req: Request, res: Response, failure: FailureInfo, status: number) => void | Promise<void>;

export interface Auth {
  strategy: PasswordlessStrategy;
  /** Restores the user of a signed-in session. */
  session: RequestHandler;
  /** Runs one step of the sign-in: the next handler runs when it went well, `onFailure` when not. */
  step: (options: AuthenticateOptions, onFailure: OnFailure) => RequestHandler;
}

export function createAuth(config: Config): Auth {
  // An instance of its own, where most apps take the one that the module exports: each test has its own app.
  const auth = new passport.Authenticator();
  const strategy = setUpPassport(auth, config);
  return {
    strategy,
    session: auth.session() as RequestHandler,
    // Passport's `failureRedirect` and `failureMessage` take less code. A callback knows what failed, too, so that a
    // page can be shown again with the right status and help.
    step: (options, onFailure) => (req, res, next) => {
      const done: passport.AuthenticateCallback = (error: unknown, user, info, status) => {
        if (error) {
          next(error);
        } else if (!user) {
          Promise.resolve(onFailure(req, res, info as FailureInfo, status as number)).catch(next);
        } else {
          req.logIn(user, (loginError: unknown) => {
            req.authInfo = info as Express.AuthInfo;
            next(loginError);
          });
        }
      };
      const authenticate = auth.authenticate(strategy.name, options, done) as RequestHandler;
      void authenticate(req, res, next);
    },
  };
}
