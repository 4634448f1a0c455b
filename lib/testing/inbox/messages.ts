import type { Context } from '../context.js';
import { html, type Html } from '../html.js';
import type { Message } from '../inbox.js';
import { copyButton, duration, section } from './parts.js';

const SHOWN = 50;
const CHANNELS: Record<Message['channel'], string> = { email: 'Email', sms: 'SMS', voice: 'Voice call' };

export function messageSection(context: Context): Html {
  const { messages } = context.inbox;
  if (messages.length === 0) {
    return section(
      'messages',
      'Messages',
      html`<p class="card muted">Nothing yet. Ask your app for a code or a link.</p>`,
    );
  }
  const newest = messages.slice(-SHOWN).reverse();
  const older = messages.length - newest.length;
  return section('messages', 'Messages', [
    html`<ol>
      ${newest.map((message) => item(context, message))}
    </ol>`,
    ...(older > 0 ? [html`<p class="muted">And ${older} older ones.</p>`] : []),
  ]);
}

function item(context: Context, message: Message): Html {
  const { channel, to, code, link, language, at } = message;
  const sent = new Date(at * 1000);
  const what = `${CHANNELS[channel]} to ${to}`;
  const rest = (context.inbox.expiryOf(message) ?? -Infinity) - context.clock.now();
  return html`<li
    id="message-${Math.round(at * 1000)}-${code}"
    class="card${rest > 0 ? '' : ' over'}"
    data-news="${what}"
  >
    <p class="head">
      <strong>${what}</strong>
      <span class="muted">
        ${language !== undefined && html`<span>${language} · </span>`}
        <time datetime="${sent.toISOString()}">${sent.toLocaleTimeString('en-GB')}</time>
      </span>
    </p>
    <p class="head">
      <span class="code">${code}</span>
      ${copyButton(code, 'Copy code', `for ${to}`)}
    </p>
    ${
      link !== undefined &&
      html`<p class="head">
        <a href="${link}" target="_blank" rel="noopener">Open the sign-in link</a>
        ${copyButton(link, 'Copy link', `for ${to}`)}
      </p>`
    }
    <p class="muted">${lifetime(rest)}</p>
  </li>`;
}

function lifetime(rest: number): string {
  if (rest === -Infinity) return 'No longer good';
  return rest > 0 ? `Good for ${duration(Math.ceil(rest))}` : 'Expired';
}
