import type { FailureInfo, Pending } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html } from '../html.js';
import type { Visit } from '../session-data.js';
import { alert } from './failure.js';
import type { Page } from './layout.js';
import { resendForm } from './parts.js';

/** While a link is on its way. With script, whoever comes back to this tab, having opened it in another, is let in here. */
export function linkPage(visit: Visit, pending: Pending, failure?: FailureInfo): Page {
  return {
    title: failure ? 'Error: Open the link' : 'Open the link',
    main: html`
      <h1>Open the link we sent you</h1>
      <p data-come-back="/login/code">
        It is on its way to <strong>${pending.to}</strong>. Open it in this browser, on this device.
      </p>
      ${'again' in visit.query && html`<p class="notice" role="status">A new link is on its way. Only the newest one works.</p>`}
      ${alert(failure)}
      <div class="more">
        ${resendForm(csrfField(visit), pending, 'Send a new link')}
        <a href="/login">Change the address, or get a code</a>
      </div>
      <details>
        <summary>Nothing arrived?</summary>
        <ul>
          <li>It can take a minute or two.</li>
          <li>Look in the spam folder.</li>
          <li>Check the address, and send a new link.</li>
          <li>If you read email on another device, a code is the better choice.</li>
        </ul>
      </details>
    `,
  };
}
