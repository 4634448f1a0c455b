import type { FailureInfo } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html, type Html } from '../html.js';
import { safePath } from '../safe-path.js';
import type { Visit } from '../session-data.js';
import { alert } from './failure.js';
import type { Page } from './layout.js';
import { described } from './parts.js';

/** The sign-in form, by email or by phone (`?by=phone`); filled in as it was sent last. */
export function signInPage(visit: Visit, failure?: FailureInfo): Page {
  const last = visit.session.signInForm;
  const by = visit.query.by === 'phone' || visit.query.by === 'email' ? visit.query.by : (last?.by ?? 'email');
  const returnTo = safePath(visit.query.returnTo ?? last?.returnTo);
  const address = last?.by === by ? last.address : '';
  const otherWay = new URLSearchParams({ by: by === 'email' ? 'phone' : 'email', returnTo }).toString();

  return {
    title: failure ? 'Error: Sign in' : 'Sign in',
    main: html`
      <h1>Sign in</h1>
      ${'signedOut' in visit.query && !failure && html`<p class="notice" role="status">You are signed out.</p>`}
      ${alert(failure)}
      ${failure?.code === 'resend_too_soon' && html`<p><a href="/login/code">Use the message that was sent</a></p>`}
      <form method="post" action="/login">
        ${csrfField(visit)}
        <input type="hidden" name="returnTo" value="${returnTo}" />
        ${by === 'email' ? emailFields(address, failure) : phoneFields(address, failure)}
      </form>
      <p class="more">
        <a href="/login?${otherWay}"
          >${by === 'email' ? 'Use a phone number instead' : 'Use an email address instead'}</a
        >
      </p>
    `,
  };
}

function emailFields(address: string, failure: FailureInfo | undefined): Html {
  const isInvalid = failure && ['identifier_missing', 'invalid_email'].includes(failure.code);
  // A link works in the browser that asked for it; where one was opened elsewhere, the next would be, too.
  const offersLink = failure?.code !== 'link_opened_elsewhere';
  return html`
    <label for="email">Email address</label>
    <input
      id="email"
      name="email"
      type="email"
      autocomplete="email"
      value="${address}"
      ${described(isInvalid)}
      placeholder="you@example.com"
      required
      autofocus
    />
    <button name="send" value="code">Email me a code</button>
    ${offersLink && html`<button class="secondary" name="send" value="link">Email me a sign-in link</button>`}
  `;
}

function phoneFields(address: string, failure: FailureInfo | undefined): Html {
  const isInvalid = failure && ['identifier_missing', 'invalid_phone_number'].includes(failure.code);
  return html`
    <label for="phone">Phone number</label>
    <input
      id="phone"
      name="phone_number"
      type="tel"
      autocomplete="tel"
      value="${address}"
      ${described(isInvalid, 'phone-hint')}
      placeholder="+44 20 7946 0000"
      required
      autofocus
    />
    <p class="hint" id="phone-hint">With the country's code, such as +44.</p>
    <button>Text me a code</button>
  `;
}
