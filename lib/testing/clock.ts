/** The tenant's own time, so that a test need not wait for a code to expire. */
export interface Clock {
  /** The tenant's time: seconds since the epoch, with fractions. Runs on with the machine's clock. */
  now(): number;
  /**
   * Moves the tenant's time on by so many seconds: codes, authorization codes and access tokens age, hourly limits
   * fill up again. Tokens are still stamped with the machine's time, so that a client accepts a login made afterwards.
   */
  advance(seconds: number): void;
  /**
   * Takes the tenant's time back to the machine's; `skew` stays. What had expired is good again, and what was issued in
   * the meantime lives longer by what was advanced.
   */
  reset(): void;
  /**
   * Seconds added to `iat` and `exp` of the tokens issued from now on; default 0. A tenant whose clock runs fast
   * (`3600`) or slow (`-3600`), or an ID token that has expired already (minus `idTokenTTL` and some).
   */
  skew: number;
}

export function createClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() / 1000 + ahead,
    advance(seconds) {
      if (!Number.isFinite(seconds) || seconds < 0) {
        throw new TypeError('clock.advance: pass a number of seconds, 0 or more; the way back is clock.reset()');
      }
      ahead += seconds;
    },
    reset() {
      ahead = 0;
    },
    skew: 0,
  };
}
