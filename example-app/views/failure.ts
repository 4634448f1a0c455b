import type { FailureCode, FailureInfo, PasswordlessError } from 'passport-auth0-passwordless';
import { html, type Html } from '../html.js';

/** What a user can mend: a failure that Passport hands over, or an error that a call for a second step throws. */
export type Failure = FailureInfo | PasswordlessError;

/** Whether this account will not get in: another code for it would be of no use. */
export const isOfAccount = ({ code }: Failure): boolean =>
  ['user_blocked', 'access_denied', 'refused', 'organization_mismatch'].includes(code);

/** What this app says in place of the message that comes with a code. */
const MESSAGES: Partial<Record<FailureCode, string>> = {
  // There is no hosted page here to send the user to.
  verification_required: 'An extra check is needed, which this page cannot show. Try later, or sign in another way.',
  // What the package says is for the developer.
  callback_incomplete: 'This sign-in link is incomplete. Ask for a new one.',
};

/** What went wrong, where a screen reader says it at once. Fields refer to it by its id. */
export function alert(failure: Failure | undefined): Html | undefined {
  if (!failure) return undefined;
  const { message, description, retryAfter } = failure;
  const advice = isOfAccount(failure) ? 'Use another account, or ask whoever runs this site.' : undefined;
  const sentences = [MESSAGES[failure.code as FailureCode] ?? message, description, advice];
  return html`<div class="alert">
    <p role="alert" id="alert">${sentences.filter((text) => text !== undefined).join(' ')}</p>
    ${retryAfter !== undefined && countdown(retryAfter)}
  </div>`;
}

/** A timer is not read out as it changes. With script it goes on, and at its end there is an announcement. */
export function countdown(seconds: number): Html {
  return html`<p role="timer" data-countdown="${seconds}">You can try again in <span>${duration(seconds)}</span>.</p>`;
}

/** Such as `3 minutes`. */
export function duration(seconds: number): string {
  const [amount, unit] =
    seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  const rounded = Math.ceil(amount);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}
