import type * as Package from 'passport-auth0-passwordless';
import { nextCode, throughPassport } from '../candidate.js';
import { CLIENT_ID, CLIENT_SECRET, EMAIL } from '../stub-client.js';

// What `npm run build` has built, as users get it: tsx would put its own calls between the lines.
const built = new URL('../../../dist/index.js', import.meta.url).href;
const { PasswordlessStrategy, start, verify } = (await import(built)) as typeof Package;

/** As express.urlencoded() and express-session leave it. The address is a public one, which Auth0 is told. */
function post(body: object, session: object) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '10' };
  return { method: 'POST', headers, body, session, ip: '8.8.8.8' };
}

/** Our strategy through Passport. */
export function ours(origin: string, options: Partial<Package.StrategyOptions> = {}) {
  const strategy = new PasswordlessStrategy(
    {
      domain: origin,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      // Longer than the benchmark takes: one pending login is opened again and again.
      transactionTTL: 3600,
      ...options,
    },
    (_tokens, profile) => Promise.resolve({ id: profile.id }),
  );
  const starting = throughPassport(strategy, start());
  const verifying = throughPassport(strategy, verify());
  return {
    strategy,
    /** Keeps a pending login in the session. */
    start: (session: object) => starting(post({ email: EMAIL }, session)),
    /** The pending login of the session is opened, and finished with some code. */
    login: (session: object) => verifying(post({ otp: nextCode() }, session)),
  };
}
