import type { TokenResponse } from '../auth0/tokens.js';
import type { Outcome } from '../outcome.js';

interface Steps {
  /** The call to Auth0, made once for all the requests. */
  exchange: () => Promise<TokenResponse>;
  /** What each request makes of a call that failed. */
  failed: (error: unknown) => Outcome | Promise<Outcome>;
  /** What each request does to its own session after Auth0 took the code, and before anyone is signed in. */
  spent: () => Promise<void>;
  /** From the tokens to an outcome, once for all the requests. */
  signIn: (response: TokenResponse) => Promise<Outcome>;
}

interface Attempt {
  response: Promise<TokenResponse>;
  outcome?: Promise<Outcome>;
  requests: number;
}

/**
 * A double click brings the same code twice, and Auth0 takes it once: the second request joins the first one's attempt,
 * which lasts until both are done. The attempts hold codes and tokens, so they stay in this closure, where
 * `util.inspect` of the strategy does not reach.
 */
export function createAttempts() {
  const underWay = new Map<string, Attempt>();

  return async function share(key: string, { exchange, failed, spent, signIn }: Steps): Promise<Outcome> {
    const attempt = underWay.get(key) ?? { response: exchange(), requests: 0 };
    underWay.set(key, attempt);
    attempt.requests += 1;
    try {
      let response: TokenResponse;
      try {
        response = await attempt.response;
      } catch (error) {
        return await failed(error);
      }
      await spent();
      attempt.outcome ??= signIn(response);
      return await attempt.outcome;
    } finally {
      attempt.requests -= 1;
      if (attempt.requests === 0) underWay.delete(key);
    }
  };
}
