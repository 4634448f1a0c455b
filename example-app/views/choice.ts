import type { Authenticator, Factor, MfaRequirements } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html, type Html } from '../html.js';
import type { Visit } from '../session-data.js';
import { FACTOR_NAMES } from './factors.js';
import { alert, type Failure } from './failure.js';
import type { Page } from './layout.js';
import { described } from './parts.js';

const CAN_ENROLL: readonly Factor[] = ['otp', 'push-notification', 'phone'];

/** What the user can prove a second factor by; or, for one who has none, what can be set up. */
export function choicePage(
  visit: Visit,
  authenticators: Authenticator[],
  requirements?: MfaRequirements,
  failure?: Failure,
): Page {
  const isNew = authenticators.length === 0;
  const title = isNew ? 'Set up a second step' : 'Second step';
  return {
    title: failure ? `Error: ${title}` : title,
    main: html`
      <h1>${title}</h1>
      <p>${isNew ? 'Your account needs one. Choose how:' : 'One more step, and you are in. Choose how:'}</p>
      ${alert(failure)}
      <ul class="choices">
        ${authenticators.map((authenticator) => html`<li>${challengeForm(visit, authenticator)}</li>`)}
        ${offered(isNew, requirements).map((factor) => html`<li>${enrollForm(visit, factor, failure)}</li>`)}
      </ul>
      <p class="more"><a href="/login">Start again</a></p>
    `,
  };
}

/** Some tenants do not say what can be set up. Then all is offered, and Auth0 refuses what it does not take. */
function offered(isNew: boolean, requirements?: MfaRequirements): readonly Factor[] {
  const { enroll = [] } = requirements ?? {};
  return isNew && enroll.length === 0 ? CAN_ENROLL : CAN_ENROLL.filter((factor) => enroll.includes(factor));
}

function challengeForm(visit: Visit, { id, type, channel, name }: Authenticator): Html {
  return html`<form method="post" action="/login/mfa/challenge">
    ${csrfField(visit)}
    <input type="hidden" name="authenticator_id" value="${id}" />
    <button class="secondary">
      ${FACTOR_NAMES[type === 'oob' ? (channel ?? 'sms') : type]}${name !== undefined && html`<small>${name}</small>`}
    </button>
  </form>`;
}

function enrollForm(visit: Visit, factor: Factor, failure: Failure | undefined): Html {
  if (factor === 'phone') return phoneForm(visit, failure);
  const type = factor === 'otp' ? 'otp' : 'push';
  return html`<form method="post" action="/login/mfa/enroll">
    ${csrfField(visit)}
    <button class="secondary" name="type" value="${type}">${FACTOR_NAMES[type]}</button>
  </form>`;
}

function phoneForm(visit: Visit, failure: Failure | undefined): Html {
  return html`<form method="post" action="/login/mfa/enroll">
    ${csrfField(visit)}
    <label for="phone">Phone number</label>
    <input
      id="phone"
      name="phone_number"
      type="tel"
      autocomplete="tel"
      value="${visit.session.phoneNumber}"
      placeholder="+44 20 7946 0000"
      ${described(failure?.code === 'invalid_phone_number')}
      required
    />
    <div class="pair">
      <button class="secondary" name="type" value="sms">Text me</button>
      <button class="secondary" name="type" value="voice">Call me</button>
    </div>
  </form>`;
}
