import express from 'express';
import session from 'express-session';
import { Passport } from 'passport';
import {
  type AuthenticateOptions,
  isPasswordlessError,
  mfaMiddleware,
  PasswordlessStrategy,
  resend,
  start,
  type StrategyOptions,
  verify,
  type VerifyFunction,
} from 'passport-auth0-passwordless';
import { type LocalTenant, type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { onTestFinished } from 'vitest';

export interface Setup {
  tenant?: LocalTenantOptions;
  strategy?: Partial<StrategyOptions>;
  verify?: VerifyFunction;
  /** Options of every route, beside its action. */
  route?: AuthenticateOptions;
  store?: session.Store;
}

export const callbackURL = 'http://127.0.0.1/login/callback';

/** A local tenant and an Express app on real sockets, closed when the test ends. */
export async function setUp(setup: Setup = {}) {
  const tenant = await startLocalTenant(setup.tenant);
  const { app, strategy } = createApp(tenant, setup);
  const server = await new Promise<import('node:http').Server>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => {
      resolve(listening);
    });
  });
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await strategy.auth0.close();
    await tenant.close();
  });
  return {
    tenant,
    strategy,
    /** A browser: it keeps its cookies. */
    browser: () => request.agent(server),
    code: (to: string) => tenant.inbox.latest(to)?.code ?? '',
    /** Opens the newest link as a browser would, as far as the redirect back to the app: a path with a query. */
    openLink: async (to: string) => {
      const response = await fetch(tenant.inbox.latest(to)?.link ?? '', { redirect: 'manual' });
      const { pathname, search } = new URL(response.headers.get('location') ?? '');
      return pathname + search;
    },
    /** Requests that reached the tenant, by path. */
    sent: (path: string) => tenant.requests.filter((each) => each.path === path),
  };
}

/** A route for each action, which answers with what Passport said, as JSON. */
export function createApp(tenant: Pick<LocalTenant, 'domain' | 'clientID' | 'clientSecret'>, setup: Setup = {}) {
  const strategy = new PasswordlessStrategy(
    {
      domain: tenant.domain,
      clientID: tenant.clientID,
      clientSecret: tenant.clientSecret,
      callbackURL,
      resendCooldown: 0,
      ...setup.strategy,
    },
    setup.verify ?? ((_tokens, profile) => Promise.resolve({ id: profile.id, name: profile.displayName })),
  );
  const passport = new Passport();
  passport.use(strategy);
  passport.serializeUser((user, done) => {
    done(null, user);
  });
  passport.deserializeUser((user: Express.User, done) => {
    done(null, user);
  });

  const answer =
    (options: AuthenticateOptions): express.RequestHandler =>
    (req, res, next) => {
      const callback = (error: unknown, user?: Express.User | false | null, info?: object, status = 0) => {
        if (error) next(error);
        else if (!user) res.status(status).json({ failed: info });
        else
          req.logIn(user, (failure: unknown) => {
            if (failure) next(failure);
            else res.json({ user, info });
          });
      };
      const authenticate = passport.authenticate(strategy.name, { ...setup.route, ...options }, callback);
      (authenticate as express.RequestHandler)(req, res, next);
    };
  const pending: express.RequestHandler = async (req, res) => {
    res.json({ pending: (await strategy.pending(req)) ?? null });
  };

  const app = express();
  app.use(
    session({ secret: 'test', resave: false, saveUninitialized: false, ...(setup.store && { store: setup.store }) }),
    passport.session(),
    express.urlencoded({ extended: true }),
    express.json(),
  );
  app.all('/login', answer(start()), pending);
  app.all('/link', answer(start({ send: 'link' })), pending);
  app.all('/resend', answer(resend()), pending);
  app.all('/code', answer(verify({ stage: 'code' })));
  app.all('/mfa', answer(verify({ stage: 'mfa' })));
  app.all('/login/callback', answer(verify()));
  app.get('/pending', pending);
  const mfa = mfaMiddleware(strategy);
  const result: express.RequestHandler = (req, res) => {
    res.json((req as { mfa?: unknown }).mfa);
  };
  app.get('/mfa/list', mfa.list(), result);
  app.post('/mfa/challenge', mfa.challenge(), result);
  app.post('/mfa/enroll', mfa.enroll(), result);
  app.get('/me', (req, res) => {
    res.json({ user: req.user ?? null });
  });
  app.use(((error: unknown, _req, res, _next) => {
    if (isPasswordlessError(error)) res.status(error.status).json({ error });
    else res.status(500).json({ error: String(error) });
  }) as express.ErrorRequestHandler);
  return { app, strategy };
}
