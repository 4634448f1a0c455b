import type { Client } from './clients.js';
import { createClock, type Clock } from './clock.js';
import type { Codes } from './codes.js';
import { Faults } from './faults.js';
import { createInbox, type Outbox } from './inbox.js';
import { createIssued, type Issued } from './issued.js';
import { SigningKeys } from './keys.js';
import { createMfaState, type MfaState } from './mfa/state.js';
import type { Connection, MfaPolicy, Settings } from './options.js';
import { RateLimit } from './rate-limit.js';
import { UserDirectory } from './users.js';

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

/** Of a tenant that is about to start: nothing has happened yet. */
export function createContext(settings: Settings, address: string): Context {
  const domain = new URL(address).origin;
  const clock = createClock();
  return {
    settings,
    mfaByCode: settings.mfa,
    domain,
    issuer: `${domain}/`,
    clock,
    users: new UserDirectory(settings.users),
    clients: new Map(settings.clients.map((each) => [each.clientID, each])),
    connections: new Map(settings.connections.map((each) => [each.name, each])),
    codes: new Map(),
    issued: createIssued(),
    mfa: createMfaState(clock),
    inbox: createInbox(),
    keys: new SigningKeys(),
    faults: new Faults(),
    startLimit: new RateLimit(settings.startLimit, clock),
    otpLimit: new RateLimit(settings.startLimit, clock),
  };
}
