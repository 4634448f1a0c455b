import type { AuthenticateOptions } from '../authenticate-options.js';
import { mfaRequiredBy } from '../auth0/mfa-required.js';
import { FAILURES } from '../errors.js';
import { failOrThrow, type MfaRequiredInfo, type Outcome } from '../outcome.js';
import { renewSession } from '../transaction/session-store.js';
import {
  added,
  epochSeconds,
  type MfaTransaction,
  randomID,
  removed,
  type Transaction,
} from '../transaction/transaction.js';
import type { Context, Input } from './context.js';

/** Seconds for which an mfa_token is taken to live; Auth0's documents say 5 minutes and 10. */
const MFA_TTL = 300;

interface FirstFactor {
  transaction: Transaction;
  method: 'code' | 'link';
}

/** Keeps what `mfa_required` brought, in a new session: half a login is worth fixing a session for. Other errors pass. */
export async function secondFactor(
  { pendingLogins, settings }: Context,
  { req, options }: Input,
  { transaction, method }: FirstFactor,
  error: unknown,
): Promise<Outcome> {
  const required = mfaRequiredBy(error);
  if (!required) return failOrThrow(error);
  const { connection, identifier, scope, audience, organization, appState, sentAt } = transaction;
  const mfa: MfaTransaction = {
    ...{ connection, identifier, scope, audience, organization, appState, sentAt },
    ...required,
    id: randomID(),
    stage: 'mfa',
    method,
    expiresAt: epochSeconds() + Math.min(MFA_TTL, settings.transactionTTL),
  };
  await pendingLogins.refresh(req);
  await renewSession(req, settings.keepsInSession);
  await pendingLogins.update(req, (now) => added(removed(now, transaction.id), mfa));
  return mfaRequired(mfa, options);
}

export function mfaRequired(mfa: MfaTransaction, { mfaRedirect }: AuthenticateOptions): Outcome {
  if (mfaRedirect !== undefined) return { action: 'redirect', url: mfaRedirect };
  return { action: 'fail', info: mfaRequiredInfo(mfa), status: FAILURES.mfa_required[0] };
}

export function mfaRequiredInfo({ requirements, expiresAt }: MfaTransaction): MfaRequiredInfo {
  const [, message] = FAILURES.mfa_required;
  return { code: 'mfa_required', message, ...(requirements && { requirements }), expiresAt };
}
