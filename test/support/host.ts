import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  AuthenticateOptions,
  PasswordlessStrategy,
  RequestLike,
  StrategyOptions,
} from 'passport-auth0-passwordless';
import {
  isPasswordlessError,
  mfaMiddleware,
  resend,
  start,
  verify,
  type VerifyFunction,
} from 'passport-auth0-passwordless';

/** A host of Passport as the scenarios know it: they see nothing else of it. */
export interface Host {
  name: string;
  /** A cookie has no room for a second factor. */
  sessions: 'store' | 'cookie';
  /** Whether an app starts that has forgotten a middleware. */
  canForget: boolean;
  /** Whether its routes can be guarded by `requireMfa`. */
  guards?: boolean;
  /** Starts an app with these routes on a free port of 127.0.0.1. */
  listen(setup: HostSetup): Promise<HostApp>;
}

export interface HostSetup {
  options: StrategyOptions;
  verify: VerifyFunction;
  /** A middleware that the app forgot. */
  without?: Missing | undefined;
  /** Options of every route, in addition to its action. */
  route: AuthenticateOptions;
  /** Called by the handler behind a route of `/pages`, which only a login may reach. */
  reached: (path: string) => void;
}

export type Missing = 'session' | 'body parser';

export interface HostApp {
  strategy: PasswordlessStrategy;
  origin: string;
  close: () => Promise<unknown>;
}

/** What `passport.authenticate` is given, by the last part of the path. */
const steps = {
  start: start(),
  link: start({ send: 'link' }),
  resend: resend(),
  code: verify({ stage: 'code' }),
  callback: verify(),
  mfa: verify({ stage: 'mfa' }),
  database: start({ connection: { database: 'users' } }),
  stepUp: verify({ stage: 'mfa', keepSessionInfo: true }),
} satisfies Record<string, AuthenticateOptions>;

export type Step = keyof typeof steps;

/**
 * The routes of every app, for GET and for POST:
 *
 * - `/pages/<step>`: Passport's redirects, and a handler behind that responds with `{ user, info }` from `req.authInfo`.
 * - `/<step>`: a custom callback, which responds with its arguments: `{ user, info }`, or the failure's info and status.
 *   If the strategy passes the request on, the response is that of the page `/pending`.
 * - `/mfa/<list | challenge | enroll>`: the MFA middleware, and a handler behind that responds with its result.
 * - the pages below, and `/me`: `{ user }`.
 * - if the host `guards`: `/vault`, for users who proved a second factor in the last five minutes, as recorded on
 *   `/pages/<step>`.
 *
 * The error handler responds with `{ error }` and the error's status.
 */
export const pagesRoutes = (route: AuthenticateOptions) =>
  Object.entries(steps).map(([step, options]) => ({
    path: `/pages/${step}`,
    options: {
      pendingRedirect: '/pending',
      mfaRedirect: '/pending',
      failureRedirect: '/messages',
      failureMessage: true,
      ...route,
      ...options,
    },
  }));

export const jsonRoutes = (route: AuthenticateOptions) =>
  Object.entries(steps).map(([step, options]) => ({ path: `/${step}`, options: { ...route, ...options } }));

export const mfaRoutes = (strategy: PasswordlessStrategy) => {
  const mfa = mfaMiddleware(strategy);
  return (['list', 'challenge', 'enroll'] as const).map((step) => ({ path: `/mfa/${step}`, handler: mfa[step]() }));
};

/** The key of the session under which every app keeps its transactions. */
export const sessionKey = 'pending login';

type Session = Record<string, unknown> | undefined;

export type Page = (req: RequestLike, strategy: PasswordlessStrategy) => unknown;

export const pendingPage: Page = async (req, strategy) => ({ pending: (await strategy.pending(req)) ?? null });

/** The API for which a tenant may want a second factor. */
export const payments = 'https://payments.example.com';

/** Asks for tokens for that API; begins a step-up where they take a second factor. Ours is a user who keeps the tokens. */
const stepUpPage: Page = async (req, strategy) => {
  const { user = (req as { state?: { user?: unknown } }).state?.user } = req as { user?: unknown };
  const { sub, refreshToken } = user as { sub: string; refreshToken: string };
  try {
    const { scope } = await strategy.auth0.refresh(refreshToken, { audience: payments, scope: 'openid email' });
    return { scope };
  } catch (error) {
    return strategy.mfa.begin(req, error, { sub, appState: { returnTo: '/pay' } });
  }
};

export const MFA_SCOPES = 'openid enroll read:authenticators remove:authenticators';

/**
 * Calls a method of `strategy.factors` as the query says, with `token`, or an access token for the MFA API, which is kept for
 * the next call unless `wanted` names other scopes. Where that takes a second factor, begins a step-up.
 */
const factorsPage: Page = async (req, strategy) => {
  const { user = (req as { state?: { user?: unknown } }).state?.user } = req as { user?: unknown };
  const { sub = '', iss, refreshToken = '', accessToken = '', scope } = user as Record<string, string>;
  const { call, argument = '""', token, wanted } = req.query as Record<string, string>;
  const session = req.session as Record<string, string>;
  const open = async () => {
    const asked = { audience: `${iss}mfa/`, scope: wanted ?? MFA_SCOPES };
    session.opened = (await strategy.auth0.refresh(refreshToken, asked)).accessToken;
    return session.opened;
  };
  const kept = scope?.includes(':authenticators') ? accessToken : session.opened;
  try {
    const opened = token ?? (wanted === undefined ? kept : undefined) ?? (await open());
    const method = call as 'list' | 'enroll' | 'verify' | 'remove';
    return (await strategy.factors[method](opened, JSON.parse(argument) as never)) ?? { done: true };
  } catch (error) {
    return strategy.mfa.begin(req, error, { sub });
  }
};

/** Pages without authentication: what each answers, as JSON. `req` is what the host hands a handler. */
export const otherPages: { path: string; read: Page }[] = [
  { path: '/pending', read: pendingPage },
  { path: '/step-up', read: stepUpPage },
  { path: '/factors', read: factorsPage },
  {
    path: '/cart',
    read(req) {
      const session = req.session as Record<string, unknown>;
      session.cups = Number(session.cups ?? 0) + 1;
      return { cups: session.cups };
    },
  },
  { path: '/messages', read: ({ session }) => ({ messages: (session as Session)?.messages ?? [] }) },
  {
    path: '/tamper',
    read: ({ session }) => {
      (session as NonNullable<Session>)[sessionKey] = 'altered';
      return {};
    },
  },
];

export interface ErrorResponse {
  status: number;
  body: { error: object };
}

/** The response of every error handler. */
export function errorResponse(error: unknown): ErrorResponse {
  const { status, statusCode, message } = error as { status?: number; statusCode?: number; message: string };
  return {
    status: status ?? statusCode ?? 500,
    body: { error: isPasswordlessError(error) ? error.toJSON() : { message } },
  };
}

/** Of a server that was told to listen on 127.0.0.1. */
export async function listening(server: Server): Promise<Pick<HostApp, 'origin' | 'close'>> {
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
