import { bodyOf, member } from '../request.js';
import { handler, type MfaHandler } from './handler.js';
import type { EnrollOptions } from './enroll-options.js';
import type { MfaSession } from './session.js';

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
    list: () => handler(async (req) => Object.assign(req, { mfa: await mfa.list(req) })),
    challenge: () =>
      handler(async (req) => {
        // Before the body is looked for: that of a form has no parser where all clients send JSON.
        mfa.refuseCrossSite(req);
        const authenticatorId = member(bodyOf(req), 'authenticator_id') as string;
        Object.assign(req, { mfa: await mfa.challenge(req, { authenticatorId }) });
      }),
    enroll: () =>
      handler(async (req) => {
        mfa.refuseCrossSite(req);
        const body = bodyOf(req);
        const [type, phoneNumber, email] = ['type', 'phone_number', 'email'].map((name) => member(body, name));
        Object.assign(req, { mfa: await mfa.enroll(req, { type, phoneNumber, email } as EnrollOptions) });
      }),
  };
}
