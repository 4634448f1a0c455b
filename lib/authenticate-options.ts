import type { PerRequest } from './options.js';

/** A database connection whose users sign in with a code (Early Access at Auth0). */
export interface DatabaseConnection {
  /** Its name, such as `'Username-Password-Authentication'`. */
  database: string;
  /** Whether an address that nobody has signs up. Default: `false`. */
  allowSignup?: boolean | undefined;
  /** How a phone number is reached. Default: `'text'`. */
  deliveryMethod?: 'text' | 'voice' | undefined;
}

/** What `passport.authenticate(name, options)` takes: this strategy's options, and Passport's own. */
export interface AuthenticateOptions {
  /** What the route does. Default: `'verify'`. Only `'start'` and `'resend'` may let a request through without a user. */
  action?: 'start' | 'resend' | 'verify' | undefined;

  /**
   * Verify: pins the route to one stage, so that a code is not taken for a second factor, nor the other way round.
   * Default: whatever is pending.
   */
  stage?: 'code' | 'mfa' | undefined;

  /**
   * Start and resend: where to send the browser (303) once something is on its way. Default: none, and the route's own
   * handler answers.
   */
  pendingRedirect?: string | undefined;

  /**
   * Verify and resend: where to send the browser (303) when a second factor is needed. Default: none, and the request
   * fails.
   */
  mfaRedirect?: string | undefined;

  /**
   * Start: name of a custom passwordless connection, or a database connection. Default: `'email'` or `'sms'`, by what the
   * body holds.
   */
  connection?: string | DatabaseConnection | undefined;

  /** Start: what an email carries. Default: the strategy's `send`. */
  send?: PerRequest<'code' | 'link'> | undefined;

  /** Start: default: the strategy's `scope`. */
  scope?: string | string[];

  /** Start: default: the strategy's `audience`. */
  audience?: PerRequest<string | undefined>;

  /** Start and resend: default: the strategy's `language`. */
  language?: PerRequest<string | undefined>;

  /** Start of a link: default: the strategy's `organization`. */
  organization?: PerRequest<string | undefined>;

  /** Start of a link: default: the strategy's `callbackURL`. */
  callbackURL?: PerRequest<string | undefined>;

  /** Start: JSON of at most 1 kB, which comes back as `req.authInfo.appState`. Default: none. */
  appState?: PerRequest<Record<string, unknown> | undefined>;

  // Passport's own options, none of which is sent to Auth0.

  /** Passport: puts the user on `req` under this name, and signs nobody in. */
  assignProperty?: string;
  /** Passport: whether to set `req.authInfo`. Default: `true`. */
  authInfo?: boolean;
  /** Passport: a failure's message by `req.flash`, or this one in its place. */
  failureFlash?: string | boolean;
  /** Passport: a failure's message in `req.session.messages`, or this one in its place. */
  failureMessage?: string | boolean;
  /** Passport: where to send the browser after a failure. */
  failureRedirect?: string;
  /** Passport: whether a failure goes to the error handler. Default: `false`. */
  failWithError?: boolean;
  /** Passport: whether what the session holds stays there at a login; a step-up wants it. Default: `false`. */
  keepSessionInfo?: boolean;
  /** Passport: whether to keep the user in the session. Default: `true`. */
  session?: boolean;
  /** Passport: a message by `req.flash` after a login. */
  successFlash?: string | boolean;
  /** Passport: a message in `req.session.messages` after a login. */
  successMessage?: string | boolean;
  /** Passport: where to send the browser after a login; `req.authInfo` does not survive it. */
  successRedirect?: string;
  /** Passport: the same, where the session has no `returnTo`. */
  successReturnToOrRedirect?: string;
}

type With<Action> = AuthenticateOptions & { action: Action };

/** Options of a route that sends a code or a link: `passport.authenticate(name, start({ … }))`. */
export const start = (options: AuthenticateOptions = {}): With<'start'> => ({ ...options, action: 'start' });

/** Options of a route that sends again to the pending address. */
export const resend = (options: AuthenticateOptions = {}): With<'resend'> => ({ ...options, action: 'resend' });

/** Options of a route that takes the code, or a link's callback. */
export const verify = (options: AuthenticateOptions = {}): With<'verify'> => ({ ...options, action: 'verify' });
