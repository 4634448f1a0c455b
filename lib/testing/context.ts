import type { Clock } from './clock.js';
import type { Client } from './clients.js';
import type { Codes } from './codes.js';
import type { Issued } from './issued.js';
import type { Faults } from './faults.js';
import type { Outbox } from './inbox.js';
import type { SigningKeys } from './keys.js';
import type { MfaState } from './mfa/state.js';
import type { RateLimit } from './rate-limit.js';
import type { Connection, MfaPolicy, Settings } from './options.js';
import type { UserDirectory } from './users.js';

/** What the endpoints of one tenant share. */
export interface Context {
  /** Most of them can change while the tenant runs, so none is copied: see `tenant.configure`. */
  settings: Settings;
  /** The policy that code set last, which the inbox page comes back to. */
  mfaByCode: MfaPolicy;
  /** The tenant's own origin: `tenant.domain`. */
  domain: string;
  /** The origin it was called by, which may be a custom domain, with a trailing slash. */
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
  faults: Faults;
  startLimit: RateLimit;
  otpLimit: RateLimit;
}
