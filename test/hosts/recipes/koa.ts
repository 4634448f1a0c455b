import type { Middleware } from 'koa';
import passport from 'koa-passport';
import type { AuthenticateOptions } from 'passport-auth0-passwordless';

/** A step that answers in JSON. The callback is made anew for each request: koa-passport notes on it which one is waiting. */
export function answer(name: string, options: AuthenticateOptions): Middleware {
  return (ctx, next) =>
    passport.authenticate(name, options, async (error, user, info, status) => {
      if (error) throw error as Error;
      if (user) {
        await ctx.login(user);
        ctx.body = { user, info };
      } else {
        ctx.status = status as number;
        ctx.body = info;
      }
    })(ctx, next);
}
