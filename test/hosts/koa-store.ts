import { setTimeout } from 'node:timers/promises';
import type { CreateSessionOptions } from 'koa-session';

/** Asynchronous, as those across the network are. */
export function slowStore(): NonNullable<CreateSessionOptions['store']> {
  const sessions = new Map<string, string>();
  return {
    async get(key) {
      await setTimeout(5);
      return JSON.parse(sessions.get(key) ?? 'null') as unknown;
    },
    async set(key, session) {
      const text = JSON.stringify(session);
      await setTimeout(15);
      sessions.set(key, text);
    },
    async destroy(key) {
      await setTimeout(5);
      sessions.delete(key);
    },
  };
}
