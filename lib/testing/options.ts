import type { Client } from './clients.js';
import type { MfaFactor } from './mfa/factors.js';
import type { User } from './users.js';

/**
 * Whether a right code is answered with `mfa_required`. A function is asked about each user at each login; a number says
 * how many factors are wanted, one after the other, and `true` is 1.
 */
export type MfaPolicy = 'never' | 'always' | ((user: User) => boolean | number);

/** What a passwordless connection sends its codes by. */
export type Strategy = 'email' | 'sms';

/** A connection of the tenant. */
export interface Connection {
  /** What `connection` and `realm` say on the wire. */
  name: string;
  /** `'auth0'` is a database connection: it exists, but does not do passwordless. */
  strategy: Strategy | 'auth0';
  /** Unknown users are refused; default: the tenant's `disableSignup`. */
  disableSignup?: boolean;
}

export type PasswordlessConnection = Connection & { strategy: Strategy };

export const isPasswordless = (connection: Connection): connection is PasswordlessConnection =>
  connection.strategy !== 'auth0';

/** Every option has a default: `startLocalTenant()` is a working tenant. */
export interface LocalTenantOptions {
  /** TCP port on 127.0.0.1; default 0, any free one. */
  port?: number;
  /** PEM strings; default: plain HTTP. With it, the tenant is `https://localhost:<port>`: the certificate must say `localhost`. */
  tls?: { key: string; cert: string };
  /** Users who exist already; default none. Copied: see `tenant.users` for the live list. */
  users?: User[];
  /** Applications; default one, with fixed credentials and every grant of the passwordless flows. */
  clients?: Client[];
  /** Default `email` and `sms`. A custom one is `{ name: 'corporate-email', strategy: 'email' }`. */
  connections?: Connection[];
  /**
   * Identifiers of the APIs that an `audience` may name; default: any is accepted. With a list, another one is refused
   * as Auth0 does.
   */
  apis?: string[];
  /** Refuse to start a login for an address no user has; default false. */
  disableSignup?: boolean;
  /** Digits of a code; default 6. A code is never all zeros, so a test has a code that is always wrong. */
  codeLength?: number;
  /**
   * Lifetime of a code (and of the link that carries it) in seconds; default 180. Auth0's text says three minutes, an
   * example of its own 300 s.
   */
  codeTTL?: number;
  /** Wrong tries that end a code; default 3. */
  maxAttempts?: number;
  /**
   * Starts per hour and effective IP address: so many at once, refilled evenly over the hour; default 50. Auth0's
   * documents disagree on whether authenticated starts are exempt; here they are not. `Infinity` switches the limit off.
   */
  startLimit?: number;
  /**
   * Let a magic link be opened in a browser without a session on the tenant: Auth0's flag
   * `allow_magiclink_verify_without_session`. Default true, because a link started from a server works no other way; on
   * Auth0 itself it is **off** for every tenant since April 2023, and has to be switched on.
   */
  allowMagicLinkWithoutSession?: boolean;
  /** Refuse a start without client authentication: Auth0's `enforce_client_authentication_on_passwordless_start`; default true. */
  enforceClientAuthenticationOnStart?: boolean;
  /**
   * Leave `alg` out of the keys at `/.well-known/jwks.json`: Auth0's flag `remove_alg_from_jwks`. Default: false, but true
   * where a client's tokens are signed with PS256, since the keys say RS256.
   */
  removeAlgFromJWKS?: boolean;
  /**
   * Whether a code is answered with `mfa_required`; default `'never'`. Links are not affected: on Auth0 a second factor
   * after a link is asked for by Auth0's own pages, and the app sees nothing of it.
   */
  mfa?: MfaPolicy;
  /**
   * Factors that are switched on; default all: `'otp'`, `'phone'`, `'push-notification'`, `'email'`, `'recovery-code'`.
   * Users may enrol in the first three; `'recovery-code'` comes with the first factor; `'email'` is there as soon as the
   * address is verified.
   */
  mfaFactors?: MfaFactor[];
  /** Lifetime of an `mfa_token` in seconds; default 300. Auth0's documents say 5 minutes and 10. */
  mfaTokenTTL?: number;
  /**
   * What `mfa_required` says of the factors; default `'factors'`, those to challenge or, if the user has none, to enrol.
   * `'challenge_types'` is the older form, and `'none'` leaves them out, as tenants without the Early Access feature do.
   */
  mfaRequirements?: 'factors' | 'challenge_types' | 'none';
  /** Status of `mfa_required`: 403 (default), 400 or 401; all three have been seen. */
  mfaRequiredStatus?: 400 | 401 | 403;
  /** Status of `invalid_grant` for a second factor: 403 (default) or 401; Auth0's libraries disagree. */
  mfaInvalidGrantStatus?: 401 | 403;
  /** What a refused push is called: `'access_denied'` (default, as recorded) or `'invalid_grant'` (as documented). */
  pushRejection?: 'access_denied' | 'invalid_grant';
  /** Status of `slow_down`: 400 (default, as in RFC 8628) or 429; Auth0 does not say. */
  slowDownStatus?: 400 | 429;
  /** Lifetime of an authorization code in seconds; default 600, the most RFC 6749 recommends. Auth0 does not say. */
  authorizationCodeTTL?: number;
  /** Lifetime of an ID token in seconds; default 36000. */
  idTokenTTL?: number;
  /** Lifetime of an access token in seconds; default 86400. */
  accessTokenTTL?: number;
}

export type Settings = Required<Omit<LocalTenantOptions, 'tls' | 'apis'>> & Pick<LocalTenantOptions, 'tls' | 'apis'>;
