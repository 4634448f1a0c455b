import type { RequestHandler } from 'express';
import session from 'express-session';
import type { Config } from '../config.js';
import { sessionCookie } from '../session-cookie.js';

export function createSession(config: Config): RequestHandler {
  const { name, attributes } = sessionCookie(config);
  return session({
    name,
    secret: config.sessionSecret,
    cookie: attributes,
    resave: false,
    saveUninitialized: false,
    // store: sessions are kept in memory here, which is for development only. A store of yours goes in this place, such
    // as connect-redis or connect-pg-simple.
  });
}
