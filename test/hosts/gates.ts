import session from 'express-session';
import { Agent } from 'undici';
import { onTestFinished } from 'vitest';
import { dispatcherOf } from '../support/dispatcher.js';

/** Stops what a test names until the test lets it go on, so that the order of parallel requests is the test's. */
export function createGates() {
  const held = new Map<string, { arrive: () => void; opened: Promise<void> }[]>();
  const pool = new Agent();
  onTestFinished(() => pool.close());

  async function pass(name: string): Promise<void> {
    const hold = held.get(name)?.shift();
    hold?.arrive();
    await hold?.opened;
  }

  return {
    pass,
    /** Holds the next of this name: a path of Auth0's, its answer (`'<path> answered'`), or the reading of a session (`'session'`). */
    hold(name: string) {
      let arrive = () => {};
      let open = () => {};
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const opened = new Promise<void>((resolve) => (open = resolve));
      held.set(name, [...(held.get(name) ?? []), { arrive, opened }]);
      return {
        arrived,
        open: () => {
          open();
        },
      };
    },
    /** The strategy's option. */
    dispatcher: dispatcherOf(async (asked) => {
      await pass(asked.path);
      const response = await pool.request(asked);
      await pass(`${asked.path} answered`);
      return response;
    }),
  };
}

export type Gates = ReturnType<typeof createGates>;

type Callback = (error: unknown, data?: session.SessionData | null) => void;

/** A session store across a network: everything takes a while, and the last write wins. */
export class RemoteStore extends session.Store {
  readonly sessions = new Map<string, string>();
  /** How often it was asked for a session, and to keep one. */
  readonly calls = { get: 0, set: 0 };

  constructor(private readonly gates: Gates) {
    super();
  }

  /** Everything that is kept. */
  text(): string {
    return [...this.sessions.values()].join('\n');
  }

  override get(id: string, callback: Callback) {
    this.calls.get += 1;
    setTimeout(() => {
      const data = JSON.parse(this.sessions.get(id) ?? 'null') as session.SessionData | null;
      void this.gates.pass('session').then(() => {
        callback(null, data);
      });
    }, 2);
  }

  override set(id: string, data: session.SessionData, callback?: (error?: unknown) => void) {
    this.calls.set += 1;
    const text = JSON.stringify(data);
    setTimeout(() => {
      this.sessions.set(id, text);
      setTimeout(() => callback?.(), 2);
    }, 8);
  }

  override destroy(id: string, callback?: (error?: unknown) => void) {
    setTimeout(() => {
      this.sessions.delete(id);
      callback?.();
    }, 4);
  }
}
