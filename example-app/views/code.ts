import type { FailureInfo, PendingMessage } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html, type Html } from '../html.js';
import type { Visit } from '../session-data.js';
import { alert } from './failure.js';
import type { Page } from './layout.js';
import { described, resendForm } from './parts.js';

/** Where the code is typed; or, once it is good for nothing any more, where a new one is asked for. */
export function codePage(visit: Visit, pending: PendingMessage, failure?: FailureInfo): Page {
  const csrf = csrfField(visit);
  const isEmail = pending.to.includes('@');
  const isOver = failure && ['code_expired', 'too_many_attempts'].includes(failure.code);
  const title = isOver ? 'Get a new code' : 'Enter your code';
  return {
    title: failure ? `Error: ${title}` : title,
    main: html`
      <h1>${title}</h1>
      ${
        isOver
          ? html`<p>We can send another one to <strong>${pending.to}</strong>.</p>`
          : html`<p>We sent it to <strong>${pending.to}</strong>.</p>`
      }
      ${'again' in visit.query && html`<p class="notice" role="status">A new code is on its way. Only the newest one works.</p>`}
      ${alert(failure)} ${isOver ? resendForm(csrf, pending, 'Send a new code', 'primary') : codeForm(csrf, failure)}
      <div class="more">
        ${!isOver && resendForm(csrf, pending, 'Send a new code')}
        <a href="/login">${isEmail ? 'Change the address' : 'Change the number'}</a>
      </div>
      <details>
        <summary>Nothing arrived?</summary>
        <ul>
          <li>It can take a minute or two.</li>
          ${isEmail && html`<li>Look in the spam folder.</li>`}
          <li>Check the ${isEmail ? 'address' : 'number'}, and send a new code.</li>
          <li>
            <a href="/login?by=${isEmail ? 'phone' : 'email'}">Sign in by ${isEmail ? 'SMS' : 'email'} instead.</a>
          </li>
        </ul>
      </details>
    `,
  };
}

function codeForm(csrf: Html, failure: FailureInfo | undefined): Html {
  return html`<form method="post" action="/login/code">
    ${csrf}
    <label for="otp">Code</label>
    ${codeField('otp', failure)}
    <button>Sign in</button>
  </form>`;
}

/**
 * One field, in which phones and password managers offer the code that arrived, and into which it can be pasted as it
 * stands in the message. With script the form is sent at the sixth digit.
 */
export function codeField(id: string, failure: FailureInfo | undefined, autofocus = true): Html {
  return html`<input
    id="${id}"
    class="otp"
    name="otp"
    inputmode="numeric"
    autocomplete="one-time-code"
    maxlength="64"
    data-submit-at="6"
    ${described(failure && ['code_missing', 'wrong_code', 'code_expired'].includes(failure.code))}
    required
    ${autofocus && html`autofocus`}
  />`;
}
