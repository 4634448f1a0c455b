import type { FailureInfo, PendingMessage } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html } from '../html.js';
import type { Visit } from '../session-data.js';
import type { Page } from './layout.js';
import { alert, invalid, resendForm } from './parts.js';

/** Where the code is typed. */
export function codePage(visit: Visit, pending: PendingMessage, failure?: FailureInfo): Page {
  const csrf = csrfField(visit);
  const isEmail = pending.to.includes('@');
  const isInvalid = failure && ['code_missing', 'wrong_code', 'code_expired'].includes(failure.code);
  return {
    title: failure ? 'Error: Enter your code' : 'Enter your code',
    main: html`
      <h1>Enter your code</h1>
      <p>We sent it to <strong>${pending.to}</strong>.</p>
      ${'again' in visit.query && html`<p class="notice" role="status">A new code is on its way. Older ones are void.</p>`}
      ${alert(failure)}
      <form method="post" action="/login/code">
        ${csrf}
        <label for="otp">Code</label>
        <input
          id="otp"
          class="otp"
          name="otp"
          inputmode="numeric"
          autocomplete="one-time-code"
          maxlength="64"
          data-submit-at="6"
          ${invalid(isInvalid)}
          required
          autofocus
        />
        <button>Sign in</button>
      </form>
      <div class="more">
        ${resendForm(csrf, pending, 'Send a new code')}
        <a href="/login">${isEmail ? 'Use another address' : 'Use another number'}</a>
      </div>
      <details>
        <summary>Nothing arrived?</summary>
        <ul>
          <li>It can take a minute or two.</li>
          ${isEmail && html`<li>Look in the spam folder.</li>`}
          <li>Check the ${isEmail ? 'address' : 'number'}, and send it again.</li>
          <li>
            <a href="/login?by=${isEmail ? 'phone' : 'email'}">Sign in by ${isEmail ? 'SMS' : 'email'} instead.</a>
          </li>
        </ul>
      </details>
    `,
  };
}
