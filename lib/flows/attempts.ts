import type { TokenResponse } from '../auth0/client.js';
import { mfaRequiredBy } from '../auth0/mfa-required.js';
import type { Outcome } from '../outcome.js';

/** Milliseconds for which a code is remembered that Auth0 has taken. */
const LATE = 5_000;

interface Steps {
  /** The call to Auth0, made once for all the requests. */
  exchange: () => Promise<TokenResponse>;
  /** What each request makes of a call that failed. */
  failed: (error: unknown) => Outcome | Promise<Outcome>;
  /** What each request does to its own session after Auth0 took the code, and before anyone is signed in. */
  spent?: () => Promise<void>;
  /** From the tokens to an outcome, once for all the requests. */
  signIn: (response: TokenResponse) => Promise<Outcome>;
}

interface Attempt {
  response: Promise<TokenResponse>;
  outcome?: Promise<Outcome>;
  requests: number;
  /** Once Auth0 has taken the code, however the login goes on. */
  isSpent?: boolean;
  end?: NodeJS.Timeout;
}

/** The exchanges under way, and those just done. */
export interface Attempts {
  share(key: string, steps: Steps): Promise<Outcome>;
}

/**
 * A double click brings the same code twice, and Auth0 takes it once: the second request joins the first one's attempt,
 * which lasts until both are done, and a little longer where Auth0 took the code: a request that has read its session by
 * then may be on its way here. The attempts hold codes and tokens, so they stay in this closure, where `util.inspect` of
 * the strategy does not reach.
 */
export function createAttempts(): Attempts {
  const underWay = new Map<string, Attempt>();

  return {
    async share(key, { exchange, failed, spent, signIn }) {
      const attempt = underWay.get(key) ?? { response: exchange(), requests: 0 };
      underWay.set(key, attempt);
      attempt.requests += 1;
      try {
        let response: TokenResponse;
        try {
          response = await attempt.response;
          attempt.isSpent = true;
        } catch (error) {
          attempt.isSpent = mfaRequiredBy(error) !== undefined;
          return await failed(error);
        }
        await spent?.();
        attempt.outcome ??= signIn(response);
        return await attempt.outcome;
      } finally {
        attempt.requests -= 1;
        if (attempt.isSpent) attempt.end ??= setTimeout(() => underWay.delete(key), LATE).unref();
        else if (attempt.requests === 0) underWay.delete(key);
      }
    },
  };
}
