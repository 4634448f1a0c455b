import type { Auth0Client } from '../auth0/client.js';
import type { StartParams } from '../auth0/endpoints.js';
import type { EndUser } from '../auth0/requests.js';
import { hasCode } from '../errors.js';
import { fail, failOrThrow, type Outcome } from '../outcome.js';
import { isLanguage, resolveText } from '../per-request.js';
import type { Settings } from '../settings.js';
import { epochSeconds } from '../time.js';
import {
  added,
  type CodeTransaction,
  isLive,
  isOfDatabase,
  type LinkTransaction,
  type Recipient,
  recipientOf,
  type Transaction,
} from '../transaction/transaction.js';
import { sessionID } from '../transaction/session-store.js';
import type { Context, Input } from './context.js';
import { readIdentifier } from './identifier.js';
import { mfaRequired } from './mfa-required.js';
import { newTransaction, renewed } from './new-transaction.js';

/** Sends a code or a link to the address in the body, and keeps a pending login. */
export async function start(context: Context, input: Input): Promise<Outcome> {
  const { pendingLogins, settings } = context;
  const identifier = readIdentifier(input.req, settings.fields);
  if (typeof identifier === 'string') return fail(identifier);

  const transaction = newTransaction(context, input, identifier);
  const pending = await pendingLogins.load(input.req);
  const sameAddress = pending?.findLast((other) => isLive(other) && isSameAddress(transaction, other));
  return send(context, input, transaction, sameAddress);
}

/** Sends again to the address that is pending, in the same way. */
export async function resend(context: Context, input: Input): Promise<Outcome> {
  const pending = await context.pendingLogins.load(input.req);
  if (!pending) return fail('transaction_invalid');
  if (pending.length === 0) return fail('transaction_missing');
  const newest = pending.findLast(isLive);
  if (!newest) return fail('transaction_expired');
  if (newest.stage === 'mfa') return mfaRequired(newest, input.options);
  return send(context, input, renewed(newest, context.settings.transactionTTL), newest);
}

async function send(
  { auth0, pendingLogins, sends, settings }: Context,
  input: Input,
  transaction: CodeTransaction | LinkTransaction,
  previous: Transaction | undefined,
): Promise<Outcome> {
  const retryAfter = previous ? previous.sentAt + settings.resendCooldown - epochSeconds() : 0;
  if (retryAfter > 0) return fail('resend_too_soon', { retryAfter });

  // Before the call: what an option's function throws is the app's own.
  const user = endUser(settings, input);
  const save = (sent: Transaction) => pendingLogins.update(input.req, (now) => added(now, sent));
  const session = pendingLogins.areHeldByClient ? undefined : (previous?.id ?? sessionID(input.req));
  const { stage, connection, identifier } = transaction;
  const key = session && JSON.stringify([session, stage, connection, identifier]);
  try {
    await save(await sends.run(key, input.began, () => deliver(auth0, transaction, user)));
  } catch (error) {
    // The message may still arrive.
    if (hasCode(error, 'timeout') && !isOfDatabase(transaction)) await save(transaction);
    return failOrThrow(error);
  }
  const url = input.options.pendingRedirect;
  return url === undefined ? { action: 'pass' } : { action: 'redirect', url };
}

/** Has the message sent, and returns what is pending then. */
async function deliver(
  auth0: Auth0Client,
  transaction: CodeTransaction | LinkTransaction,
  user: EndUser,
): Promise<Transaction> {
  try {
    if (!isOfDatabase(transaction)) {
      await auth0.start(startParams(transaction), user);
      return transaction;
    }
    const { database } = transaction;
    const authSession = fixedLength(await auth0.challengeOTP({ ...transaction, ...database }, user));
    return { ...transaction, database: { ...database, authSession } };
  } catch (error) {
    // Prevents account enumeration: a start that Auth0 denies for its address looks like any other.
    if (!hasCode(error, 'access_denied', 'user_blocked')) throw error;
    if (!isOfDatabase(transaction) || transaction.database.authSession !== undefined) return transaction;
    return { ...transaction, database: { ...transaction.database, authSession: fixedLength('') } };
  }
}

/** Prevents account enumeration: a refused start has no auth_session, and must not be shorter for that. */
function fixedLength(authSession: string): string {
  return authSession.padEnd(Math.ceil(Math.max(1, authSession.length) / 512) * 512);
}

function isSameAddress({ connection, identifier }: Recipient, other: Transaction): boolean {
  const to = recipientOf(other);
  return to?.connection === connection && JSON.stringify(to.identifier) === JSON.stringify(identifier);
}

function startParams(transaction: CodeTransaction | LinkTransaction): StartParams {
  const { connection, identifier, stage: send } = transaction;
  if (transaction.stage === 'code') return { connection, identifier, send };
  const { id, nonce, callbackURL, scope, audience, organization } = transaction;
  const link = { redirect_uri: callbackURL, scope, state: id, nonce, audience, organization };
  return { connection, identifier, send, link };
}

/** Language and address of the person who asks; what cannot stand in a header is left out. */
function endUser(settings: Settings, { req, options }: Input): EndUser {
  const language = resolveText('language', options.language, req) ?? resolveText('language', settings.language, req);
  return { language: isLanguage(language) ? language : undefined, ip: settings.endUserIP(req) };
}
