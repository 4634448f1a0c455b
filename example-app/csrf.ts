import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { type Html, html } from './html.js';

/** The hidden field that every form needs. */
export function csrfField(req: Request): Html {
  req.session.csrfToken ??= randomBytes(32).toString('base64url');
  return html`<input type="hidden" name="_csrf" value="${req.session.csrfToken}" />`;
}

/** Refuses whatever a form of ours did not send: its token has to be the session's (the synchroniser token pattern). */
export const csrfProtection: RequestHandler = (req, _res, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method)) next();
  else if (hasToken(req)) next();
  else next(new InvalidCsrfToken('The form has no CSRF token, or not that of the session.'));
};

export class InvalidCsrfToken extends Error {
  readonly status = 403;
}

function hasToken({ body, session }: Request): boolean {
  const given = (body as { _csrf?: unknown } | undefined)?._csrf;
  if (typeof given !== 'string' || session.csrfToken === undefined) return false;
  const [one, other] = [Buffer.from(given), Buffer.from(session.csrfToken)];
  return one.length === other.length && timingSafeEqual(one, other);
}
