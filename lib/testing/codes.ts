import { randomInt } from 'node:crypto';
import { remember } from './bounded.js';
import type { Context } from './context.js';
import type { Client } from './clients.js';
import type { Connection, PasswordlessConnection, Strategy } from './options.js';
import { OAuthError, userIsBlocked } from './errors.js';
import type { User } from './users.js';

interface Code {
  value: string;
  clientID: string;
  expiresAt: number;
  failures: number;
}

const PENDING = 100_000;

/** The newest code of each address and connection; a link is the same code in a URL. */
export type Codes = Map<string, Code>;

const keyOf = (connection: Connection, address: string) => `${connection.name}\n${address}`;

/** Until when a code that was issued is good; undefined if it is so no more. */
export function codeExpiry(
  { codes, settings }: Context,
  connection: Connection,
  address: string,
  value: string,
): number | undefined {
  const code = codes.get(keyOf(connection, address));
  return code?.value === value && code.failures < settings.maxAttempts ? code.expiresAt : undefined;
}

/** Issues a code; an older one for the same address is void. */
export function issueCode(context: Context, client: Client, connection: Connection, address: string): string {
  const key = keyOf(connection, address);
  let value: string;
  do value = newCode(context.settings.codeLength);
  while (value === context.codes.get(key)?.value);
  const expiresAt = context.clock.now() + context.settings.codeTTL;
  remember(context.codes, key, { value, clientID: client.clientID, expiresAt, failures: 0 }, PENDING);
  return value;
}

/** Never all zeros, so that a test has a code that is always wrong. */
export const newCode = (digits: number): string => String(randomInt(1, 10 ** digits)).padStart(digits, '0');

/** Spends a code and signs its user in (and up, the first time). */
export function redeemCode(
  context: Context,
  client: Client,
  connection: PasswordlessConnection,
  address: string,
  value: string,
): User {
  const key = keyOf(connection, address);
  const code = context.codes.get(key);
  // Used and superseded codes are simply wrong, and so is one that another application asked for.
  if (code?.clientID !== client.clientID) throw wrongCode(connection.strategy);
  if (code.failures >= context.settings.maxAttempts) throw tooManyAttempts();
  if (context.clock.now() >= code.expiresAt) {
    throw invalidGrant('The verification code has expired. Please try to login again.');
  }
  if (code.value !== value) {
    code.failures += 1;
    throw code.failures >= context.settings.maxAttempts ? tooManyAttempts() : wrongCode(connection.strategy);
  }
  context.codes.delete(key);
  const user = context.users.signIn(connection.strategy, address);
  if (user.blocked) throw userIsBlocked();
  return user;
}

const invalidGrant = (description: string) => new OAuthError(403, 'invalid_grant', description);

const wrongCode = (strategy: Strategy) =>
  invalidGrant(`Wrong ${strategy === 'email' ? 'email' : 'phone number'} or verification code.`);

const tooManyAttempts = () => invalidGrant("You've reached the maximum number of attempts. Please try to login again.");
