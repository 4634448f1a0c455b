import express, { type ErrorRequestHandler, type Handler } from 'express';
import session from 'express-session';
import Koa, { type Context, type Middleware } from 'koa';
import bodyParser from 'koa-bodyparser';
import koaPassport from 'koa-passport';
import koaSession from 'koa-session';
import { Passport } from 'passport';
import { type PasswordlessStrategy, start, verify } from 'passport-auth0-passwordless';
import { errorResponse, type HostApp, listening } from '../support/host.js';
import { koaStore } from './slow-stores.js';

const save = (user: unknown, done: (error: unknown, saved: unknown) => void) => {
  done(null, user);
};

const options = { login: start(), code: verify({ stage: 'code' }), mfa: verify({ stage: 'mfa' }) };
const steps = Object.entries(options);

type TwoTenants = (strategies: PasswordlessStrategy[]) => Promise<Pick<HostApp, 'origin' | 'close'>>;

/** For each strategy `/<name>/<login | code | mfa | pending>`, and `/me` for all of them. */
const onExpress: TwoTenants = (strategies) => {
  const passport = new Passport();
  passport.serializeUser(save);
  passport.deserializeUser(save as (user: Express.User, done: (error: unknown, user?: Express.User) => void) => void);
  const app = express();
  app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), passport.session(), express.json());
  for (const strategy of strategies) {
    passport.use(strategy);
    for (const [step, given] of steps) {
      const authenticate = passport.authenticate(strategy.name, { ...given, failWithError: true }) as Handler;
      app.post(`/${strategy.name}/${step}`, authenticate, (req, res) => {
        res.json({ user: req.user ?? null });
      });
    }
    app.get(`/${strategy.name}/pending`, async (req, res) => {
      res.json({ stage: (await strategy.pending(req))?.stage ?? null });
    });
  }
  app.get('/me', (req, res) => {
    res.json({ user: req.user ?? null });
  });
  app.use(((error: unknown, _req, res, _next) => {
    const { status, body } = errorResponse(error);
    res.status(status).json(body);
  }) as ErrorRequestHandler);
  return listening(app.listen(0, '127.0.0.1'));
};

const onKoa: TwoTenants = (strategies) => {
  const passport = new koaPassport.KoaPassport();
  passport.serializeUser(save);
  passport.deserializeUser(save);
  const app = new Koa({ keys: ['test'] });
  app
    .use(koaSession({ store: koaStore() }, app))
    .use(bodyParser())
    .use(passport.initialize())
    .use(passport.session());
  const routes = new Map<string, Middleware[]>();
  const user = (ctx: Context) => {
    ctx.body = { user: (ctx.state.user as unknown) ?? null };
  };
  for (const strategy of strategies) {
    passport.use(strategy);
    for (const [step, given] of steps) {
      routes.set(`/${strategy.name}/${step}`, [passport.authenticate(strategy.name, given), user]);
    }
    const pending = async (ctx: Context) => {
      ctx.body = { stage: (await strategy.pending(ctx))?.stage ?? null };
    };
    routes.set(`/${strategy.name}/pending`, [pending]);
  }
  routes.set('/me', [user]);
  app.use((ctx, next) => {
    const [first, second] = routes.get(ctx.path) ?? [];
    const behind = () => Promise.resolve(second ? second(ctx, next) : next());
    return first ? first(ctx, behind) : next();
  });
  return listening(app.listen(0, '127.0.0.1'));
};

export const HOSTS: [name: string, listen: TwoTenants][] = [
  ['Express', onExpress],
  ['Koa', onKoa],
];
