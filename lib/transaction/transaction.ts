import { randomBytes } from 'node:crypto';
import type { Identifier } from '../auth0/endpoints.js';
import type { Authenticator, Challenge } from '../auth0/mfa.js';
import type { MfaRequired } from '../auth0/mfa-required.js';
import type { ChallengeParams } from '../auth0/otp-challenge.js';
import { epochSeconds } from '../time.js';

interface BaseTransaction {
  /** Random, and known to this browser only. For a link it is the `state`. */
  id: string;
  appState?: unknown;
  /** Epoch seconds of the last send. */
  sentAt: number;
  /** Epoch seconds. */
  expiresAt: number;
}

/** Where the message went. */
export interface Recipient {
  connection: string;
  identifier: Identifier;
}

interface SentTransaction extends BaseTransaction, Recipient {
  scope: string;
  audience?: string | undefined;
}

/** How a code was asked for, and what it is exchanged with in place of connection and address. */
interface Database extends Pick<ChallengeParams, 'allowSignup' | 'deliveryMethod'> {
  authSession?: string;
}

export interface CodeTransaction extends SentTransaction {
  stage: 'code';
  /** For a user of a database connection. */
  database?: Database | undefined;
}

export interface LinkTransaction extends SentTransaction {
  stage: 'link';
  nonce: string;
  callbackURL: string;
  /** What the ID token must name. */
  organization?: string | undefined;
}

/** The first factor of a login: where its message went, and by what it was proved. */
export interface FirstFactor extends Recipient {
  method: 'code' | 'link';
  /** What the ID token must name. */
  organization?: string | undefined;
}

/** Somebody who is signed in, and asked for a second factor once more. */
export interface StepUp {
  /** The `sub` claim. */
  sub: string;
  /** Who was signed in to the session then, as a digest; undefined without one. */
  user?: string | undefined;
}

export type Login = FirstFactor | StepUp;

/** A login whose first factor was right, or a step-up: Auth0 wants a second factor. */
export interface MfaTransaction extends BaseTransaction, MfaRequired {
  stage: 'mfa';
  login: Login;
  /** What the user has, once it was asked for. */
  authenticators?: Authenticator[] | undefined;
  /** What the user was asked for last; an enrolment ends like a challenge. */
  challenge?: Challenge | undefined;
}

/** A pending login: what was asked for when the message was sent, to be held against what comes back. */
export type Transaction = CodeTransaction | LinkTransaction | MfaTransaction;

/** One browser's pending logins, in the order in which they came: at most one code or second factor, and three links. */
export type Transactions = readonly Transaction[];

const MAX_LINKS = 3;

export function randomID(): string {
  return randomBytes(24).toString('base64url');
}

export function isLink(transaction: Transaction): transaction is LinkTransaction {
  return transaction.stage === 'link';
}

/** Where its message went; undefined for a step-up, in which none was sent. */
export function recipientOf(transaction: Transaction): Recipient | undefined {
  if (transaction.stage !== 'mfa') return transaction;
  return isStepUp(transaction.login) ? undefined : transaction.login;
}

export function isStepUp(login: Login): login is StepUp {
  return 'sub' in login;
}

export function firstFactor(
  { connection, identifier, ...transaction }: CodeTransaction | LinkTransaction,
  method: FirstFactor['method'],
): FirstFactor {
  const organization = transaction.stage === 'link' ? transaction.organization : undefined;
  return { connection, identifier, organization, method };
}

export function isOfDatabase(transaction: Transaction): transaction is CodeTransaction & { database: Database } {
  return transaction.stage === 'code' && transaction.database !== undefined;
}

export function isLive(transaction: Transaction): boolean {
  return epochSeconds() < transaction.expiresAt;
}

/** Adds the newest, in place of an older code or second factor, and drops what is over. */
export function added(transactions: Transactions, newest: Transaction): Transactions {
  const others = transactions.filter((other) => isLive(other) && other.id !== newest.id);
  const all = [...others, newest];
  const kept = [...all.filter((each) => !isLink(each)).slice(-1), ...all.filter(isLink).slice(-MAX_LINKS)];
  return all.filter((each) => kept.includes(each));
}

/**
 * Without the one of this id, and without what is over. The same list where there is none of this id, so that nothing is
 * written.
 */
export function removed(transactions: Transactions, id: string): Transactions {
  if (!transactions.some((each) => each.id === id)) return transactions;
  return transactions.filter((other) => isLive(other) && other.id !== id);
}

/** The address as it may be shown: `a•••@example.com`, `+•••4567`. */
export function masked(identifier: Identifier): string {
  if ('phone_number' in identifier) return `+•••${identifier.phone_number.slice(-4)}`;
  const [first = ''] = identifier.email;
  return `${first}•••${identifier.email.slice(identifier.email.lastIndexOf('@'))}`;
}
