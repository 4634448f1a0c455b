import { html } from '../html.js';
import type { User } from '../users.js';
import type { Page } from './layout.js';

/** The claims of the ID token, as they came. */
export function claimsPage({ claims }: User): Page {
  return {
    title: 'Claims',
    main: html`
      <h1>What Auth0 says about you</h1>
      <p>The claims of the ID token, which the strategy has verified.</p>
      <dl>
        ${Object.entries(claims).map(
          ([name, value]) => html`
            <dt><code>${name}</code></dt>
            <dd><code>${JSON.stringify(value)}</code></dd>
          `,
        )}
      </dl>
      <p class="more"><a href="/">Back to your profile</a></p>
    `,
  };
}
