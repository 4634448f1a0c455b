import type { Context } from '../context.js';
import { html, type Html } from '../html.js';
import type { Parameters } from '../http.js';
import {
  authenticatorsOf,
  enrolledBy,
  removeFactor,
  type Authenticator,
  type AuthenticatorOf,
} from '../mfa/factors.js';
import { PERIOD, stepAt, totp } from '../mfa/totp.js';
import { defaultUserID, type User } from '../users.js';
import { action } from './action.js';
import { button, copyButton, form, nameOf, section } from './parts.js';

const SHOWN = 50;

/** The users, with what their authenticator apps and notes would show them. */
export function userSection(context: Context): Html {
  const { list } = context.users;
  if (list.length === 0) {
    return section('users', 'Users', html`<p class="muted">Nobody yet. A first sign-in makes a user.</p>`);
  }
  return section('users', 'Users', [
    html`<ul>
      ${list.slice(0, SHOWN).map((user) => item(context, user))}
    </ul>`,
    ...(list.length > SHOWN ? [html`<p class="muted">And ${list.length - SHOWN} more.</p>`] : []),
  ]);
}

function item(context: Context, user: User): Html {
  const id = idOf(user);
  const name = nameOf(user);
  const factors = authenticatorsOf(context.settings, user);
  const switched = user.blocked
    ? button('blocked', 'false', 'Unblock', name)
    : button('blocked', 'true', 'Block', name);
  return html`<li id="user-${id}" class="card">
    <div class="head">
      <p>
        <strong>${user.name ?? name}</strong>${user.blocked && html` <span class="badge">blocked</span>`}
        ${user.name !== undefined && html`<br /><span class="muted">${name}</span>`}
      </p>
      ${form('user', switched, { user: id })}
    </div>
    ${
      factors.length > 0 &&
      html`<ul class="factors">
        ${factors.map((factor) => factorItem(context, user, factor))}
      </ul>`
    }
  </li>`;
}

function factorItem(context: Context, user: User, factor: Authenticator): Html {
  // A verified address is a factor by itself, which nobody enrolled.
  const isOwn = enrolledBy(context.settings, user).includes(factor);
  const remove = button('factor', factor.id, 'Remove', `this factor of ${nameOf(user)}`);
  return html`<li id="factor-${factor.id}" class="head">
    <div>${describe(context, user, factor)}${!factor.active && html` <span class="badge">not verified yet</span>`}</div>
    ${isOwn && form('factor', remove, { user: idOf(user) })}
  </li>`;
}

function describe(context: Context, user: User, factor: Authenticator): Html {
  switch (factor.type) {
    case 'otp':
      return app(context, user, factor);
    case 'recovery-code':
      return html`Recovery code<br /><code>${factor.code}</code> ${copyButton(factor.code, 'Copy', 'recovery code')}`;
    case 'push':
      return html`Push`;
    case 'email':
      return html`Email to ${factor.email}`;
    default:
      return html`${factor.type === 'sms' ? 'SMS' : 'Voice call'} to ${factor.phoneNumber}`;
  }
}

/** A code is good once, so it says when the next one comes. */
function app({ clock, mfa }: Context, user: User, factor: AuthenticatorOf<'otp'>): Html {
  const step = stepAt(clock.now());
  const code = totp(factor.secret, step);
  const isUsed = step <= (mfa.usedSteps.get(factor) ?? -1);
  const rest = Math.ceil((step + 1) * PERIOD - clock.now());
  return html`Authenticator app<br /><code class="totp">${code}</code>
    ${copyButton(code, 'Copy', `code of the app of ${nameOf(user)}`)}
    <span class="muted">${isUsed && 'used, '}next in ${rest} s</span>`;
}

const idOf = (user: User) => user.userID ?? defaultUserID(user);

const userOf = ({ users }: Context, { user: id }: Parameters) => users.list.find((user) => idOf(user) === id);

export const blockUser = action('users', (context, form) => {
  if (form.blocked !== 'true' && form.blocked !== 'false') throw new TypeError('blocked: true or false');
  const user = userOf(context, form);
  if (user) user.blocked = form.blocked === 'true';
});

export const removeUserFactor = action('users', (context, form) => {
  const user = userOf(context, form);
  if (user?.factors) removeFactor(user, String(form.factor));
});
