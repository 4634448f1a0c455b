import type { Context } from '../context.js';
import type { Reply, WireRequest } from '../http.js';
import { escapeHTML } from '../page.js';
import type { User } from '../users.js';
import type { Challenge } from './challenges.js';
import { pendingPushes } from './devices.js';
import { authenticatorsOf, type Authenticator } from './factors.js';
import { stepAt, totp } from './totp.js';

const USERS = 50;

/** Pushes that wait for an answer, with the buttons that a phone would show. */
export function pushSection(context: Context): string {
  const items = pendingPushes(context).toReversed().map(pushItem);
  return items.length === 0 ? '' : `<h2>On the phone</h2>\n<ol>\n${items.join('\n')}\n</ol>\n`;
}

function pushItem({ push, login, authenticator }: Challenge): string {
  const question = authenticator.active ? 'Is it you who is signing in?' : 'Scan the QR code?';
  const button = (answer: string, label: string) => `<button name="answer" value="${answer}">${label}</button>`;
  return `<li>
<p>${escapeHTML(nameOf(login.authorization.user))}: ${question}</p>
<form method="post" action="/inbox/push">
<input type="hidden" name="push" value="${push.id}">
${button('approved', 'Yes')} ${button('rejected', 'No')}
</form>
</li>`;
}

/** `POST /inbox/push`: a button was pressed. The push is named by a random id, so no other site can press one. */
export function pressButton(context: Context, { body }: WireRequest): Reply {
  const challenge = pendingPushes(context).find(({ push }) => push.id === body.push);
  if (challenge && (body.answer === 'approved' || body.answer === 'rejected')) challenge.push.answer = body.answer;
  return { status: 303, headers: { location: '/inbox' } };
}

/** The users, and what their authenticator apps and notes would show them. */
export function userSection(context: Context): string {
  const items = context.users.list.slice(0, USERS).map((user) => userItem(context, user));
  return items.length === 0 ? '' : `\n<h2>Users</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function userItem(context: Context, user: User): string {
  const factors = authenticatorsOf(context.settings, user).map(
    (each) => `<p class="muted">${describe(context, each)}${each.active ? '' : ' (not verified yet)'}</p>\n`,
  );
  return `<li>\n<p>${escapeHTML(nameOf(user))}</p>\n${factors.join('')}</li>`;
}

function describe({ clock }: Context, authenticator: Authenticator): string {
  switch (authenticator.type) {
    case 'otp':
      return `Authenticator app: <code>${totp(authenticator.secret, stepAt(clock.now()))}</code>`;
    case 'recovery-code':
      return `Recovery code: <code>${escapeHTML(authenticator.code)}</code>`;
    case 'push':
      return 'Push';
    case 'email':
      return `Email to ${escapeHTML(authenticator.email)}`;
    default:
      return `${authenticator.type === 'sms' ? 'SMS' : 'Voice call'} to ${escapeHTML(authenticator.phoneNumber)}`;
  }
}

const nameOf = ({ email, phoneNumber }: User) => [email, phoneNumber].filter(Boolean).join(' · ');
