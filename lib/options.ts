import type { ClientAssertionSigningAlg } from './auth0/client-auth.js';
import type { DispatcherLike } from './auth0/http.js';
import type { IDTokenSigningAlg } from './auth0/id-token.js';
import type { FailureCode } from './errors.js';
import type { FailureInfo, MfaRequiredInfo } from './outcome.js';
import type { RequestLike } from './request.js';
import type { TransactionStore } from './transaction/store.js';

/** A request as an option's function sees it: annotate the parameter with your framework's own type for more. */
export interface OptionRequest extends RequestLike {
  query: Record<string, unknown>;
  /** Undefined where nothing was sent that a body parser reads. */
  body: Record<string, unknown> | undefined;
}

/**
 * A function of the request and of what follows it. A parameter that nobody annotates is an `OptionRequest`; one of a
 * framework's own type fits, since these are methods. Those of Fastify and Koa, which promise no query or body, fit only
 * the second of them, whose overloads are there to keep TypeScript from inferring from it.
 */
export type OfRequest<Result, Rest extends unknown[] = []> =
  | { of(req: OptionRequest, ...rest: Rest): Result }['of']
  | {
      of(req: RequestLike, ...rest: Rest): Result;
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
      of<R extends RequestLike>(req: R, ...rest: Rest): Result;
    }['of'];

/** A value, or a function that reads it off the request. */
export type PerRequest<T> = T | OfRequest<T>;

/** A private key as JSON Web Key: RFC 7517. */
export interface PrivateJWK {
  kty: string;
  kid?: string;
  alg?: string;
  [member: string]: unknown;
}

/** The part of a `KeyObject` of `node:crypto` that tells it from a JWK. */
export interface KeyObjectLike {
  readonly type: 'private' | 'public' | 'secret';
  /** Not called. */
  export(options: never): unknown;
}

/** What `messages` may go by. */
export interface MessageContext {
  req: OptionRequest;
  /** The failure with its English message, and its facts, such as `retryAfter`. */
  info: FailureInfo | MfaRequiredInfo;
}

/** Options of `new PasswordlessStrategy(options, verify)`. */
export interface StrategyOptions {
  /**
   * The tenant's domain or custom domain: a bare host, such as `acme.eu.auth0.com`, or an `https:` origin. An `http:`
   * origin is taken for loopback hosts only. The issuer of ID tokens is this origin with a trailing slash.
   */
  domain: string;

  /** The application's Client ID. */
  clientID: string;

  /** The application's Client Secret. Required, unless there is a `clientAssertionSigningKey`. */
  clientSecret?: string | undefined;

  /**
   * The key of an application that authenticates by `private_key_jwt`: an RSA private key of 2048 bits or more, as PEM, as
   * a JWK (whose `kid` is sent), or as a `KeyObject`. It is used in place of `clientSecret`, where there are both.
   */
  clientAssertionSigningKey?: string | PrivateJWK | KeyObjectLike | undefined;

  /** The algorithm for that key. Default: `'RS256'`. */
  clientAssertionSigningAlg?: ClientAssertionSigningAlg | undefined;

  /**
   * Absolute URL of the route that finishes a link, as listed in the application's Allowed Callback URLs. Required
   * before a link can be sent; never derived from a request.
   */
  callbackURL?: string | undefined;

  /** The name for `passport.authenticate`. Default: `'auth0-passwordless'`. */
  name?: string | undefined;

  /** Default: `'openid profile email'`. `openid` is required, since the ID token tells who signed in. */
  scope?: string | readonly string[] | undefined;

  /** Identifier of the API that the access token is for. Default: none, and the access token is opaque. */
  audience?: string | undefined;

  /**
   * Organization id (`org_…`) or name that a link must sign in to; the ID token's `org_id` or `org_name` must match.
   * Auth0 has no way to carry it with a code, so a code start with it is a `configuration_error`. Default: none.
   */
  organization?: string | undefined;

  /** What an email carries; an SMS is always a code. Default: `'code'`. */
  send?: 'code' | 'link' | undefined;

  /**
   * Language of the message, such as `'fr-CA'`; sent as `x-request-language`. `acceptLanguage` is a function for it. Default:
   * the tenant's.
   */
  language?: PerRequest<string | undefined>;

  /**
   * Whether to tell Auth0 the end user's IP address (`auth0-forwarded-for`), for which its rate limits then count: at start,
   * resend and the exchange of a code. `true` takes the host's `req.ip`, where that is a public address; a function may return another. It has effect only where
   * the application's "Trust Token Endpoint IP Header" is on. Default: `true`.
   */
  forwardedFor?: boolean | OfRequest<string | undefined> | undefined;

  /** The algorithm that Auth0 signs the application's ID tokens with; `'HS256'` needs `clientSecret`. Default: `'RS256'`. */
  idTokenSigningAlg?: IDTokenSigningAlg | undefined;

  /** Seconds by which this machine's clock and Auth0's may differ. Default: 60. */
  clockTolerance?: number | undefined;

  /** Whether to call `/userinfo` as well, for the profile. Default: `false`. */
  fetchUserInfo?: boolean | undefined;

  /** Milliseconds for one whole call to Auth0: connecting, headers and body. Default: 10000. */
  timeout?: number | undefined;

  /**
   * A dispatcher of undici 7 or later, for a proxy, own TLS settings or tests. Default: a keep-alive pool of at most 160
   * sockets.
   */
  dispatcher?: DispatcherLike | undefined;

  /**
   * Where pending logins are kept: in `req.session`, with the client of an API, which sends back what each answer carries
   * (`transaction`), or in a store of your own. Default: `'session'`.
   */
  store?: 'session' | 'client' | TransactionStore | undefined;

  /**
   * Seals pending logins: 32 bytes or more, or several such secrets, newest first, of which the first seals and all
   * open. Required without `clientSecret`. Default: a key derived from `clientSecret`.
   */
  transactionSecret?: string | readonly string[] | undefined;

  /**
   * Seconds for which a login stays pending, counted from the last send; a second factor 300 at most, from when it was asked
   * for. Default: 600.
   */
  transactionTTL?: number | undefined;

  /** Seconds before another message can be sent to the pending address. Default: 30. */
  resendCooldown?: number | undefined;

  /** Whether to take requests that a browser marks as sent by another site. Default: `false`. */
  allowCrossSite?: boolean | undefined;

  /** Name of the session's member that holds pending logins. Default: `'<name>:<host>'`. */
  sessionKey?: string | undefined;

  /** Names of the body's fields; those of `mfaMiddleware`, other than `transaction`, are fixed. Default: `{ email: 'email', phoneNumber: 'phone_number', code: 'otp', recoveryCode: 'recovery_code', transaction: 'transaction' }`. */
  fields?: Partial<FieldNames> | undefined;

  /**
   * The message of each failure, such as a translation. Where it returns nothing, the English one stays. What `verify` gave
   * as its own message is not asked about. Default: none.
   */
  messages?: { of(code: FailureCode, context: MessageContext): string | undefined }['of'] | undefined;

  /** Whether to send the `Auth0-Client` header, which names this package in the tenant's logs. Default: `true`. */
  telemetry?: boolean | undefined;

  /** Whether `verify` gets the request first. Default: `false`. */
  passReqToCallback?: false | undefined;
}

/** The options of a strategy whose `verify` gets the request first. */
export interface StrategyOptionsWithRequest extends Omit<StrategyOptions, 'passReqToCallback'> {
  passReqToCallback: true;
}

/** Either of the two: what is read of them is the same. */
export type AnyOptions = StrategyOptions | StrategyOptionsWithRequest;

export interface FieldNames {
  email: string;
  phoneNumber: string;
  code: string;
  recoveryCode: string;
  transaction: string;
}
