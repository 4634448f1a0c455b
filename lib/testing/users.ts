import { createHash } from 'node:crypto';
import type { Factor } from './mfa/factors.js';
import type { Strategy } from './options.js';

/**
 * A user of the tenant. One with an email and a phone number is reached by both (Auth0 calls these linked accounts;
 * the email identity is the primary one, whose `sub` both logins carry).
 */
export interface User {
  /** Lower case, as Auth0 stores it. */
  email?: string;
  /** E.164: a plus sign and up to 15 digits. */
  phoneNumber?: string;
  /** The `sub` of the tokens; default `email|` or `sms|` and 24 hex digits that follow from the address. */
  userID?: string;
  /** Default false; a login by email makes it true. */
  emailVerified?: boolean;
  /** Default false; a login by SMS makes it true. In the profile only: no token carries it. */
  phoneVerified?: boolean;
  /** A blocked user gets no code and no tokens; default false. */
  blocked?: boolean;
  /** Default: the email address or phone number. */
  name?: string;
  /** Default: the part of the email address before the `@`. */
  nickname?: string;
  givenName?: string;
  familyName?: string;
  /** Default: an avatar URL with the initials, as Auth0 makes them up. Nothing here loads it. */
  picture?: string;
  locale?: string;
  /**
   * The one organization the user is a member of: `org_id` (and `org_name`) of the ID token after a magic link whose
   * `authParams` name it as `organization`. Whether Auth0 honours that parameter in links is not documented.
   */
  orgID?: string;
  orgName?: string;
  /** Second factors that the user has, for `mfa`; default none. What is enrolled is added here. */
  factors?: Factor[];
}

const property = { email: 'email', sms: 'phoneNumber' } as const;

/** Newest first, because the ones who are signing up right now are at the end. */
export function findUser(users: User[], strategy: Strategy, address: string): User | undefined {
  const name = property[strategy];
  const user = users.findLast(
    // Comparing lengths first keeps a miss cheap with thousands of users.
    (each) => each[name]?.length === address.length && (each[name] === address || each[name].toLowerCase() === address),
  );
  if (user) user.userID ??= defaultUserID(user);
  return user;
}

/** Auth0 creates the user at the first successful verification, not when the code is sent. */
export function signIn(users: User[], strategy: Strategy, address: string): User {
  let user = findUser(users, strategy, address);
  if (!user) {
    user = { [property[strategy]]: address, userID: userIDOf(strategy, address) };
    users.push(user);
  }
  user[strategy === 'email' ? 'emailVerified' : 'phoneVerified'] = true;
  return user;
}

export function defaultUserID(user: User): string {
  if (user.email !== undefined) return userIDOf('email', user.email.toLowerCase());
  return userIDOf('sms', user.phoneNumber ?? '');
}

/** The user of an email address or a phone number, as a test names one. */
export function userNamed(users: User[], who: string | User): User {
  if (typeof who !== 'string') return who;
  const address = who.trim().toLowerCase();
  const user = findUser(users, address.startsWith('+') ? 'sms' : 'email', address);
  if (user) return user;
  throw new Error('No user has this address. Seed the user (users), or sign the user up by a first login.');
}

/** The same address has the same `sub` on every run, which keeps an app's own development database usable. */
export function userIDOf(strategy: Strategy, address: string): string {
  return `${strategy}|${createHash('sha256').update(`${strategy}:${address}`).digest('hex').slice(0, 24)}`;
}
