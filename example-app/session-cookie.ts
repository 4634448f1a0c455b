import type { Config } from './config.js';

/** The name of the session cookie, and what browsers are told of it. */
export function sessionCookie({ baseURL }: Config) {
  const secure = baseURL.startsWith('https:');
  return {
    // Cookies do not tell ports apart, so a name of its own keeps other apps on this host out. `__Host-` keeps out
    // other hosts of the domain; browsers take it over https only.
    name: secure ? '__Host-example.sid' : 'example.sid',
    // 'lax': the cookie has to come along when a sign-in link leads back here from Auth0.
    attributes: { httpOnly: true, sameSite: 'lax', secure, path: '/' } as const,
  };
}
