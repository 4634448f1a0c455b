import type { Context } from '../context.js';
import { html, type Html } from '../html.js';
import {
  authenticatorsOf,
  enrolledBy,
  removeFactor,
  type Authenticator,
  type AuthenticatorOf,
} from '../mfa/factors.js';
import { isSpent, PERIOD, stepAt, totp } from '../mfa/totp.js';
import type { User } from '../users.js';
import { action } from './action.js';
import { button, copyButton, form, idOf, nameOf, userOf } from './parts.js';

/** A user's factors, with what the authenticator apps and notes would show. */
export function factorList(context: Context, user: User): Html | false {
  const factors = authenticatorsOf(context.settings, user);
  return (
    factors.length > 0 &&
    html`<ul class="factors">
      ${factors.map((factor) => factorItem(context, user, factor))}
    </ul>`
  );
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
  const isUsed = isSpent(step, mfa.usedSteps.get(factor));
  const rest = Math.ceil((step + 1) * PERIOD - clock.now());
  return html`Authenticator app<br /><code class="totp">${code}</code>
    ${copyButton(code, 'Copy', `code of the app of ${nameOf(user)}`)}
    <span class="muted">${isUsed && 'used, '}next in ${rest} s</span>`;
}

export const removeUserFactor = action('users', (context, form) => {
  const user = userOf(context, form);
  if (user?.factors) removeFactor(user, String(form.factor));
});
