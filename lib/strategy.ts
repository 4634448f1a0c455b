import Base from 'passport-strategy';
import type { Auth0Client } from './auth0/client.js';
import { createAuth0Client } from './auth0/create-client.js';
import type { AuthenticateOptions } from './authenticate-options.js';
import { crossSiteRefusal } from './cross-site.js';
import { readCredentials } from './credentials.js';
import { outcomePublisher } from './diagnostics.js';
import { PasswordlessError } from './errors.js';
import { createAttempts } from './flows/attempts.js';
import type { Context, Input } from './flows/context.js';
import { finishLink } from './flows/link.js';
import { pending, type Pending } from './flows/pending.js';
import { PushPolls } from './flows/push-polls.js';
import { SingleFlight } from './flows/single-flight.js';
import { resend, start } from './flows/start.js';
import { verifyPosted } from './flows/verify.js';
import { worded } from './messages.js';
import { Factors } from './mfa/factors.js';
import { MfaSession } from './mfa/session.js';
import type { StrategyOptions, StrategyOptionsWithRequest } from './options.js';
import { type AuthInfo, fail as failure, type FailureInfo, type MfaRequiredInfo, type Outcome } from './outcome.js';
import type { RequestLike } from './request.js';
import { readSettings } from './settings.js';
import { PendingLogins } from './transaction/pending-logins.js';
import { createSeal } from './transaction/seal.js';
import { createVerifier, type VerifyFunction, type VerifyFunctionWithRequest } from './verify.js';

/** Passport's actions, which it puts on the strategy for each request. */
interface Actions {
  success: (user: unknown, info: AuthInfo) => void;
  fail: (info: FailureInfo | MfaRequiredInfo, status: number) => void;
  redirect: (url: string, status: number) => void;
  pass: () => void;
  error: (error: unknown) => void;
}

type Flow = (context: Context, input: Input) => Promise<Outcome>;

// The types of passport-strategy would bring those of Express into every project that uses this one.
const PassportStrategy: new () => object = Base;

/**
 * Signs users in with Auth0's embedded passwordless login: a code by email or SMS, or a link by email.
 *
 * ```ts
 * passport.use(new PasswordlessStrategy({ domain, clientID, clientSecret }, async (tokens, profile) => findUser(profile)));
 * app.post('/login', passport.authenticate('auth0-passwordless', start({ pendingRedirect: '/login/code' })));
 * app.post('/login/code', passport.authenticate('auth0-passwordless', verify({ successRedirect: '/' })));
 * ```
 */
export class PasswordlessStrategy extends PassportStrategy {
  /** The name for `passport.authenticate`: the option `name`. */
  readonly name: string;
  /** The Auth0 calls of this application. */
  readonly auth0: Auth0Client;
  /** The second factor of a pending login: what the user has, what is asked for, what can be enrolled. */
  readonly mfa: MfaSession;
  /** The second factors of a user who is signed in. */
  readonly factors: Factors;
  declare private readonly context: Context;

  /** @throws {TypeError} for a bad option, naming it and the remedy. */
  constructor(options: StrategyOptionsWithRequest, verify: VerifyFunctionWithRequest);
  constructor(options: StrategyOptions, verify: VerifyFunction);
  constructor(
    options: StrategyOptions | StrategyOptionsWithRequest,
    verify: VerifyFunction | VerifyFunctionWithRequest,
  ) {
    super();
    const settings = readSettings(options);
    if (typeof verify !== 'function') {
      throw new TypeError(
        'PasswordlessStrategy: verify is required: a function that turns tokens and profile into a user.',
      );
    }
    const { clientID, issuer, name } = settings;
    const { transactionSecrets, ...credentials } = readCredentials(options);
    const purpose = `pending login v1 ${JSON.stringify([issuer, clientID, name])}`;

    this.name = name;
    this.auth0 = createAuth0Client(settings, credentials);
    this.factors = new Factors(this.auth0);
    const context: Context = {
      settings,
      auth0: this.auth0,
      pendingLogins: new PendingLogins(settings.store, createSeal(transactionSecrets, purpose)),
      share: createAttempts(),
      polls: new PushPolls(),
      sends: new SingleFlight(),
      verify: createVerifier(verify, settings.passReqToCallback),
    };
    this.mfa = new MfaSession(() => context);
    // Not a #private field: Passport runs the strategy as the prototype of another object.
    Object.defineProperty(this, 'context', { value: context });
  }

  /** Called by Passport. Ends in exactly one of its actions. */
  authenticate(req: RequestLike, options: AuthenticateOptions = {}): void {
    // Taken now: where a strategy is given by instance, the next request's actions take these ones' places.
    const { success, fail, redirect, pass, error } = this as unknown as Actions;
    const publish = outcomePublisher(this.name, options.action ?? 'verify');
    run(this.context, { req, options, began: performance.now() })
      .then((outcome) => {
        publish(outcome);
        switch (outcome.action) {
          case 'success':
            success(outcome.user, outcome.info);
            break;
          case 'fail':
            fail(outcome.info, outcome.status);
            break;
          case 'redirect':
            redirect(outcome.url, 303);
            break;
          case 'pass':
            pass();
        }
      })
      .catch((cause: unknown) => {
        publish({ action: 'error', error: cause });
        // A falsy error would look to the router like none, and let the request through.
        if (cause) error(cause);
        else error(new Error('The login failed for no given reason.'));
      });
  }

  /**
   * The login that is pending in this browser, for the page that asks for the code; undefined where there is none. Of
   * several it is the second factor, or else the newest. `req` is whatever the framework hands a handler: a request, or Koa's `ctx`.
   */
  pending(req: RequestLike): Promise<Pending | undefined> {
    return pending(this.context, req);
  }
}

async function run(context: Context, input: Input): Promise<Outcome> {
  const { pendingLogins, settings } = context;
  const { req, options } = input;
  const outcome = await take(context, input);
  if (outcome.action !== 'fail') return outcome;
  // Passport is about to put a message into the session, all of which is saved then.
  if (options.failureMessage || options.failureFlash) await pendingLogins.refresh(req);
  if (options.failureMessage) keepNewestMessages(req);
  const info = { ...outcome.info, ...(await pendingLogins.forClient(req)) };
  return { ...outcome, info: worded(settings, req, info, outcome.code) };
}

/** Passport only ever adds to them, and each request of a stranger may fail. */
function keepNewestMessages({ session }: RequestLike): void {
  const { messages } = (session ?? {}) as { messages?: unknown };
  if (Array.isArray(messages)) Object.assign(session as object, { messages: messages.slice(1 - MAX_MESSAGES) });
}

const MAX_MESSAGES = 10;

async function take(context: Context, input: Input): Promise<Outcome> {
  const { req, options } = input;
  const { action = 'verify', stage = 'code' }: { action?: string | undefined; stage?: string | undefined } = options;
  if (stage !== 'code' && stage !== 'mfa') {
    throw new PasswordlessError('configuration_error', "The option stage must be 'code' or 'mfa'.");
  }
  if (context.pendingLogins.areHeldByClient) ensureNoRedirect(options);
  const flow = flowOf(action, req.method);
  if (!flow) return failure('method_not_allowed');
  const refusal = req.method === 'POST' ? crossSiteRefusal(context, req) : undefined;
  return refusal ? failure('cross_site_request', { message: refusal.message }) : flow(context, input);
}

/** A redirect would lose what the client is to send back. */
function ensureNoRedirect(options: AuthenticateOptions): void {
  const name = (['pendingRedirect', 'mfaRedirect', 'failureRedirect'] as const).find(
    (each) => options[each] !== undefined,
  );
  if (!name) return;
  throw new PasswordlessError(
    'configuration_error',
    `With store 'client' the answer carries the pending login, so ${name} cannot be used: answer with JSON.`,
  );
}

function flowOf(action: string, method: string | undefined): Flow | undefined {
  switch (action) {
    case 'start':
      return method === 'POST' ? start : undefined;
    case 'resend':
      return method === 'POST' ? resend : undefined;
    case 'verify':
      return method === 'POST' ? verifyPosted : method === 'GET' ? finishLink : undefined;
    default:
      throw new PasswordlessError('configuration_error', "The option action must be 'start', 'resend' or 'verify'.");
  }
}
