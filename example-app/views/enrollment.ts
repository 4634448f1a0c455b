import type { EnrollmentResult } from 'passport-auth0-passwordless';
import { renderSVG } from 'uqr';
import { Html, html } from '../html.js';
import type { Visit } from '../session-data.js';
import { answerForm, waitForm } from './answer.js';
import type { Page } from './layout.js';

/** The end of setting a second step up: something to scan, codes to keep, and the first use of it. */
export function enrollmentPage(
  visit: Visit,
  { type, channel, prompt, secret, barcodeURI, recoveryCodes }: EnrollmentResult,
): Page {
  const app = channel === 'push' ? 'the Guardian app' : 'your authenticator app';
  return {
    title: 'Set up a second step',
    main: html`
      <h1>Set up a second step</h1>
      ${
        barcodeURI !== undefined &&
        html`
          <p>Scan this with ${app}.</p>
          <div class="qr" role="img" aria-label="QR code">${new Html(renderSVG(barcodeURI, { border: 2 }))}</div>
        `
      }
      ${secret !== undefined && html`<p>Or type this key: <code>${secret}</code></p>`}
      ${recoveryCodes && recoveryCodeNote(recoveryCodes)}
      ${type === 'oob' && prompt && html`<p>We sent you a code.</p>`}
      ${prompt ? answerForm(visit, type) : waitForm(visit)}
      <p class="more"><a href="/login/mfa">Set up another way</a></p>
    `,
  };
}

/** Shown once; Auth0 does not tell them again. */
export function recoveryCodeNote(codes: string[]): Html {
  return html`<div class="notice">
    <p>
      Without your phone, ${codes.length === 1 ? 'this code lets' : 'these codes let'} you in. Write it down: it is not
      shown again.
    </p>
    <p><code id="recovery-codes">${codes.join(' ')}</code></p>
    <button type="button" class="plain" data-copy="recovery-codes" hidden>Copy</button>
  </div>`;
}
