import type { FailureInfo, Pending } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html } from '../html.js';
import type { Visit } from '../session-data.js';
import type { Page } from './layout.js';
import { alert, resendForm } from './parts.js';

/** While a link is on its way. */
export function linkPage(visit: Visit, pending: Pending, failure?: FailureInfo): Page {
  return {
    title: failure ? 'Error: Open the link' : 'Open the link',
    main: html`
      <h1>Open the link we sent you</h1>
      <p>It is on its way to <strong>${pending.to}</strong>. Open it in this browser, on this device.</p>
      ${'again' in visit.query && html`<p class="notice" role="status">A new link is on its way. Older ones are void.</p>`}
      ${alert(failure)}
      <div class="more">
        ${resendForm(csrfField(visit), pending, 'Send a new link')}
        <a href="/login">Get a code instead, or use another address</a>
      </div>
      <details>
        <summary>Nothing arrived?</summary>
        <ul>
          <li>It can take a minute or two.</li>
          <li>Look in the spam folder.</li>
          <li>Check the address, and send it again.</li>
          <li>If you read email on another device, a code is the better choice.</li>
        </ul>
      </details>
    `,
  };
}
