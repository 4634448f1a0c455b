import { createHash } from 'node:crypto';
import type { Factor } from './mfa/factors.js';
import type { Strategy } from './options.js';

/**
 * A user of the tenant. One with an email and a phone number is reached by both (Auth0 calls these linked accounts;
 * the email identity is the primary one, whose `sub` both logins carry).
 */
export interface User {
  /** Kept in lower case, as Auth0 does. */
  email?: string;
  /** E.164: a plus sign and up to 15 digits. */
  phoneNumber?: string;
  /** The `sub` of the tokens; default `email|`, `sms|` or `auth0|` and 24 hex digits that follow from the address. */
  userID?: string;
  /**
   * The database connection the user is of. Default none: a passwordless user. On Auth0, too, these are different users, though
   * the address be the same.
   */
  connection?: string;
  /** Default false; a login by email makes it true. */
  emailVerified?: boolean;
  /** Default false; a login by SMS makes it true. A start answers it; no token carries it, nor does `/userinfo`. */
  phoneVerified?: boolean;
  /** A blocked user gets no tokens and no code (of a database connection, see `otpBlockedUser`); default false. */
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

/** The users behind `tenant.users`, an array that anybody may push to. */
export class UserDirectory {
  readonly list: User[];
  private admitted = 0;
  private newest: User | undefined;

  constructor(users: User[]) {
    this.list = users.map((user) => ({ ...structuredClone(user), userID: user.userID ?? defaultUserID(user) }));
  }

  /**
   * A passwordless user, or one of a database connection. `address` is in lower case. Looks from the end, where those are who
   * are signing up right now.
   */
  find(strategy: Strategy, address: string, database?: string): User | undefined {
    return this.search(strategy, address, ({ connection }) => connection === database);
  }

  /** Auth0 creates the user at the first successful verification, not when the code is sent. */
  signIn(strategy: Strategy, address: string, database?: string): User {
    let user = this.find(strategy, address, database);
    if (!user) {
      user = strategy === 'email' ? { email: address } : { phoneNumber: address };
      if (database !== undefined) user.connection = database;
      user.userID = defaultUserID(user);
      this.list.push(user);
    }
    user[strategy === 'email' ? 'emailVerified' : 'phoneVerified'] = true;
    return user;
  }

  /** The user of an email address or a phone number, as a test names one. */
  named(who: string | User): User {
    if (typeof who !== 'string') return who;
    const address = who.trim().toLowerCase();
    const user = this.search(address.startsWith('+') ? 'sms' : 'email', address);
    if (user) return user;
    throw new Error('No user has this address. Seed the user (users), or sign the user up by a first login.');
  }

  private search(strategy: Strategy, address: string, fits: (user: User) => boolean = () => true): User | undefined {
    this.admit();
    const user =
      strategy === 'email'
        ? this.list.findLast((each) => each.email === address && fits(each))
        : this.list.findLast((each) => each.phoneNumber === address && fits(each));
    if (user) user.userID ??= defaultUserID(user);
    return user;
  }

  /** Puts the emails of users who came since into lower case, so that finding one of thousands is a plain comparison. */
  private admit(): void {
    const isLonger = this.list[this.admitted - 1] === this.newest;
    for (const user of this.list.slice(isLonger ? this.admitted : 0)) {
      if (user.email !== undefined) user.email = user.email.toLowerCase();
    }
    this.admitted = this.list.length;
    this.newest = this.list.at(-1);
  }
}

export function defaultUserID(user: User): string {
  const { email, phoneNumber = '', connection } = user;
  const address = email?.toLowerCase() ?? phoneNumber;
  if (connection !== undefined) return `auth0|${digits(connection, address)}`;
  return userIDOf(email === undefined ? 'sms' : 'email', address);
}

/** The same address has the same `sub` on every run, which keeps an app's own development database usable. */
export function userIDOf(strategy: Strategy, address: string): string {
  return `${strategy}|${digits(strategy, address)}`;
}

const digits = (connection: string, address: string) =>
  createHash('sha256').update(`${connection}:${address}`).digest('hex').slice(0, 24);
