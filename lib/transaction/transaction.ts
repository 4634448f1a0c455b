import { randomBytes } from 'node:crypto';
import type { Identifier } from '../auth0/endpoints.js';

interface BaseTransaction {
  /** Random, and known to this browser only. For a link it is the `state`. */
  id: string;
  connection: string;
  identifier: Identifier;
  scope: string;
  audience?: string | undefined;
  appState?: unknown;
  /** Epoch seconds of the last send. */
  sentAt: number;
  /** Epoch seconds. */
  expiresAt: number;
}

export interface CodeTransaction extends BaseTransaction {
  method: 'code';
}

export interface LinkTransaction extends BaseTransaction {
  method: 'link';
  nonce: string;
  callbackURL: string;
  organization?: string | undefined;
}

/** A pending login: what was asked for when the message was sent, to be held against what comes back. */
export type Transaction = CodeTransaction | LinkTransaction;

/** One browser's pending logins, in the order in which they were sent: at most one code, and three links. */
export type Transactions = readonly Transaction[];

const MAX_LINKS = 3;

export function randomID(): string {
  return randomBytes(24).toString('base64url');
}

export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}

export function isLive(transaction: Transaction): boolean {
  return epochSeconds() < transaction.expiresAt;
}

/** Adds the newest, which takes the place of an older code, and drops what is over. */
export function added(transactions: Transactions, newest: Transaction): Transactions {
  const others = transactions.filter((other) => isLive(other) && other.id !== newest.id);
  const codes = [...others, newest].filter(({ method }) => method === 'code').slice(-1);
  const links = [...others, newest].filter(({ method }) => method === 'link').slice(-MAX_LINKS);
  return [...others, newest].filter((kept) => codes.includes(kept) || links.includes(kept));
}

export function removed(transactions: Transactions, id: string): Transactions {
  return transactions.filter((other) => isLive(other) && other.id !== id);
}

/** The address as it may be shown: `a•••@example.com`, `+•••4567`. */
export function masked(identifier: Identifier): string {
  if ('phone_number' in identifier) return `+•••${identifier.phone_number.slice(-4)}`;
  const [first = ''] = identifier.email;
  return `${first}•••${identifier.email.slice(identifier.email.lastIndexOf('@'))}`;
}
