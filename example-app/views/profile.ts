import { csrfField } from '../csrf.js';
import { html, type Html } from '../html.js';
import type { User } from '../users.js';
import type { Visit } from '../session-data.js';
import { FACTOR_NAMES } from './factors.js';
import { duration } from './failure.js';
import type { Page } from './layout.js';

/** Who is signed in, and how. */
export function profilePage({ id, displayName, address, claims }: User, visit: Visit): Page {
  const { signIn } = visit.session;
  return {
    title: 'Your profile',
    main: html`
      <div class="person">
        <span class="avatar" aria-hidden="true">${/\p{L}/u.exec(displayName)?.[0].toUpperCase() ?? '#'}</span>
        <div>
          <h1>${displayName}</h1>
          ${address !== displayName && html`<p class="hint">${address}</p>`}
        </div>
      </div>
      <dl>
        ${signIn && howSignedIn(signIn)}
        <dt>ID token</dt>
        <dd>${expiry(Number(claims.exp))}</dd>
        <dt>User ID</dt>
        <dd><code>${id}</code></dd>
      </dl>
      <form method="post" action="/logout">
        ${csrfField(visit)}
        <button class="secondary">Sign out</button>
      </form>
      <p class="more"><a href="/claims">What Auth0 says about you</a></p>
    `,
  };
}

function howSignedIn({ method, connection, mfa, expiresAt }: Express.AuthInfo): Html {
  return html`
    <dt>Signed in with</dt>
    <dd>${method === 'link' ? 'A link' : 'A code'}, connection <code>${connection}</code></dd>
    <dt>Second step</dt>
    <dd>${mfa ? FACTOR_NAMES[mfa.factor] : 'None was asked for'}</dd>
    <dt>Access token</dt>
    <dd>${expiry(expiresAt)}</dd>
  `;
}

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

function expiry(expiresAt: number): Html {
  const date = new Date(expiresAt * 1000);
  const left = expiresAt - Date.now() / 1000;
  return html`${left > 0 ? `Expires in ${duration(left)}` : 'Has expired'}
    <time class="hint" datetime="${date.toISOString()}">${DATE.format(date)} UTC</time>`;
}
