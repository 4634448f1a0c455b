import type { Express, Handler } from 'express';
import { Passport } from 'passport';
import { PasswordlessStrategy, recordMfa, requireMfa, type RequestLike } from 'passport-auth0-passwordless';
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
} from './host.js';

interface ExpressModule {
  (): Express;
  json(): Handler;
  urlencoded(options: { extended: boolean }): Handler;
}

/** Express 4 or 5, with a session middleware. */
export function expressHost(
  name: string,
  express: ExpressModule,
  sessions: Host['sessions'],
  session: () => Handler[],
): Host {
  const listen = async ({ options, verify, route, without, reached }: HostSetup) => {
    const passport = new Passport();
    const strategy = new PasswordlessStrategy(options, verify);
    passport.use(strategy);
    passport.serializeUser((user, done) => {
      done(null, user);
    });
    passport.deserializeUser((user: Express.User, done) => {
      done(null, user);
    });

    const app = express();
    app.set('trust proxy', true);
    if (without !== 'session') app.use(session(), passport.session());
    if (without !== 'body parser') app.use(express.urlencoded({ extended: true }), express.json());

    for (const { path, options } of pagesRoutes(route)) {
      app.all(path, passport.authenticate(strategy.name, options) as Handler, recordMfa(), (req, res) => {
        reached(path);
        res.json({ user: req.user, info: req.authInfo });
      });
    }
    for (const { path, handler } of mfaRoutes(strategy)) {
      app.all(path, handler, (req, res) => {
        res.json((req as { mfa?: unknown }).mfa);
      });
    }
    const page =
      (read: Page): Handler =>
      (req, res, next) => {
        Promise.resolve(read(req as RequestLike, strategy)).then((body) => res.json(body), next);
      };
    for (const { path, options } of jsonRoutes(route)) {
      const authenticate: Handler = (req, res, next) => {
        const answer = (error: unknown, user?: Express.User | false, info?: object, status = 500) => {
          if (error) next(error);
          else if (!user) res.status(status).json(info);
          else {
            req.logIn(user, (failure: unknown) => {
              if (failure) next(failure);
              else res.json({ user, info });
            });
          }
        };
        (passport.authenticate(strategy.name, options, answer) as Handler)(req, res, next);
      };
      app.all(path, authenticate, page(pendingPage));
    }
    for (const { path, read } of otherPages) app.get(path, page(read));
    app.get('/me', (req, res) => {
      res.json({ user: req.user ?? null });
    });
    app.get('/vault', requireMfa({ maxAge: 300 }), (_req, res) => {
      res.json({ opened: true });
    });
    app.use(((error: unknown, _req, res, _next) => {
      const { status, body } = errorResponse(error);
      res.status(status).json(body);
    }) as import('express').ErrorRequestHandler);

    return { strategy, ...(await listening(app.listen(0, '127.0.0.1'))) };
  };
  return { name, sessions, canForget: true, guards: true, listen };
}
