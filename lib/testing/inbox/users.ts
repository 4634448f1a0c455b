import type { Context } from '../context.js';
import { html, type Html } from '../html.js';
import { refreshFamilies } from '../refresh-tokens.js';
import type { User } from '../users.js';
import { action } from './action.js';
import { factorList } from './factors.js';
import { button, form, idOf, nameOf, section, userOf } from './parts.js';

const SHOWN = 50;

/** The users, with what is theirs. */
export function userSection(context: Context): Html {
  const { list } = context.users;
  if (list.length === 0) {
    return section('users', 'Users', html`<p class="card muted">Nobody yet. A first sign-in makes a user.</p>`);
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
    ${factorList(context, user)}${refreshTokens(context, user)}
  </li>`;
}

/** Each sign-in with `offline_access` has one, and keeps it as one however often it is rotated. */
function refreshTokens(context: Context, user: User): Html | false {
  const count = refreshFamilies(context, user).length;
  const revoke = button('revoke', 'all', 'Revoke', `the refresh tokens of ${nameOf(user)}`);
  return (
    count > 0 &&
    html`<div class="head more">
      <p>${count === 1 ? 'A refresh token' : `${count} refresh tokens`}</p>
      ${form('revoke', revoke, { user: idOf(user) })}
    </div>`
  );
}

export const blockUser = action('users', (context, form) => {
  if (form.blocked !== 'true' && form.blocked !== 'false') throw new TypeError('blocked: true or false');
  const user = userOf(context, form);
  if (user) user.blocked = form.blocked === 'true';
});

export const revokeRefreshTokens = action('users', (context, form) => {
  const user = userOf(context, form);
  for (const family of user ? refreshFamilies(context, user) : []) family.isRevoked = true;
});
