import session from 'koa-session';
import type { Config } from '../config.js';
import { sessionCookie } from '../session-cookie.js';
import type { App, Middleware } from './types.js';

export function createSession(config: Config, app: App): Middleware {
  const { name, attributes } = sessionCookie(config);
  // Signs the session cookie.
  app.keys = [config.sessionSecret];
  // A store, because a second factor does not fit into a cookie, which is where koa-session keeps sessions by default.
  return session({ key: name, ...attributes, store: new MemoryStore() }, app);
}

/** For development only. In its place goes a store of yours: these three methods, over Redis or a database. */
class MemoryStore {
  private readonly sessions = new Map<string, string>();

  get(id: string): Promise<unknown> {
    return Promise.resolve(JSON.parse(this.sessions.get(id) ?? 'null'));
  }

  set(id: string, content: unknown): Promise<void> {
    this.sessions.set(id, JSON.stringify(content));
    return Promise.resolve();
  }

  destroy(id: string): Promise<void> {
    this.sessions.delete(id);
    return Promise.resolve();
  }
}
