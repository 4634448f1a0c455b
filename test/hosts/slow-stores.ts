import { setTimeout as delay } from 'node:timers/promises';
import session from 'express-session';
import type { CreateSessionOptions } from 'koa-session';

// Stores that respond late, as those across a network do: code that does not wait for them fails here.

export class SlowStore extends session.MemoryStore {
  override get(...[id, callback]: Parameters<session.MemoryStore['get']>) {
    setTimeout(() => {
      super.get(id, callback);
    }, 5);
  }

  override set(...[id, data, callback]: Parameters<session.MemoryStore['set']>) {
    const sent = JSON.parse(JSON.stringify(data)) as typeof data;
    setTimeout(() => {
      super.set(id, sent, callback);
    }, 15);
  }

  override destroy(...[id, callback]: Parameters<session.MemoryStore['destroy']>) {
    setTimeout(() => {
      super.destroy(id, callback);
    }, 5);
  }
}

export function koaStore(): NonNullable<CreateSessionOptions['store']> {
  const sessions = new Map<string, string>();
  return {
    async get(key) {
      await delay(5);
      return JSON.parse(sessions.get(key) ?? 'null') as unknown;
    },
    async set(key, session) {
      const text = JSON.stringify(session);
      await delay(15);
      sessions.set(key, text);
    },
    async destroy(key) {
      await delay(5);
      sessions.delete(key);
    },
  };
}
