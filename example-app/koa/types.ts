import type Router from '@koa/router';
import type Koa from 'koa';
import type { SessionData } from '../session-data.js';
import type { User } from '../users.js';

interface State {
  /** Who is signed in: Passport puts it here. */
  user?: User;
  /** The local tenant's inbox; undefined with a real tenant. */
  inboxURL: string | undefined;
}

interface Extensions {
  /** From koa-session. An object in its place is another content of the session, null is its end. */
  get session(): SessionData;
  set session(content: SessionData | null);
}

export type App = Koa<State, Extensions>;
export type Routes = Router<State, Extensions>;
export type Context = Koa.ParameterizedContext<State, Extensions>;
export type Middleware = Koa.Middleware<State, Extensions>;
