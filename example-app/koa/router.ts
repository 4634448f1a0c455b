import type { Middleware } from './types.js';

/** Such as `{ 'GET /login': showForm }`. */
export type Routes = Record<string, Middleware>;

/** Runs what belongs to the request's method and path. An app with parameters in its paths wants @koa/router. */
export function router(routes: Routes): Middleware {
  return async (ctx, next) => {
    // Koa leaves the body out of the answer to HEAD.
    const method = ctx.method === 'HEAD' ? 'GET' : ctx.method;
    const route = routes[`${method} ${ctx.path}`];
    await (route ? route(ctx, next) : next());
  };
}
