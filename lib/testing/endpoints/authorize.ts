import type { Context } from '../context.js';
import { html } from '../html.js';
import type { Reply, WireRequest } from '../http.js';
import { notice } from '../page.js';
import { findSession, sessionCookie, startSession } from '../session.js';

/** `GET /authorize` gives the browser a session, which is what links ask for without `allowMagicLinkWithoutSession`. */
export function authorize(context: Context, request: WireRequest): Reply {
  const sid = findSession(context, request) ?? startSession(context);
  const body = html`<p>
    The local tenant has no hosted login. This browser now has a session, and can open magic links.
  </p>`;
  const reply = notice(200, 'Log in', body);
  return { ...reply, headers: { ...reply.headers, 'set-cookie': sessionCookie(context, sid) } };
}
