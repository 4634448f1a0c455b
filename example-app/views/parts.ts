import type { Pending } from 'passport-auth0-passwordless';
import { html, type Html } from '../html.js';

/** Attributes of a field: what describes it (its hint), and whether the alert is about it. */
export function described(isInvalid: boolean | undefined, hint?: string): Html | undefined {
  const ids = [isInvalid && 'alert', hint].filter(Boolean).join(' ');
  if (!ids) return undefined;
  return html`aria-describedby="${ids}" ${isInvalid && html`aria-invalid="true"`}`;
}

/** Sends again. Without script it can be pressed too early, and the answer says so. */
export function resendForm(
  csrf: Html,
  { resendAt }: Pending,
  label: string,
  style: 'plain' | 'primary' = 'plain',
): Html {
  const wait = Math.max(0, resendAt - Math.floor(Date.now() / 1000));
  return html`<form method="post" action="/login/resend">
    ${csrf}
    <button class="${style}" data-wait="${wait}">${label}</button>
  </form>`;
}
