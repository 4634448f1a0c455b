import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type Html, html } from './html.js';
import type { SessionData, Visit } from './session-data.js';

/** The hidden field that every form needs. */
export function csrfField({ session }: Visit): Html {
  session.csrfToken ??= randomBytes(32).toString('base64url');
  return html`<input type="hidden" name="_csrf" value="${session.csrfToken}" />`;
}

/**
 * Refuses whatever a form of ours did not send: its token has to be the session's (the synchroniser token pattern).
 *
 * @throws {InvalidCsrfToken}
 */
export function checkCsrfToken({ method, session }: { method: string; session: SessionData }, body: unknown): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(method) || hasToken(session, body)) return;
  throw new InvalidCsrfToken('The form has no CSRF token, or not that of the session.');
}

export class InvalidCsrfToken extends Error {
  readonly status = 403;
}

function hasToken({ csrfToken }: SessionData, body: unknown): boolean {
  const given = (body as { _csrf?: unknown } | undefined)?._csrf;
  if (typeof given !== 'string' || csrfToken === undefined) return false;
  const [one, other] = [Buffer.from(given), Buffer.from(csrfToken)];
  return one.length === other.length && timingSafeEqual(one, other);
}
