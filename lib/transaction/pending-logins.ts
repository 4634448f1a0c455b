import type { RequestLike } from '../request.js';
import type { Seal } from './seal.js';
import type { TransactionStore } from './store.js';
import type { Transactions } from './transaction.js';

/** Reads and writes one browser's pending logins, sealed. */
export class PendingLogins {
  constructor(
    private readonly store: TransactionStore,
    private readonly seal: Seal,
  ) {}

  /** Undefined when what is stored was altered, or sealed by another key, tenant, client or strategy. */
  async load(req: RequestLike): Promise<Transactions | undefined> {
    const sealed: unknown = await this.store.load(req);
    if (sealed === undefined || sealed === null) return [];
    const text = typeof sealed === 'string' ? this.seal.open(sealed) : undefined;
    return text === undefined ? undefined : (JSON.parse(text) as Transactions);
  }

  async save(req: RequestLike, transactions: Transactions): Promise<void> {
    if (transactions.length === 0) await this.store.clear(req);
    else await this.store.save(req, this.seal.seal(JSON.stringify(transactions)));
  }
}
