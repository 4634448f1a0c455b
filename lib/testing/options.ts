import type { Client } from './clients.js';
import type { MfaFactor } from './mfa/factors.js';
import type { User } from './users.js';

/** What a second factor would be asked for. */
export interface MfaRequest {
  /** A login by a code, or a refresh. */
  grant: 'passwordless' | 'refresh_token';
  /** The API the tokens are for, if any. */
  audience: string | undefined;
}

/**
 * Whether a right code is answered with `mfa_required`; `'always'` means every login. A function is asked about each user
 * at each login and at each refresh, as on Auth0 a post-login Action is; a number says how many factors are wanted, one
 * after the other, and `true` is 1. Step-up is `(user, { audience }) => audience === 'https://payments.example.com'`.
 */
export type MfaPolicy = 'never' | 'always' | ((user: User, request: MfaRequest) => boolean | number);

/** What a passwordless connection sends its codes by. */
export type Strategy = 'email' | 'sms';

/** A connection of the tenant. */
export interface Connection {
  /** What `connection` and `realm` say on the wire. */
  name: string;
  /** `'auth0'` is a database connection: it does not do `/passwordless/start` but, with `otp`, `/otp/challenge`. */
  strategy: Strategy | 'auth0';
  /** Of a database connection: codes by email and by phone are switched on (Early Access at Auth0); default false. */
  otp?: boolean;
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
  /**
   * Custom domains: host names, without a port, by which the tenant is called as well as by its own. The issuer of a request
   * for one is that, with the tenant's port, as in links, tokens and audiences. Default none; what needs no name server is
   * `'localhost'`. Over TLS the certificate must say them too.
   */
  customDomains?: string[];
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
   * documents disagree on whether authenticated starts are exempt; here they are not. `/otp/challenge` has as many of its own,
   * by the address of the caller. `Infinity` switches the limits off.
   */
  startLimit?: number;
  /**
   * Let a magic link be opened in a browser without a session on the tenant: Auth0's flag
   * `allow_magiclink_verify_without_session`. Default true, because a link started from a server works no other way; on
   * Auth0 itself it is **off** for every tenant since April 2023, and has to be switched on.
   */
  allowMagicLinkWithoutSession?: boolean;
  /**
   * Honour `organization` in the `authParams` of a link, which Auth0 does not document; default true. Without it, no link has an
   * ID token with `org_id`.
   */
  organizationsOnLinks?: boolean;
  /** Refuse a start without client authentication: Auth0's `enforce_client_authentication_on_passwordless_start`; default true. */
  enforceClientAuthenticationOnStart?: boolean;
  /**
   * Honour `auth0-forwarded-for` of a client that authenticates by `private_key_jwt`, too; default false. Auth0's documents
   * speak of the client secret only. It takes the client's `trustTokenEndpointIPHeader` either way.
   */
  trustForwardedForWithAssertion?: boolean;
  /**
   * Leave `alg` out of the keys at `/.well-known/jwks.json`: Auth0's flag `remove_alg_from_jwks`; default false. The keys
   * say RS256, so an ID token signed with PS256 is verified only where this is on.
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
  /**
   * Let an `mfa_token` of a login remove authenticators, too; default false. Auth0's documents want an access token for the
   * MFA API, some of its SDKs send the former.
   */
  removeAuthenticatorsWithMfaToken?: boolean;
  /** What a refused push is called: `'access_denied'` (default, as recorded) or `'invalid_grant'` (as documented). */
  pushRejection?: 'access_denied' | 'invalid_grant';
  /** Status of `slow_down`: 400 (default, as in RFC 8628) or 429; Auth0 does not say. */
  slowDownStatus?: 400 | 429;
  /** The tenant's own Allowed Logout URLs, for logouts without `client_id`; default, as with those of a client: every URL. */
  allowedLogoutURLs?: string[];
  /** Let `allow_signup` of `/otp/challenge` sign up phone numbers, too; default false, as one of Auth0's SDKs has it. */
  otpSignupByPhone?: boolean;
  /**
   * What a blocked user of a database connection gets for a right code: `'access_denied'` (default, as documented), or
   * `'invalid_request'`, like a wrong code, and no code is sent in the first place (as one of Auth0's SDKs has it).
   */
  otpBlockedUser?: 'access_denied' | 'invalid_request';
  /** Lifetime of an authorization code in seconds; default 600, the most RFC 6749 recommends. Auth0 does not say. */
  authorizationCodeTTL?: number;
  /** Lifetime of an ID token in seconds; default 36000. */
  idTokenTTL?: number;
  /** Lifetime of an access token in seconds; default 86400. One for the MFA API lives for 600 at most, as on Auth0. */
  accessTokenTTL?: number;
  /** Lifetime of a refresh token, and of all that take its place, in seconds; default 2592000, which is 30 days. */
  refreshTokenTTL?: number;
  /**
   * Give a new refresh token at each refresh; default true. One that was used before then ends all of its family. Without
   * rotation, a refresh token stays as it is.
   */
  refreshTokenRotation?: boolean;
  /** Seconds for which a refresh token may be used again after it was rotated; default 0. */
  refreshTokenLeeway?: number;
  /**
   * Give refresh tokens for logins by link, too; default false. Auth0's list of limitations says that links never have any, an
   * SDK of its own asks for them.
   */
  refreshTokensFromLinks?: boolean;
}

/** Of these, having none means something. */
type Optional = 'tls' | 'apis' | 'allowedLogoutURLs';

export type Settings = Required<Omit<LocalTenantOptions, Optional>> & Pick<LocalTenantOptions, Optional>;

/** What has been read when the tenant is started. */
export const FIXED = [
  'port',
  'tls',
  'users',
  'clients',
  'connections',
  'apis',
  'allowedLogoutURLs',
  'startLimit',
] as const;

/** The options that can be changed while the tenant runs; what is issued already stays as it is. */
export type LiveSettings = Omit<Settings, (typeof FIXED)[number]>;
