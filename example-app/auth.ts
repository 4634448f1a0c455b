import type { Authenticator } from 'passport';
import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import type { Config } from './config.js';
import { Users } from './users.js';

/** What is asked of Passport here: its own instances have it, and those of koa-passport. */
type Passport = Pick<Authenticator, 'serializeUser' | 'deserializeUser'> & {
  use: (strategy: PasswordlessStrategy) => unknown;
};

/** Gives Passport the strategy, and tells it how to keep a user in the session. */
export function setUpPassport(
  passport: Passport,
  { domain, clientID, clientSecret, baseURL }: Config,
): PasswordlessStrategy {
  const users = new Users();
  const strategy = new PasswordlessStrategy(
    { domain, clientID, clientSecret, callbackURL: `${baseURL}/login/callback` },
    // A user, and what to add to `authInfo`.
    async (tokens, profile) => [await users.save(profile), { expiresAt: tokens.expiresAt }],
  );
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user.id);
  });
  passport.deserializeUser((id: string, done) => {
    // A user whom we do not know any more is signed out.
    users.find(id).then((user) => {
      done(null, user ?? false);
    }, done);
  });
  return strategy;
}
