import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import { createAuth } from './auth.js';
import type { Config } from './config.js';
import { csrfProtection } from './csrf.js';
import { errorPage, notFound } from './routes/errors.js';
import { profileRoutes } from './routes/profile.js';
import { secondFactorRoutes } from './routes/second-factor.js';
import { signInRoutes } from './routes/sign-in.js';
import { noStore, securityHeaders } from './security-headers.js';
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

  app.use(securityHeaders);
  app.use(express.static(fileURLToPath(new URL('public', import.meta.url)), { index: false }));
  app.use(noStore);
  app.use(oneHost(config));
  app.use(createSession(config), auth.session);
  app.use(express.urlencoded({ extended: false, limit: '10kb' }), csrfProtection);

  app.use(signInRoutes(auth));
  app.use(secondFactorRoutes(auth));
  app.use(profileRoutes());
  app.use(notFound);
  app.use(errorPage(config));
  return app;
}

/** `localhost` and `127.0.0.1` are the same machine but not the same cookies: a link would find no session. */
function oneHost({ baseURL }: Config): express.RequestHandler {
  const { host, protocol } = new URL(baseURL);
  return (req, res, next) => {
    if (protocol === 'https:' || req.headers.host === host) next();
    else res.redirect(`${baseURL}/`);
  };
}
