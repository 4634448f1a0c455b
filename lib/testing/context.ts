import type { Clock } from './clock.js';
import type { Client } from './clients.js';
import type { Codes } from './codes.js';
import type { Issued } from './issued.js';
import type { Outbox } from './inbox.js';
import type { SigningKeys } from './keys.js';
import type { MfaState } from './mfa/state.js';
import type { RateLimit } from './rate-limit.js';
import type { Connection, Settings } from './options.js';
import type { UserDirectory } from './users.js';

/** What the endpoints of one tenant share. */
export interface Context {
  settings: Settings;
  /** The origin with a trailing slash. */
  issuer: string;
  clock: Clock;
  users: UserDirectory;
  clients: Map<string, Client>;
  connections: Map<string, Connection>;
  codes: Codes;
  issued: Issued;
  mfa: MfaState;
  inbox: Outbox;
  keys: SigningKeys;
  startLimit: RateLimit;
  otpLimit: RateLimit;
}
