import Router from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import passport from 'koa-passport';
import session, { type CreateSessionOptions } from 'koa-session';
import { isPasswordlessError, type PasswordlessStrategy, start, verify } from 'passport-auth0-passwordless';
import { answer } from './koa.js';

/** `sessions`: a `store`, and what else koa-session takes. `secret` signs its cookie. */
export function createApp(strategy: PasswordlessStrategy, secret: string, sessions: CreateSessionOptions) {
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  passport.deserializeUser((user: Express.User, done) => {
    done(null, user);
  });

  const app = new Koa({ keys: [secret] });
  app.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!isPasswordlessError(error)) throw error;
      if (error.status >= 500) app.emit('error', error, ctx);
      const message = error.status < 500 ? error.message : 'Signing in does not work at the moment.';
      ctx.status = error.status;
      ctx.body = { code: error.code, message };
    }
  });
  app.use(session(sessions, app));
  app.use(bodyParser());
  app.use(passport.initialize());
  app.use(passport.session());

  const on = (options: object) => passport.authenticate(strategy.name, options);
  const router = new Router();
  router.post('/login', on(start({ pendingRedirect: '/login/code' })));
  router.post(
    '/login/code',
    on(verify({ stage: 'code', failureRedirect: '/login/code', failureMessage: true })),
    (ctx) => {
      ctx.redirect('/');
    },
  );
  router.post('/api/login/code', answer(strategy.name, verify({ stage: 'code' })));
  router.get('/login/code', async (ctx) => {
    ctx.body = await strategy.pending(ctx);
  });
  router.get('/', (ctx) => {
    ctx.body = { user: (ctx.state.user as unknown) ?? null };
  });
  return app.use(router.routes());
}
