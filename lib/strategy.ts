import Base from 'passport-strategy';
import { Auth0Client } from './auth0/client.js';
import { clientSecretPost } from './auth0/client-auth.js';
import { readObject } from './auth0/answers.js';
import { keysRequest } from './auth0/endpoints.js';
import { createHttp } from './auth0/http.js';
import { createIDTokenVerifier, sharedSecret } from './auth0/id-token.js';
import { createKeySet } from './auth0/key-set.js';
import type { AuthenticateOptions } from './authenticate-options.js';
import { PasswordlessError } from './errors.js';
import { createAttempts } from './flows/attempts.js';
import type { Context, Input } from './flows/context.js';
import { finishLink } from './flows/link.js';
import { pending, type Pending } from './flows/pending.js';
import { PushPolls } from './flows/push-polls.js';
import { resend, start } from './flows/start.js';
import { verifyPosted } from './flows/verify.js';
import { MfaSession } from './mfa/session.js';
import type { StrategyOptions, StrategyOptionsWithRequest } from './options.js';
import { fail, type AuthInfo, type FailureInfo, type MfaRequiredInfo, type Outcome } from './outcome.js';
import { isCrossSite, type RequestLike } from './request.js';
import { readClientSecret, readSettings, readTransactionSecrets } from './settings.js';
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
const PassportStrategy = Base as unknown as new () => object;

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
  readonly name: string;
  /** The Auth0 calls of this application. */
  readonly auth0: Auth0Client;
  /** The second factor of a pending login: what the user has, what is asked for, what can be enrolled. */
  readonly mfa: MfaSession;
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
    const clientSecret = readClientSecret(options);
    const http = createHttp(settings);
    const keys = createKeySet(async () => readObject(await http.send(keysRequest())));
    const idTokenKey = settings.alg === 'HS256' ? sharedSecret(clientSecret) : keys;
    const seal = createSeal(
      readTransactionSecrets(options),
      `pending login v1 ${JSON.stringify([issuer, clientID, name])}`,
    );

    this.name = name;
    this.auth0 = new Auth0Client(
      http,
      clientSecretPost(clientID, clientSecret),
      createIDTokenVerifier(settings, idTokenKey),
    );
    const context: Context = {
      settings,
      auth0: this.auth0,
      pendingLogins: new PendingLogins(settings.store, seal),
      attempts: createAttempts(),
      polls: new PushPolls(),
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
    run(this.context, { req, options })
      .then((outcome) => {
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
  const { req, options } = input;
  const { action = 'verify', stage = 'code' }: { action?: string; stage?: string } = options;
  if (stage !== 'code' && stage !== 'mfa') {
    throw new PasswordlessError('configuration_error', "The option stage must be 'code' or 'mfa'.");
  }
  const flow = flowOf(action, req.method);
  if (!flow) return fail('method_not_allowed');
  if (req.method === 'POST' && isCrossSite(req) && !context.settings.allowCrossSite) return fail('cross_site_request');
  const outcome = await flow(context, input);
  // Passport is about to put a message into the session, all of which is saved then.
  if (outcome.action === 'fail' && (options.failureMessage || options.failureFlash)) {
    await context.pendingLogins.refresh(req);
  }
  return outcome;
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
