import type { DatabaseConnection } from '../authenticate-options.js';
import type { Identifier } from '../auth0/endpoints.js';
import { PasswordlessError } from '../errors.js';
import { resolve, resolveText, scopeText } from '../per-request.js';
import { epochSeconds } from '../time.js';
import { type CodeTransaction, isLink, type LinkTransaction, randomID } from '../transaction/transaction.js';
import { isText, isWebURL } from '../values.js';
import type { Context, Input } from './context.js';

const MAX_APP_STATE = 1024;

/** A pending login as the route's options and the strategy's ask for it. */
export function newTransaction(
  { settings, pendingLogins }: Context,
  { req, options }: Input,
  identifier: Identifier,
): CodeTransaction | LinkTransaction {
  const isEmail = 'email' in identifier;
  const scope = options.scope === undefined ? settings.scope : scopeText(options.scope);
  ensure(scope, 'scope must be a string or a list of strings, and hold "openid".');
  const { connection, database } = readConnection(options.connection ?? (isEmail ? 'email' : 'sms'));
  ensure(
    connection !== (isEmail ? 'sms' : 'email') || database,
    `The connection '${connection}' cannot reach ${isEmail ? 'an email address' : 'a phone number'}: check the connection option of start() and the form.`,
  );
  const base = {
    id: randomID(),
    connection,
    identifier,
    scope,
    audience: resolveText('audience', options.audience, req) ?? settings.audience,
    appState: readAppState(resolve(options.appState, req)),
    ...lifetime(settings.transactionTTL),
  };
  const organization = resolveText('organization', options.organization, req) ?? settings.organization;
  const stage = isEmail ? (resolveText('send', options.send, req) ?? (database ? 'code' : settings.send)) : 'code';

  if (stage === 'code') {
    ensure(!organization, 'Nothing binds a code to an organization: leave organization out, or send a link.');
    return { stage, database, ...base };
  }
  ensure(stage === 'link', "send must be 'code' or 'link'.");
  ensure(!database, 'A database connection sends codes only: leave send out.');
  ensure(!pendingLogins.areHeldByClient, "A link needs the browser's session: with store 'client', send a code.");
  const callbackURL = resolveText('callbackURL', options.callbackURL, req) ?? settings.callbackURL;
  ensure(callbackURL, 'A link needs callbackURL, the absolute URL of the route that finishes it.');
  ensure(isWebURL(callbackURL), 'callbackURL must be an absolute http: or https: URL.');
  return { stage, nonce: randomID(), callbackURL, organization, ...base };
}

function readConnection(option: string | DatabaseConnection): Pick<CodeTransaction, 'connection' | 'database'> {
  if (isText(option)) return { connection: option };
  const {
    database: connection,
    allowSignup,
    deliveryMethod,
  } = option as { [Member in keyof DatabaseConnection]?: unknown };
  ensure(isText(connection), 'connection must be a name, or an object whose database is one.');
  ensure(allowSignup === undefined || typeof allowSignup === 'boolean', 'allowSignup must be a boolean.');
  const isKnown = deliveryMethod === undefined || deliveryMethod === 'text' || deliveryMethod === 'voice';
  ensure(isKnown, "deliveryMethod must be 'text' or 'voice'.");
  return { connection, database: { allowSignup, deliveryMethod } };
}

/**
 * The same login, sent anew. A link gets another state: Auth0 refuses the link before it, and that refusal must not end
 * this one.
 */
export function renewed<T extends CodeTransaction | LinkTransaction>(transaction: T, ttl: number): T {
  const renewal = { id: randomID(), ...lifetime(ttl) };
  return { ...transaction, ...renewal, ...(isLink(transaction) && { nonce: randomID() }) };
}

function lifetime(ttl: number): { sentAt: number; expiresAt: number } {
  const sentAt = epochSeconds();
  return { sentAt, expiresAt: sentAt + ttl };
}

/** @throws {PasswordlessError} `configuration_error` for what cannot be sealed, or is too long. */
export function readAppState<T>(appState: T): T {
  ensure(!(appState instanceof Promise), 'appState must not be a promise: read what it needs before the route.');
  const json = JSON.stringify(appState) as string | undefined;
  ensure(Buffer.byteLength(json ?? '') <= MAX_APP_STATE, 'appState must be at most 1 kB of JSON.');
  return appState;
}

function ensure(valid: unknown, remedy: string): asserts valid {
  if (!valid) throw new PasswordlessError('configuration_error', remedy);
}
