import type { RequestLike } from '../request.js';

/**
 * Where one browser's pending logins are kept between requests. `value` is an opaque, sealed string with all of them;
 * each method may be asynchronous, and what it throws reaches the app's error handler unchanged.
 */
export interface TransactionStore {
  load(req: RequestLike): string | null | undefined | Promise<string | null | undefined>;
  save(req: RequestLike, value: string): void | Promise<void>;
  clear(req: RequestLike): void | Promise<void>;
}
