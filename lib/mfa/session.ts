import { type Authenticator, type Challenge, type Enrollment, type EnrollParams, factorOf } from '../auth0/mfa.js';
import { isPasswordlessError, PasswordlessError } from '../errors.js';
import type { Context } from '../flows/context.js';
import { readEmail, readPhoneNumber } from '../flows/identifier.js';
import { isCrossSite, type RequestLike } from '../request.js';
import { added, isLive, type MfaTransaction, removed, type Transactions } from '../transaction/transaction.js';

/** What `challenge` answers. With `prompt` the user types a code; without, the user answers a push on the phone. */
export type ChallengeResult = Omit<Challenge, 'oobCode'> & { name?: string };

/** What `enroll` answers, once. The factor is verified like one that was challenged, and is active from then on. */
export type EnrollmentResult = Omit<Enrollment, 'oobCode'>;

/** What `enroll` is to enrol. */
export interface EnrollOptions {
  type: 'otp' | 'sms' | 'voice' | 'email' | 'push';
  /** For `sms` and `voice`. */
  phoneNumber?: string | undefined;
  /** For `email`. */
  email?: string | undefined;
}

/** What a step answers, and what of it is to be remembered. */
type Step<T> = Promise<[result: T, remembered: Partial<MfaTransaction>]>;

/**
 * The second factor of the login that is pending in a browser. `req` is whatever the framework hands a handler: a
 * request, or Koa's `ctx`. The factor is verified by `passport.authenticate`, like any other step of a login.
 *
 * Every method rejects with a `PasswordlessError`: `transaction_missing` where no second factor is pending,
 * `invalid_factor`, `mfa_expired`, or what the call to Auth0 ended in.
 */
export class MfaSession {
  /**
   * @param context Behind a function, so that nothing of it shows when the strategy is printed.
   * @internal
   */
  constructor(private readonly context: () => Context) {}

  /** The user's active authenticators, as far as Auth0 takes them for this login. */
  list(req: RequestLike): Promise<Authenticator[]> {
    return this.step(req, async (mfa) => {
      const authenticators = await this.authenticators(mfa);
      return [authenticators, { authenticators }];
    });
  }

  /** Has a code or a push sent to one of them. */
  challenge(req: RequestLike, { authenticatorId }: { authenticatorId: string }): Promise<ChallengeResult> {
    return this.step(req, async (mfa) => {
      this.refuseCrossSite(req);
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
  }

  /** Enrols a factor for a user who has none. */
  enroll(req: RequestLike, options: EnrollOptions): Promise<EnrollmentResult> {
    return this.step(req, async (mfa) => {
      this.refuseCrossSite(req);
      const params = readEnrollOptions(options);
      const enrollment = await this.context().auth0.associate(mfa.mfaToken, allowed(params, mfa));
      const { oobCode, ...result } = enrollment;
      const { type, channel, prompt } = enrollment;
      const challenge: Challenge = { type, prompt, ...(channel && { channel }), ...(oobCode && { oobCode }) };
      return [result, { challenge }];
    });
  }

  private async step<T>(req: RequestLike, take: (mfa: MfaTransaction) => Step<T>): Promise<T> {
    const { pendingLogins } = this.context();
    const mfa = pendingMfa(await pendingLogins.load(req));
    try {
      const [result, remembered] = await take(mfa);
      await pendingLogins.update(req, (now) => {
        // Another request may have finished this login.
        const still = now.find(({ id }) => id === mfa.id);
        return still?.stage === 'mfa' ? added(now, { ...still, ...remembered }) : now;
      });
      return result;
    } catch (error) {
      if (isPasswordlessError(error) && error.code === 'mfa_expired') {
        await pendingLogins.update(req, (now) => removed(now, mfa.id));
      }
      throw error;
    }
  }

  /** Another site must not have messages sent, or a factor of its own enrolled. */
  private refuseCrossSite(req: RequestLike): void {
    if (isCrossSite(req) && !this.context().settings.allowCrossSite) throw new PasswordlessError('cross_site_request');
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

function readEnrollOptions(options: EnrollOptions): EnrollParams {
  switch (options.type) {
    case 'otp':
    case 'push':
      return { type: options.type };
    case 'sms':
    case 'voice': {
      const phoneNumber = readPhoneNumber(options, 'phoneNumber');
      if (phoneNumber) return { type: options.type, phoneNumber };
      throw new PasswordlessError('invalid_phone_number');
    }
    case 'email': {
      const email = readEmail(options, 'email');
      if (email) return { type: options.type, email };
      throw new PasswordlessError('invalid_email');
    }
    default:
      throw new PasswordlessError('invalid_factor');
  }
}

function allowed(params: EnrollParams, { requirements }: MfaTransaction): EnrollParams {
  const factor = factorOf(params.type === 'otp' ? { type: 'otp' } : { type: 'oob', channel: params.type });
  if (!requirements || requirements.enroll.includes(factor)) return params;
  throw new PasswordlessError('invalid_factor');
}
