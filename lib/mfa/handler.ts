import type { RequestLike } from '../request.js';

type Next = (error?: Error) => unknown;

/** A handler for Express, a hook for Fastify, a middleware for Koa: it tells them apart by its arguments. */
export type MfaHandler = (req: object, res: unknown, next?: Next) => void | Promise<unknown>;

/** `step` gets the request, or Koa's `ctx`; what it throws or rejects with goes to the framework's error handler. */
export function handler(step: (req: RequestLike) => unknown): MfaHandler {
  return (req, res, next) => {
    // Koa calls with (ctx, next), the others with (req, res, next).
    const isKoa = next === undefined;
    const done = (isKoa ? res : next) as Next;
    const result = Promise.resolve(req as RequestLike)
      .then(step)
      .then(() => done());
    // A promise means "wait for it" to Koa, and nothing good to a Fastify hook that has a callback.
    if (isKoa) return result;
    result.catch((error: unknown) => {
      // A falsy error would look like none.
      if (error) done(error as Error);
      else done(new Error('The step failed for no given reason.'));
    });
  };
}
