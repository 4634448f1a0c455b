import type { Authenticator, MfaRequirements } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html, type Html } from '../html.js';
import type { Visit } from '../session-data.js';
import type { Page } from './layout.js';

const NAMES = {
  otp: 'Authenticator app',
  sms: 'Text message',
  voice: 'Phone call',
  email: 'Email',
  push: 'Notification on your phone',
  'recovery-code': 'Recovery code',
};

/** What the user can prove a second factor by, or set one up. */
export function choicePage(visit: Visit, authenticators: Authenticator[], requirements?: MfaRequirements): Page {
  const canEnroll = requirements?.enroll ?? [];
  const isNew = authenticators.length === 0;
  return {
    title: isNew ? 'Set up a second step' : 'Second step',
    main: html`
      <h1>${isNew ? 'Set up a second step' : 'Second step'}</h1>
      <p>${isNew ? 'Your account needs one. Choose how:' : 'One more step, and you are in. Choose how:'}</p>
      <ul class="choices">
        ${authenticators.map((authenticator) => html`<li>${challengeForm(visit, authenticator)}</li>`)}
        ${canEnroll.includes('otp') && html`<li>${enrollForm(visit, 'otp')}</li>`}
        ${canEnroll.includes('push-notification') && html`<li>${enrollForm(visit, 'push')}</li>`}
        ${canEnroll.includes('phone') && html`<li>${phoneForm(visit)}</li>`}
      </ul>
      <p class="more"><a href="/login">Start again</a></p>
    `,
  };
}

function challengeForm(visit: Visit, { id, type, channel, name }: Authenticator): Html {
  return html`<form method="post" action="/login/mfa/challenge">
    ${csrfField(visit)}
    <input type="hidden" name="authenticator_id" value="${id}" />
    <button class="secondary">${NAMES[type === 'oob' ? (channel ?? 'sms') : type]}${name && ` · ${name}`}</button>
  </form>`;
}

function enrollForm(visit: Visit, type: 'otp' | 'push'): Html {
  return html`<form method="post" action="/login/mfa/enroll">
    ${csrfField(visit)}
    <button class="secondary" name="type" value="${type}">${NAMES[type]}</button>
  </form>`;
}

function phoneForm(visit: Visit): Html {
  return html`<form method="post" action="/login/mfa/enroll">
    ${csrfField(visit)}
    <label for="phone">Phone number</label>
    <input id="phone" name="phone_number" type="tel" autocomplete="tel" placeholder="+44 20 7946 0000" required />
    <button class="secondary" name="type" value="sms">Text me a code</button>
    <button class="secondary" name="type" value="voice">Call me</button>
  </form>`;
}
