import { fileURLToPath } from 'node:url';
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { type Config, isOtherHost } from '../config.js';
import { checkCsrfToken } from '../csrf.js';
import { errorPage, notFoundPage } from '../errors.js';
import { noStore, securityHeaders } from '../security-headers.js';
import { createAuth } from './auth.js';
import { profileRoutes } from './routes/profile.js';
import { secondFactorRoutes } from './routes/second-factor.js';
import { signInRoutes } from './routes/sign-in.js';
import { sendPage } from './send-page.js';
import { createSession } from './session.js';

export function createApp(config: Config): Express {
  const auth = createAuth(config);
  const app = express();
  app.disable('x-powered-by');
  app.locals.inboxURL = config.inboxURL;
  if (config.baseURL.startsWith('https:')) {
    // TLS ends at a proxy on this machine. Only its word counts for the client's address and protocol.
    app.set('trust proxy', 'loopback');
  }

  app.use(setHeaders(securityHeaders));
  app.use(express.static(fileURLToPath(new URL('../public', import.meta.url)), { index: false }));
  app.use(setHeaders(noStore));
  app.use(oneHost(config));
  app.use(createSession(config), auth.session);
  app.use(express.urlencoded({ extended: false, limit: '10kb' }), csrfProtection);

  app.use(signInRoutes(auth));
  app.use(secondFactorRoutes(auth));
  app.use(profileRoutes());
  app.use(notFound);
  app.use(errorHandler(config));
  return app;
}

const setHeaders =
  (headers: Record<string, string>): RequestHandler =>
  (_req, res, next) => {
    res.set(headers);
    next();
  };

const oneHost =
  (config: Config): RequestHandler =>
  (req, res, next) => {
    if (isOtherHost(config, req.headers.host)) res.redirect(`${config.baseURL}/`);
    else next();
  };

const csrfProtection: RequestHandler = (req, _res, next) => {
  checkCsrfToken(req, req.body);
  next();
};

const notFound: RequestHandler = (_req, res) => {
  res.status(404);
  sendPage(res, notFoundPage);
};

const errorHandler =
  (config: Config): ErrorRequestHandler =>
  (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error);
      return;
    }
    const { status, page } = errorPage(error, req, config);
    res.status(status);
    sendPage(res, page);
  };
