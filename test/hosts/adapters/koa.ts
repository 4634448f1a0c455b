import Koa, { type Context, type Middleware } from 'koa';
import bodyParser from 'koa-bodyparser';
import passport from 'koa-passport';
import session, { type CreateSessionOptions } from 'koa-session';
import { PasswordlessStrategy, recordMfa, requireMfa } from 'passport-auth0-passwordless';
import {
  jsonRoutes,
  errorResponse,
  type Host,
  type HostSetup,
  listening,
  mfaRoutes,
  otherPages,
  type Page,
  pagesRoutes,
  pendingPage,
} from '../../support/host.js';
import { answer } from '../recipes/koa.js';
import { koaStore } from '../slow-stores.js';

/** Koa, with koa-session over a store, or else in a cookie. */
export function koaHost(name: string, store?: () => NonNullable<CreateSessionOptions['store']>): Host {
  const listen = async ({ options, verify, route, without, reached }: HostSetup) => {
    // The recipe uses the one instance that the module koa-passport exports, and other tests have used it.
    Object.assign(passport, new passport.KoaPassport());
    const strategy = new PasswordlessStrategy(options, verify);
    passport.use(strategy);
    passport.serializeUser((user, done) => {
      done(null, user);
    });
    passport.deserializeUser((user, done) => {
      done(null, user as Express.User);
    });

    const app = new Koa({ proxy: true, keys: ['test'] });
    app.use(async (ctx, next) => {
      try {
        await next();
      } catch (error) {
        Object.assign(ctx, errorResponse(error));
      }
    });
    if (without !== 'session') app.use(session(store ? { store: store() } : {}, app));
    if (without !== 'body parser') app.use(bodyParser());
    if (without !== 'session') app.use(passport.initialize()).use(passport.session());

    const routes = new Map<string, Middleware[]>();
    app.use((ctx, next) => {
      const run = (index: number): unknown => {
        const middleware = routes.get(ctx.path)?.[index];
        return middleware ? middleware(ctx, () => Promise.resolve(run(index + 1))) : next();
      };
      return run(0);
    });
    for (const { path, options } of pagesRoutes(route)) {
      routes.set(path, [
        passport.authenticate(strategy.name, options),
        recordMfa() as Middleware,
        (ctx: Context) => {
          reached(path);
          const { user, authInfo: info } = ctx.state;
          ctx.body = { user, info };
        },
      ]);
    }
    const page =
      (read: Page): Middleware =>
      async (ctx) => {
        ctx.body = await read(ctx, strategy);
      };
    for (const { path, options } of jsonRoutes(route)) {
      routes.set(path, [answer(strategy.name, options), page(pendingPage)]);
    }
    for (const { path, handler } of mfaRoutes(strategy)) {
      routes.set(path, [
        handler as Middleware,
        (ctx) => {
          ctx.body = ctx.mfa as unknown;
        },
      ]);
    }
    for (const { path, read } of otherPages) routes.set(path, [page(read)]);
    routes.set('/me', [
      (ctx: Context) => {
        ctx.body = { user: (ctx.state.user as unknown) ?? null };
      },
    ]);

    routes.set('/vault', [
      requireMfa({ maxAge: 300 }) as Middleware,
      (ctx) => {
        ctx.body = { opened: true };
      },
    ]);

    return { strategy, ...(await listening(app.listen(0, '127.0.0.1'))) };
  };
  return { name, sessions: store ? 'store' : 'cookie', canForget: true, guards: true, listen };
}

export const koa = koaHost('Koa, koa-session with a store', koaStore);

export const koaHosts = [koa, koaHost('Koa, koa-session in a cookie')];
