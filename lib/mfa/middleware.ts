import { bodyOf, member, type RequestLike } from '../request.js';
import type { EnrollOptions, MfaSession } from './session.js';

type Next = (error?: Error) => unknown;

/** A handler for Express, a hook for Fastify, a middleware for Koa: it tells them apart by its arguments. */
export type MfaHandler = (req: object, res: unknown, next?: Next) => void | Promise<unknown>;

/**
 * The steps of a second factor as middleware: what each answers is put on `req.mfa` (`ctx.mfa` in Koa), and what fails
 * goes to the framework's error handler, a `PasswordlessError` with `code` and `status`.
 *
 * - `list()`: the user's authenticators.
 * - `challenge()`: has a code or a push sent to the body's `authenticator_id`.
 * - `enroll()`: enrols the body's `type`, with its `phone_number` or `email`.
 */
export function mfaMiddleware({ mfa }: { mfa: MfaSession }): Record<'list' | 'challenge' | 'enroll', () => MfaHandler> {
  return {
    list: () => handler((req) => mfa.list(req)),
    challenge: () =>
      handler(async (req, request) => {
        const authenticatorId = member(bodyOf(request), 'authenticator_id') as string;
        return mfa.challenge(req, { authenticatorId });
      }),
    enroll: () =>
      handler(async (req, request) => {
        const body = bodyOf(request);
        const [type, phoneNumber, email] = ['type', 'phone_number', 'email'].map((name) => member(body, name));
        return mfa.enroll(req, { type, phoneNumber, email } as EnrollOptions);
      }),
  };
}

/** `request` is what has the body: the same, or Koa's `ctx.request`. */
function handler(step: (req: RequestLike, request: RequestLike) => Promise<unknown>): MfaHandler {
  return (req, res, next) => {
    // Koa calls with (ctx, next), the others with (req, res, next).
    const isKoa = next === undefined;
    const request = (isKoa ? (req as { request: RequestLike }).request : req) as RequestLike;
    const done = (isKoa ? res : next) as Next;
    const result = step(req as RequestLike, request).then((mfa) => {
      Object.assign(req, { mfa });
      return done();
    });
    // A promise means "wait for it" to Koa, and nothing good to a Fastify hook that has a callback.
    if (isKoa) return result;
    result.catch((error: unknown) => {
      // A falsy error would look like none.
      if (error) done(error as Error);
      else done(new Error('The step failed for no given reason.'));
    });
  };
}
