import type { Client } from './clients.js';
import type { Clock } from './clock.js';
import { createContext } from './context.js';
import type { Fault } from './faults.js';
import type { Inbox } from './inbox.js';
import { createListener } from './listener.js';
import type { LiveSettings, LocalTenantOptions } from './options.js';
import { answerPush, recoveryCodeFor, totpFor } from './mfa/devices.js';
import type { RecordedRequest } from './requests.js';
import { listen } from './server.js';
import { changeSettings, readSettings } from './settings.js';
import type { User } from './users.js';

/** A running tenant. `domain`, `clientID` and `clientSecret` are what the strategy takes. */
export interface LocalTenant {
  /** `http://127.0.0.1:<port>`, or with `tls` `https://localhost:<port>`. The issuer is this with a trailing slash. */
  readonly domain: string;
  /** The first client's. */
  readonly clientID: string;
  /** The first client's; empty if it has `publicKeys` instead. */
  readonly clientSecret: string;
  /**
   * What was "sent". A program gets it at `/inbox` as JSON. A browser gets a page there, on which a person can do by hand
   * what this object offers to a test.
   */
  readonly inbox: Inbox;
  /** The live list of users: push to seed one, change one in place. A sign-up adds to it when its code is verified. */
  readonly users: User[];
  /** The tenant's time: advance it, and codes and tokens expire. */
  readonly clock: Clock;
  /** The last 1,000 requests, oldest first; those for `/inbox` are left out. */
  readonly requests: RecordedRequest[];
  /**
   * Lets something go wrong; call what it returns to undo it.
   *
   * @throws TypeError for one that cannot be.
   */
  fault(fault: Fault): () => void;
  /** The faults that are still to happen, oldest first; `times` says how often. */
  readonly faults: Fault[];
  /** The options as they are now. */
  readonly settings: Readonly<LiveSettings>;
  /**
   * Changes options while the tenant runs, as in `tenant.configure({ mfa: 'always' })`: all of them but `port`, `tls`,
   * `users`, `clients`, `connections`, `apis`, `allowedLogoutURLs` and `startLimit`. Codes and tokens that are out already stay as they are.
   *
   * @throws TypeError for a bad one; then nothing is changed.
   */
  configure(changes: Partial<LiveSettings>): void;
  /**
   * The six digits that a user's newest authenticator app shows, at the tenant's time. They are good once, so advance the
   * clock by 30 seconds before the next login. A user is named by email address, by phone number or as in `users`, here
   * and below.
   *
   * @throws Error where there is no such user, or no such factor.
   */
  totp(user: string | User): string;
  /**
   * The recovery code a user has now: one that is used is replaced.
   *
   * @throws Error where there is no such user, or no such factor.
   */
  recoveryCode(user: string | User): string;
  /**
   * Has the user say yes to the newest push. Of a push factor that is just being enrolled, it says that the QR code was
   * scanned.
   *
   * @throws Error where no push is pending.
   */
  approvePush(user: string | User): void;
  /**
   * Has the user say no to the newest push.
   *
   * @throws Error where no push is pending.
   */
  rejectPush(user: string | User): void;
  /** Signs with the next key from now on and publishes a new next one; the previous key stays until the next rotation. */
  rotateKeys(): void;
  /** Cuts every connection and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a tenant that speaks Auth0's wire, on 127.0.0.1. Nothing is kept on disk, and nothing leaves the machine.
 *
 * Its first two signing keys are the same in all tenants of a process, since making RSA keys takes long: the first tenant
 * waits for them.
 *
 * @throws TypeError for a bad option, or one that there is not (as a rejection, like every error here), Error for a port
 * that cannot be had.
 */
export async function startLocalTenant(options: LocalTenantOptions = {}): Promise<LocalTenant> {
  const settings = readSettings(options);
  const [client] = settings.clients as [Client, ...Client[]];
  const server = await listen(settings);
  const context = createContext(settings, `${settings.tls ? 'https://localhost' : 'http://127.0.0.1'}:${server.port}`);
  const { clock, domain, faults, inbox, keys, users } = context;
  const requests: RecordedRequest[] = [];
  server.onRequest(createListener(context, requests));
  // Or else the first login of a test waits for them, and an app with a short timeout does not.
  await keys.ready();

  return {
    domain,
    clientID: client.clientID,
    clientSecret: client.clientSecret ?? '',
    inbox,
    users: users.list,
    clock,
    requests,
    fault: (fault) => faults.add(fault),
    get faults() {
      return faults.armed.map(({ fault, left }) => ({ ...fault, times: left }));
    },
    settings,
    configure(changes) {
      changeSettings(settings, changes);
      context.mfaByCode = changes.mfa ?? context.mfaByCode;
    },
    totp: (user) => totpFor(context, user),
    recoveryCode: (user) => recoveryCodeFor(context, user),
    approvePush(user) {
      answerPush(context, user, 'approved');
    },
    rejectPush(user) {
      answerPush(context, user, 'rejected');
    },
    rotateKeys() {
      keys.rotate();
    },
    close: () => server.close(),
  };
}
