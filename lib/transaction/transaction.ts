import { randomBytes } from 'node:crypto';
import type { Identifier } from '../auth0/endpoints.js';
import type { Authenticator, Challenge } from '../auth0/mfa.js';
import type { MfaRequired } from '../auth0/mfa-required.js';

interface BaseTransaction {
  /** Random, and known to this browser only. For a link it is the `state`. */
  id: string;
  connection: string;
  identifier: Identifier;
  scope: string;
  audience?: string | undefined;
  /** What the ID token must name. */
  organization?: string | undefined;
  appState?: unknown;
  /** Epoch seconds of the last send. */
  sentAt: number;
  /** Epoch seconds. */
  expiresAt: number;
}

export interface CodeTransaction extends BaseTransaction {
  stage: 'code';
}

export interface LinkTransaction extends BaseTransaction {
  stage: 'link';
  nonce: string;
  callbackURL: string;
}

/** A login whose first factor was right, and which Auth0 wants a second for. */
export interface MfaTransaction extends BaseTransaction, MfaRequired {
  stage: 'mfa';
  /** How the first factor was proved. */
  method: 'code' | 'link';
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

export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function isLink(transaction: Transaction): transaction is LinkTransaction {
  return transaction.stage === 'link';
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

/** The same, where there is none of this id. */
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
