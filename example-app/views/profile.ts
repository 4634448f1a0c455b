import { csrfField } from '../csrf.js';
import { html } from '../html.js';
import type { User } from '../users.js';
import type { Visit } from '../session-data.js';
import type { Page } from './layout.js';
import { duration } from './parts.js';

/** Who is signed in, and how. */
export function profilePage({ id, displayName, address }: User, visit: Visit): Page {
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
        <dt>User ID</dt>
        <dd><code>${id}</code></dd>
        ${
          signIn &&
          html`
            <dt>Signed in with</dt>
            <dd>${signIn.method === 'link' ? 'a link' : 'a code'}, connection <code>${signIn.connection}</code></dd>
            ${
              signIn.mfa &&
              html`<dt>Second step</dt>
                <dd>${signIn.mfa.factor}</dd>`
            }
            <dt>Access token</dt>
            <dd>${expiry(signIn.expiresAt)}</dd>
          `
        }
      </dl>
      <form method="post" action="/logout">
        ${csrfField(visit)}
        <button class="secondary">Sign out</button>
      </form>
      <p class="more"><a href="/claims">What Auth0 says about you</a></p>
    `,
  };
}

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

function expiry(expiresAt: number) {
  const date = new Date(expiresAt * 1000);
  const left = expiresAt - Date.now() / 1000;
  return html`${left > 0 ? `expires in ${duration(left)}` : 'has expired'}
    <span class="hint">(<time datetime="${date.toISOString()}">${DATE.format(date)} UTC</time>)</span>`;
}
