import type { RequestLike } from '../request.js';

/**
 * Where one browser's pending logins are kept between requests. `value` is an opaque, sealed string with all of them;
 * each method may be asynchronous, and what it throws reaches the app's error handler unchanged. Do not keep it under the
 * session's id, which changes when a second factor begins.
 */
export interface TransactionStore {
  /** What was saved last for this request's browser; nothing where there is none. */
  load(req: RequestLike): string | null | undefined | Promise<string | null | undefined>;
  /** Keeps `value` for this request's browser, in place of what was there. */
  save(req: RequestLike, value: string): void | Promise<void>;
  /** Forgets what this request's browser has. */
  clear(req: RequestLike): void | Promise<void>;
}
