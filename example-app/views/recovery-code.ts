import { html } from '../html.js';
import type { Page } from './layout.js';
import { recoveryCodeNote } from './enrollment.js';

/** After a recovery code was used: the one that takes its place. */
export function newRecoveryCodePage(code: string, next: string): Page {
  return {
    title: 'Your new recovery code',
    main: html`
      <h1>Your new recovery code</h1>
      <p>You are signed in. The code that you used is spent.</p>
      ${recoveryCodeNote([code])}
      <p><a class="button" href="${next}">I have written it down</a></p>
    `,
  };
}
