import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import { type Config, isOtherHost } from '../config.js';
import { checkCsrfToken } from '../csrf.js';
import { errorPage, notFoundPage } from '../errors.js';
import { noStore, securityHeaders } from '../security-headers.js';
import { createAuth } from './auth.js';
import { publicFiles } from './public-files.js';
import { profileRoutes } from './routes/profile.js';
import { secondFactorRoutes } from './routes/second-factor.js';
import { signInRoutes } from './routes/sign-in.js';
import { sendPage } from './send-page.js';
import { createSession } from './session.js';
import type { App, Middleware } from './types.js';

export function createApp(config: Config): App {
  const auth = createAuth(config);
  const app: App = new Koa();
  if (config.baseURL.startsWith('https:')) {
    // TLS ends at a proxy on this machine. Of the client's address only the part that the proxy wrote itself counts.
    app.proxy = true;
    app.maxIpsCount = 1;
  }

  app.use(setHeaders(securityHeaders));
  app.use(publicFiles);
  app.use(setHeaders(noStore));
  app.use(errorPages(config));
  app.use(oneHost(config));
  app.use(createSession(config, app)).use(auth.initialize).use(auth.session);
  app.use(bodyParser({ enableTypes: ['form'], formLimit: '10kb' })).use(csrfProtection);

  app.use(signInRoutes(auth).routes());
  app.use(secondFactorRoutes(auth).routes());
  app.use(profileRoutes().routes());
  app.use(notFound);
  return app;
}

const setHeaders =
  (headers: Record<string, string>): Middleware =>
  (ctx, next) => {
    ctx.set(headers);
    return next();
  };

/** For the errors of all that comes after it, the session's included. */
const errorPages =
  (config: Config): Middleware =>
  async (ctx, next) => {
    ctx.state.inboxURL = config.inboxURL;
    try {
      await next();
    } catch (error) {
      const { status, page } = errorPage(error, ctx, config);
      ctx.status = status;
      sendPage(ctx, page);
    }
  };

const oneHost =
  (config: Config): Middleware =>
  (ctx, next) => {
    if (isOtherHost(config, ctx.headers.host)) ctx.redirect(`${config.baseURL}/`);
    else return next();
  };

const csrfProtection: Middleware = (ctx, next) => {
  checkCsrfToken(ctx, ctx.request.body);
  return next();
};

const notFound: Middleware = (ctx) => {
  ctx.status = 404;
  sendPage(ctx, notFoundPage);
};
