import { hasCode, PasswordlessError } from '../errors.js';

/** Seconds between two polls: 12 a minute, which is Auth0's limit. */
const INTERVAL = 5;

const MAX_POLLS = 10_000;

interface Poll {
  /** Seconds. */
  interval: number;
  /** Milliseconds since the epoch. */
  notBefore: number;
}

/** Keeps polls of a push apart, however often a page asks: one that comes early is answered without a call. */
export class PushPolls {
  private readonly polls = new Map<string, Poll>();

  /** @throws {PasswordlessError} `mfa_pending` with `retryAfter`, or what `call` threw. */
  async poll<T>(id: string, call: () => Promise<T>): Promise<T> {
    const poll = this.polls.get(id) ?? { interval: INTERVAL, notBefore: 0 };
    if (Date.now() < poll.notBefore) throw pending(poll);
    poll.notBefore = Date.now() + poll.interval * 1000;
    this.remember(id, poll);
    try {
      return await call();
    } catch (error) {
      if (!hasCode(error, 'mfa_pending')) throw error;
      const slower = error.retryAfter ?? 0;
      poll.interval += slower;
      poll.notBefore += slower * 1000;
      throw pending(poll);
    }
  }

  /** Newest last; the oldest, of logins long over, goes first. */
  private remember(id: string, poll: Poll): void {
    this.polls.delete(id);
    this.polls.set(id, poll);
    const [oldest] = this.polls.keys();
    if (this.polls.size > MAX_POLLS && oldest !== undefined) this.polls.delete(oldest);
  }
}

function pending({ notBefore }: Poll): PasswordlessError {
  const retryAfter = Math.max(1, Math.ceil((notBefore - Date.now()) / 1000));
  return new PasswordlessError('mfa_pending', undefined, { retryAfter });
}
