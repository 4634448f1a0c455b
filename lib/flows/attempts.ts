import type { TokenResponse } from '../auth0/client.js';
import type { Outcome } from '../outcome.js';

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
}

/**
 * The exchanges under way. A double click brings the same code twice, and Auth0 takes it once: the second request joins
 * the first one's attempt, which lasts until both are done.
 */
export class Attempts {
  private readonly underWay = new Map<string, Attempt>();

  async share(key: string, { exchange, failed, spent, signIn }: Steps): Promise<Outcome> {
    const attempt = this.underWay.get(key) ?? { response: exchange(), requests: 0 };
    this.underWay.set(key, attempt);
    attempt.requests += 1;
    try {
      let response: TokenResponse;
      try {
        response = await attempt.response;
      } catch (error) {
        return await failed(error);
      }
      await spent?.();
      attempt.outcome ??= signIn(response);
      return await attempt.outcome;
    } finally {
      attempt.requests -= 1;
      if (attempt.requests === 0) this.underWay.delete(key);
    }
  }
}
