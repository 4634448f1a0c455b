import type { MfaHandler } from '../../lib/mfa/handler.js';

/** Runs a handler as Express and Fastify do; returns the error that `next` was called with, or `'passed'`. */
export function express(handler: MfaHandler, req: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const returned = handler(req, {}, (error) => {
      resolve(error ?? 'passed');
    });
    // A Fastify hook must not do both: call back and return a promise.
    if (returned !== undefined) reject(new Error('the handler returned something'));
  });
}

/** Runs a handler as Koa does; returns its error, or `'passed'` once it has waited for the next middleware. */
export async function koa(handler: MfaHandler, ctx: object): Promise<unknown> {
  let passed: unknown;
  const next = async () => {
    await Promise.resolve();
    passed = 'passed';
  };
  try {
    await handler(ctx, next);
    return passed;
  } catch (error) {
    return passed ? new Error('an error after the next middleware was called') : error;
  }
}
