import { remember } from './bounded.js';
import type { Clock } from './clock.js';
import { OAuthError, replyOf } from './errors.js';
import type { Reply } from './http.js';

const HOUR = 3600;
const ADDRESSES = 10_000;

/** A token bucket for each address or user: `limit` at once, refilled evenly over so many seconds. */
export class RateLimit {
  private readonly buckets = new Map<string, { tokens: number; at: number }>();

  constructor(
    private readonly limit: number,
    private readonly clock: Clock,
    private readonly period = HOUR,
  ) {}

  /** Counts one request (none with `cost` 0), and returns the headers that Auth0 puts on every answer; `retry-after` only where it is refused. */
  take(address: string, cost: 0 | 1 = 1): { allowed: boolean; headers: Record<string, string> } {
    if (this.limit === Infinity) return { allowed: true, headers: {} };
    const now = this.clock.now();
    const perSecond = this.limit / this.period;
    const last = this.buckets.get(address) ?? { tokens: this.limit, at: now };
    // The clock may have been reset.
    const passed = Math.max(0, now - last.at);
    const available = Math.min(this.limit, last.tokens + passed * perSecond);
    const allowed = available >= 1;
    const tokens = allowed ? available - cost : available;
    remember(this.buckets, address, { tokens, at: now }, ADDRESSES);
    return {
      allowed,
      headers: {
        'x-ratelimit-limit': String(this.limit),
        'x-ratelimit-remaining': String(Math.floor(tokens)),
        // In the machine's time, not the tenant's: the caller compares it with its own.
        'x-ratelimit-reset': String(Math.ceil(Date.now() / 1000 + (this.limit - tokens) / perSecond)),
        ...(allowed ? {} : { 'retry-after': String(Math.ceil((1 - tokens) / perSecond)) }),
      },
    };
  }
}

/** The answer to one request from this address, or a refusal; with the headers of the limit either way. */
export async function limited(limit: RateLimit, address: string, answer: () => Reply): Promise<Reply> {
  const { allowed, headers } = limit.take(address);
  const reply = await replyOf(() => {
    if (allowed) return answer();
    throw new OAuthError(429, 'too_many_requests', 'Global limit has been reached');
  });
  return { ...reply, headers: { ...reply.headers, ...headers } };
}
