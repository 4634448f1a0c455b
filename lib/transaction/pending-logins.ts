import type { RequestLike } from '../request.js';
import { isOfAnother } from '../signed-in.js';
import { ClientStore } from './client-store.js';
import type { Seal } from './seal.js';
import { ensureRoomForMfa, renewSession, SessionStore } from './session-store.js';
import type { TransactionStore } from './store.js';
import { isLive, type Transactions } from './transaction.js';

type Open = (req: RequestLike, sealed: unknown) => Transactions | undefined;

/** Reads and writes one browser's pending logins, sealed. */
export class PendingLogins {
  private readonly open: Open;
  /** The session store, if that is in use: each request works on its own copy of the session. */
  private readonly sessions: SessionStore | undefined;

  constructor(
    private readonly store: TransactionStore,
    private readonly seal: Seal,
  ) {
    this.open = createOpener(seal);
    this.sessions = store instanceof SessionStore ? store : undefined;
  }

  /**
   * Without a step-up of somebody else than who is signed in now. Undefined when what is stored was altered, or sealed by
   * another key, tenant, client or strategy.
   */
  async load(req: RequestLike): Promise<Transactions | undefined> {
    const sealed: unknown = await this.store.load(req);
    if (sealed === undefined || sealed === null) return [];
    return this.open(req, sealed)?.filter((each) => each.stage !== 'mfa' || !isOfAnother(each.login, req));
  }

  /**
   * Changes what is pending now, which other requests may have changed since this one began. What `change` returns as it
   * came is not written.
   */
  async update(req: RequestLike, change: (now: Transactions) => Transactions): Promise<void> {
    const write = async () => {
      const now = (await this.load(req)) ?? [];
      const changed = change(now);
      if (changed !== now) await this.save(req, changed);
    };
    await (this.sessions ? this.sessions.update(req, write) : write());
  }

  /** Brings the request's session up to date, for what is about to copy or save all of it. */
  async refresh(req: RequestLike): Promise<void> {
    await this.sessions?.refresh(req);
  }

  /** Before a second factor is kept. */
  ensureRoomForMfa(req: RequestLike): void {
    if (this.sessions) ensureRoomForMfa(req);
  }

  /** Gives the session a new id: half a login is worth fixing a session for. */
  async renewSession(req: RequestLike): Promise<void> {
    if (this.areHeldByClient) return;
    await this.refresh(req);
    await renewSession(req);
  }

  /** Whether the client keeps them, and no browser is bound to them. */
  get areHeldByClient(): boolean {
    return this.store instanceof ClientStore;
  }

  /** What the client has to send back with its next request; undefined where that is nothing. */
  async forClient(req: RequestLike): Promise<{ transaction: string } | undefined> {
    if (!this.areHeldByClient || !(await this.load(req))?.some(isLive)) return undefined;
    const transaction = await this.store.load(req);
    return transaction ? { transaction } : undefined;
  }

  private async save(req: RequestLike, transactions: Transactions): Promise<void> {
    if (transactions.length === 0) await this.store.clear(req);
    else await this.store.save(req, this.seal.seal(padded(JSON.stringify(transactions))));
  }
}

/** Prevents account enumeration by length: what is sealed grows in steps. JSON ignores the spaces. */
function padded(json: string): string {
  const length = Buffer.byteLength(json);
  return json + ' '.repeat(Math.ceil(length / GRID) * GRID - length);
}

/** Bytes. */
const GRID = 256;

/**
 * A flow reads what is pending before it acts, and once more as it writes: this opens it once. In a closure, as it holds
 * addresses.
 */
function createOpener(seal: Seal): Open {
  const last = new WeakMap<RequestLike, { sealed: unknown; transactions: Transactions | undefined }>();

  return (req, sealed) => {
    const opened = last.get(req);
    if (opened && opened.sealed === sealed) return opened.transactions;
    const text = typeof sealed === 'string' ? seal.open(sealed) : undefined;
    const transactions = text === undefined ? undefined : (JSON.parse(text) as Transactions);
    last.set(req, { sealed, transactions });
    return transactions;
  };
}
