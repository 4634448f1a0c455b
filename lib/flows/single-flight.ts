/** Milliseconds for which a result is kept for requests that began before it was there. */
const KEPT = 10_000;

interface Call {
  result: Promise<unknown>;
  endedAt?: number;
}

/** Lets requests that ask for the same thing share one call: a double click sends one message. */
export class SingleFlight {
  // Private, so that no log of the strategy shows the addresses in it.
  readonly #calls = new Map<string, Call>();

  /**
   * @param key Names the session and what it asks for; undefined shares nothing.
   * @param began When the request began. One that began before the call ended may have read its session too early to
   * know of it, and shares the result, too.
   */
  async run<T>(key: string | undefined, began: number, call: () => Promise<T>): Promise<T> {
    if (key === undefined) return call();
    this.#forget();
    const running = this.#calls.get(key);
    if (running && (running.endedAt === undefined || began <= running.endedAt)) return running.result as Promise<T>;
    const result = call();
    const entry: Call = { result };
    this.#calls.delete(key);
    this.#calls.set(key, entry);
    try {
      return await result;
    } catch (error) {
      // Sent again, it may succeed.
      if (this.#calls.get(key) === entry) this.#calls.delete(key);
      throw error;
    } finally {
      entry.endedAt = performance.now();
    }
  }

  #forget(): void {
    for (const [key, { endedAt }] of this.#calls) {
      if (endedAt !== undefined && performance.now() - endedAt > KEPT) this.#calls.delete(key);
    }
  }
}
