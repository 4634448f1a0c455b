import { setTimeout } from 'node:timers/promises';
import type { CreateSessionOptions } from 'koa-session';
import { koaHost } from './adapters/koa.js';
import { testHost } from './scenarios.js';

/** Asynchronous, as those across the network are. */
function slowStore(): NonNullable<CreateSessionOptions['store']> {
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

testHost(koaHost('Koa, koa-session with a store', slowStore));
testHost(koaHost('Koa, koa-session in a cookie'));
