import type { EnrollmentResult } from 'passport-auth0-passwordless';
import { renderSVG } from 'uqr';
import { csrfField } from '../csrf.js';
import { Html, html } from '../html.js';
import type { Visit } from '../session-data.js';
import { answerForm } from './answer.js';
import type { Page } from './layout.js';

/** The end of setting a second step up: something to scan, codes to keep, and the first use of it. */
export function enrollmentPage(visit: Visit, enrollment: EnrollmentResult): Page {
  const { type, channel, prompt, recoveryCodes } = enrollment;
  const isSent = type === 'oob' && prompt;
  return {
    title: 'Set up a second step',
    main: html`
      <h1>Set up a second step</h1>
      ${scanNote(enrollment)} ${recoveryCodes && recoveryCodeNote(recoveryCodes)}
      ${isSent && html`<p>${channel === 'voice' ? 'We are calling you to tell you a code.' : 'We sent you a code.'}</p>`}
      ${type === 'otp' && html`<p>Then enter the code that the app shows.</p>`}
      ${prompt ? answerForm(visit, { type, autofocus: false }) : doneForm(visit)}
      <p class="more"><a href="/login/mfa">Set up another way</a></p>
    `,
  };
}

function scanNote({ channel, barcodeURI, secret }: EnrollmentResult): Html | undefined {
  if (barcodeURI === undefined) return undefined;
  const app = channel === 'push' ? 'the Guardian app' : 'your authenticator app';
  return html`
    <p>Scan this with ${app}, or <a href="${barcodeURI}">open it</a> on this device.</p>
    <div class="qr" role="img" aria-label="QR code">${new Html(renderSVG(barcodeURI, { border: 2 }))}</div>
    ${secret !== undefined && html`<p>Or type this key: <code>${secret}</code></p>`}
  `;
}

/** Does not ask by itself, as other pages that wait for a phone do: the recovery code would be gone before it is kept. */
const doneForm = (visit: Visit) =>
  html`<form method="post" action="/login/mfa/answer">
    ${csrfField(visit)}
    <button>I have set it up</button>
  </form>`;

/** Shown once; Auth0 does not tell them again. */
export function recoveryCodeNote(codes: string[]): Html {
  return html`<div class="notice">
    <p>
      Without your phone, ${codes.length === 1 ? 'this recovery code lets' : 'these recovery codes let'} you in. Write
      ${codes.length === 1 ? 'it' : 'them'} down: ${codes.length === 1 ? 'it is' : 'they are'} not shown again.
    </p>
    <p class="keep"><code id="recovery-codes">${codes.join('\n')}</code></p>
    <button type="button" class="plain" data-copy="recovery-codes" hidden>Copy</button>
  </div>`;
}
