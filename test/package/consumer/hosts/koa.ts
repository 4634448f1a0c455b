// Koa and koa-passport, as their own types have them.
import Koa, { type Context, type Middleware, type Request } from 'koa';
import passport from 'koa-passport';
import {
  type AuthInfo,
  type FailureInfo,
  mfaMiddleware,
  type MfaRequiredInfo,
  PasswordlessStrategy,
  start,
  verify,
} from 'passport-auth0-passwordless';

const strategy = new PasswordlessStrategy(
  {
    domain: 'acme.eu.auth0.com',
    clientID: 'id',
    clientSecret: 'secret',
    language: (req: Request) => req.acceptsLanguages()[0],
    forwardedFor: (req: Request) => req.ips[0],
    passReqToCallback: true,
  },
  (req: Request, _tokens, profile) => Promise.resolve({ id: profile.id, host: req.host }),
);
passport.use(strategy);
passport.use('staff', strategy);

export const app = new Koa();
app.use(passport.initialize());
app.use(
  passport.authenticate(
    strategy.name,
    start({ pendingRedirect: '/login/code', appState: (req: Request) => ({ path: req.path }) }),
  ),
);
app.use(passport.authenticate(strategy.name, verify({ stage: 'code', successRedirect: '/' })));
app.use((ctx, next) =>
  passport.authenticate(
    strategy.name,
    verify(),
    async (error: unknown, user?: unknown, info?: FailureInfo | MfaRequiredInfo | AuthInfo, status?: number) => {
      if (error) throw error as Error;
      if (user) return ctx.logIn(user);
      if (status !== undefined) ctx.status = status;
      if (info && 'code' in info) ctx.body = { code: info.code, message: info.message };
    },
  )(ctx, next),
);

export const page = async (ctx: Context): Promise<void> => {
  ctx.body = await strategy.pending(ctx);
};
app.use(page);
const list: Middleware = mfaMiddleware(strategy).list();
app.use(list);
app.use(async (ctx) => {
  ctx.body = await strategy.mfa.challenge(ctx, { authenticatorId: 'sms|dev_1' });
});
