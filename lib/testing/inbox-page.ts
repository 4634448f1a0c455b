import type { Context } from './context.js';
import type { Reply, WireRequest } from './http.js';
import type { Message } from './inbox.js';
import { pushSection, userSection } from './mfa/inbox-sections.js';
import { escapeHTML, page } from './page.js';

const SHOWN = 50;
const CHANNELS: Record<Message['channel'], string> = { email: 'Email', sms: 'SMS', voice: 'Voice call' };

/**
 * `GET /inbox`: every message as JSON, newest first; or the newest as a page, for a browser, with the pushes that wait for
 * an answer and the users with their factors.
 */
export function inbox(context: Context, { headers }: WireRequest): Reply {
  const messages = context.inbox.messages.toReversed();
  if (!headers.accept?.includes('text/html')) return { status: 200, headers: { vary: 'accept' }, body: messages };
  const list = messages.slice(0, SHOWN).map(item).join('\n');
  const received = messages.length > 0 ? `<ol>\n${list}\n</ol>` : '<p class="muted">Nothing yet. Ask for a code.</p>';
  const body = pushSection(context) + received + userSection(context);
  const reply = page(200, 'Inbox', body, { refresh: 5 });
  return { ...reply, headers: { ...reply.headers, vary: 'accept' } };
}

function item({ channel, to, code, link, language, at }: Message): string {
  const time = new Date(at * 1000).toISOString();
  const details = [CHANNELS[channel], `to ${to}`, ...(language === undefined ? [] : [language])];
  return `<li>
<p class="muted">${escapeHTML(details.join(' · '))} · <time datetime="${time}">${time.slice(11, 19)} UTC</time></p>
<p class="code">${escapeHTML(code)}</p>
${link === undefined ? '' : `<p><a href="${escapeHTML(link)}">Open the sign-in link</a></p>\n`}</li>`;
}
