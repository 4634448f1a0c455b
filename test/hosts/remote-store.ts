import session from 'express-session';
import type { Tap } from '../support/tap.js';

type Callback = (error: unknown, data?: session.SessionData | null) => void;

/** A session store across a network: everything takes a while, and the last write wins. */
export class RemoteStore extends session.Store {
  readonly sessions = new Map<string, string>();
  /** How often it was asked for a session, and to keep one. */
  readonly calls = { get: 0, set: 0 };

  constructor(private readonly tap: Tap) {
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
      void this.tap.pass('session').then(() => {
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
