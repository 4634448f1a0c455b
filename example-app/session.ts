import session from 'express-session';
import type { RequestHandler } from 'express';
import type { Config } from './config.js';

export function createSession({ baseURL, sessionSecret }: Config): RequestHandler {
  const secure = baseURL.startsWith('https:');
  return session({
    // Cookies do not tell ports apart, so a name of its own keeps other apps on this host out. `__Host-` keeps out
    // other hosts of the domain; browsers take it over https only.
    name: secure ? '__Host-example.sid' : 'example.sid',
    secret: sessionSecret,
    // 'lax': the cookie has to come along when a sign-in link leads back here from Auth0.
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/' },
    resave: false,
    saveUninitialized: false,
    // store: sessions are kept in memory here, which is for development only. A store of yours goes in this place, such
    // as connect-redis or connect-pg-simple.
  });
}
