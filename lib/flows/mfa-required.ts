import type { AuthenticateOptions } from '../authenticate-options.js';
import { type MfaRequired, mfaRequiredBy } from '../auth0/mfa-required.js';
import { FAILURES } from '../errors.js';
import { fail, failOrThrow, type MfaRequiredInfo, type Outcome } from '../outcome.js';
import type { Settings } from '../settings.js';
import { epochSeconds } from '../time.js';
import {
  added,
  type Login,
  type MfaTransaction,
  randomID,
  removed,
  type Transaction,
} from '../transaction/transaction.js';
import type { Context, Input } from './context.js';

/** Seconds for which an mfa_token is taken to live; Auth0's documents say 5 minutes and 10. */
const MFA_TTL = 300;

/** What a call ends in that brought no tokens. What `mfa_required` brought is kept, in a new session. */
export async function exchangeFailed(
  context: Context,
  { req, options }: Input,
  { transaction, login }: { transaction: Transaction; login: Login },
  error: unknown,
): Promise<Outcome> {
  const required = mfaRequiredBy(error);
  if (!required) return failOrThrow(error);
  const { pendingLogins, settings } = context;
  const { appState, sentAt } = transaction;
  const mfa = mfaTransaction(settings, required, { login, appState, sentAt });
  pendingLogins.ensureRoomForMfa(req);
  await pendingLogins.renewSession(req);
  await pendingLogins.update(req, (now) => added(removed(now, transaction.id), mfa));
  return mfaRequired(mfa, options);
}

export function mfaTransaction(
  { transactionTTL }: Settings,
  required: MfaRequired,
  facts: Pick<MfaTransaction, 'login' | 'appState' | 'sentAt'>,
): MfaTransaction {
  const expiresAt = epochSeconds() + Math.min(MFA_TTL, transactionTTL);
  return { ...facts, ...required, id: randomID(), stage: 'mfa', expiresAt };
}

export function mfaRequired(mfa: MfaTransaction, { mfaRedirect }: AuthenticateOptions): Outcome {
  if (mfaRedirect !== undefined) return { action: 'redirect', url: mfaRedirect, code: 'mfa_required' };
  return fail('mfa_required', mfaRequiredInfo(mfa));
}

export function mfaRequiredInfo({ requirements, expiresAt }: MfaTransaction): MfaRequiredInfo {
  const [, message] = FAILURES.mfa_required;
  return { code: 'mfa_required', message, ...(requirements && { requirements }), expiresAt };
}
