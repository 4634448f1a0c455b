import type { Context } from '../context.js';
import { html } from '../html.js';
import type { Reply, WireRequest } from '../http.js';
import { page } from '../page.js';
import { clockSection } from './clock.js';
import { faultSection } from './faults.js';
import { messageSection } from './messages.js';
import { policySection } from './policy.js';
import { pushSection } from './pushes.js';
import { SCRIPT } from './script.js';
import { STYLE } from './style.js';
import { userSection } from './users.js';

const HEADERS = {
  vary: 'accept',
  // No other page embeds it, or keeps a handle on a window that it opened with it.
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

/** `GET /inbox`: every message as JSON, newest first; or for a browser, a page on which a person plays Auth0 and its users. */
export async function inbox(context: Context, { headers }: WireRequest): Promise<Reply> {
  if (!headers.accept?.includes('text/html')) {
    return { status: 200, headers: HEADERS, body: context.inbox.messages.toReversed() };
  }
  const body = html`<header>
      <h1>Inbox</h1>
      <p class="muted">${context.domain} · <a href="/inbox">Reload</a></p>
      <nav aria-label="Sections">
        <a href="#messages">Messages</a> <a href="#users">Users</a> <a href="#policy">Policy</a>
        <a href="#faults">Faults</a> <a href="#clock">Clock</a>
      </nav>
    </header>
    <main tabindex="-1">
      <div>${pushSection(context)}${messageSection(context)}</div>
      <div>${userSection(context)}</div>
      <div>${policySection(context)}${faultSection(context)}${await clockSection(context)}</div>
    </main>
    <p class="said" role="status"></p>`;
  const reply = page({ status: 200, title: 'Inbox', body, style: STYLE, script: SCRIPT });
  return { ...reply, headers: { ...HEADERS, ...reply.headers } };
}
