import { type Authenticator, type Challenge, type Enrollment, type EnrollParams, factorOf } from '../auth0/mfa.js';
import { mfaRequiredBy } from '../auth0/mfa-required.js';
import { crossSiteRefusal } from '../cross-site.js';
import { hasCode, PasswordlessError } from '../errors.js';
import type { Context } from '../flows/context.js';
import { mfaRequiredInfo, mfaTransaction } from '../flows/mfa-required.js';
import { readAppState } from '../flows/new-transaction.js';
import { worded, wordedError } from '../messages.js';
import type { MfaRequiredInfo } from '../outcome.js';
import type { RequestLike } from '../request.js';
import { signedInUser } from '../signed-in.js';
import { epochSeconds } from '../time.js';
import { added, isLive, type MfaTransaction, removed, type Transactions } from '../transaction/transaction.js';
import { isText } from '../values.js';
import { type EnrollOptions, readEnrollOptions } from './enroll-options.js';

interface ForClient {
  /** With `store: 'client'`: what to send back with the next request. */
  transaction?: string;
}

/** What `challenge` answers. With `prompt` the user types a code; without, the user answers a push on the phone. */
export type ChallengeResult = Omit<Challenge, 'oobCode'> & { name?: string } & ForClient;

/** What `enroll` answers, once. The factor is verified like one that was challenged, and is active from then on. */
export type EnrollmentResult = Omit<Enrollment, 'oobCode'> & ForClient;

/** What `begin` is to know of the user. */
export interface StepUpOptions {
  /** `sub` of the user who is signed in: another one's second factor is refused (`subject_mismatch`). */
  sub: string;
  /** JSON of at most 1 kB, which comes back as `req.authInfo.appState`. Default: none. */
  appState?: Record<string, unknown> | undefined;
}

/** What a step answers, and what of it is to be remembered. */
type Step<T> = Promise<[result: T, remembered: Partial<MfaTransaction>]>;

/**
 * The second factor of the login that is pending in a browser. `req` is whatever the framework hands a handler: a
 * request, or Koa's `ctx`. The factor is verified by `passport.authenticate`, like any other step of a login.
 *
 * What these methods refuse is a `PasswordlessError`: `transaction_missing` where no second factor is pending,
 * `transaction_expired` or `transaction_invalid` where it can be no more, `cross_site_request`, `invalid_factor`,
 * `mfa_expired`, or what the call to Auth0 ended in.
 */
export class MfaSession {
  /**
   * @param context Behind a function, so that nothing of it shows when the strategy is printed.
   * @internal
   */
  constructor(private readonly context: () => Context) {}

  /**
   * Begins a step-up: a second factor for a user who is signed in, where `strategy.auth0.refresh` was answered with
   * `mfa_required`. The same pages and routes finish it; `verify` gets the new tokens, and `req.authInfo` has `stepUp`. Give
   * its route `keepSessionInfo: true`, or Passport empties the session as it does at every login. It is for this session,
   * and for whom Passport has signed in to it: nobody else can finish it.
   *
   * @param error What `refresh` rejected with; anything but an `mfa_required` of Auth0's is thrown on.
   * @throws {TypeError} where `sub` is missing.
   * @throws {PasswordlessError} `configuration_error` where the session lives in a cookie, or `appState` is too long.
   */
  async begin(req: RequestLike, error: unknown, options: StepUpOptions): Promise<MfaRequiredInfo> {
    const required = mfaRequiredBy(error);
    if (!required) throw error;
    if (!isText((options as Partial<StepUpOptions> | undefined)?.sub))
      throw new TypeError('mfa.begin: sub is required: the "sub" of the user who is signed in.');
    const { pendingLogins, settings } = this.context();
    const { sub, appState } = options;
    const login = { sub, user: signedInUser(req) };
    const facts = { login, appState: readAppState(appState), sentAt: epochSeconds() };
    const mfa = mfaTransaction(settings, required, facts);
    pendingLogins.ensureRoomForMfa(req);
    await pendingLogins.update(req, (now) => added(now, mfa));
    return worded(settings, req, { ...mfaRequiredInfo(mfa), ...(await pendingLogins.forClient(req)) });
  }

  /** The user's active authenticators, as far as Auth0 takes them for this login. */
  list(req: RequestLike): Promise<Authenticator[]> {
    return this.step(req, undefined, async (mfa) => {
      const authenticators = await this.authenticators(mfa);
      return [authenticators, { authenticators }];
    });
  }

  /** Has a code or a push sent to one of them: `authenticatorId` is its `id`. `invalid_factor` where there is none of this id. */
  async challenge(req: RequestLike, { authenticatorId }: { authenticatorId: string }): Promise<ChallengeResult> {
    const result = await this.step(req, ['challenge', authenticatorId], async (mfa) => {
      if (typeof authenticatorId !== 'string') throw new PasswordlessError('invalid_factor');
      const authenticators = mfa.authenticators ?? (await this.authenticators(mfa));
      const authenticator = authenticators.find(({ id }) => id === authenticatorId);
      if (!authenticator) throw new PasswordlessError('invalid_factor');
      const { name, type } = authenticator;
      const challenge: Challenge =
        type === 'recovery-code'
          ? { type, prompt: true }
          : await this.context().auth0.challenge(mfa.mfaToken, authenticator);
      const { oobCode, ...result } = challenge;
      return [
        { ...result, ...(name !== undefined && { name }) },
        { authenticators, challenge },
      ];
    });
    return { ...result, ...(await this.context().pendingLogins.forClient(req)) };
  }

  /**
   * Enrols a factor for a user who has none.
   *
   * @throws {PasswordlessError} also `invalid_phone_number`, `invalid_email`; for a user who has a factor `invalid_factor`,
   * or `already_enrolled` where Auth0 sent no requirements.
   */
  async enroll(req: RequestLike, options: EnrollOptions): Promise<EnrollmentResult> {
    const result = await this.step(req, ['enroll', options], async (mfa) => {
      const params = readEnrollOptions(options);
      const enrollment = await this.context().auth0.associate(mfa.mfaToken, allowed(params, mfa));
      const { oobCode, ...result } = enrollment;
      const { type, channel, prompt } = enrollment;
      const challenge: Challenge = { type, prompt, ...(channel && { channel }), ...(oobCode && { oobCode }) };
      return [result, { challenge }];
    });
    return { ...result, ...(await this.context().pendingLogins.forClient(req)) };
  }

  /** @param change What a step that changes something asks for: concurrent requests for the same share one call. */
  private async step<T>(req: RequestLike, change: unknown, take: (mfa: MfaTransaction) => Step<T>): Promise<T> {
    const began = performance.now();
    const { pendingLogins, sends, settings } = this.context();
    if (change || pendingLogins.areHeldByClient) this.refuseCrossSite(req);
    try {
      const mfa = pendingMfa(await pendingLogins.load(req));
      const key = change && !pendingLogins.areHeldByClient ? JSON.stringify([mfa.id, change]) : undefined;
      const [result, remembered] = await sends
        .run(key, began, () => take(mfa))
        .catch(async (error: unknown) => {
          if (hasCode(error, 'mfa_expired')) await pendingLogins.update(req, (now) => removed(now, mfa.id));
          throw error;
        });
      await pendingLogins.update(req, (now) => {
        // Another request may have finished this login.
        const still = now.find(({ id }) => id === mfa.id);
        return still?.stage === 'mfa' ? added(now, { ...still, ...remembered }) : now;
      });
      return result;
    } catch (error) {
      throw wordedError(settings, req, error);
    }
  }

  /**
   * Another site must not have messages sent, or a factor of its own enrolled.
   * @internal
   */
  refuseCrossSite(req: RequestLike): void {
    const refusal = crossSiteRefusal(this.context(), req);
    if (refusal) throw wordedError(this.context().settings, req, refusal);
  }

  private async authenticators({ mfaToken, requirements }: MfaTransaction): Promise<Authenticator[]> {
    const authenticators = await this.context().auth0.authenticators(mfaToken);
    return authenticators.filter((each) => !requirements || requirements.challenge.includes(factorOf(each)));
  }
}

function pendingMfa(pending: Transactions | undefined): MfaTransaction {
  if (!pending) throw new PasswordlessError('transaction_invalid');
  const mfa = pending.find((each) => each.stage === 'mfa');
  if (!mfa) throw new PasswordlessError('transaction_missing');
  if (!isLive(mfa)) throw new PasswordlessError('transaction_expired');
  return mfa;
}

function allowed(params: EnrollParams, { requirements }: MfaTransaction): EnrollParams {
  const factor = factorOf(params.type === 'otp' ? { type: 'otp' } : { type: 'oob', channel: params.type });
  if (!requirements || requirements.enroll.includes(factor)) return params;
  throw new PasswordlessError('invalid_factor');
}
