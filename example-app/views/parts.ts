import type { FailureInfo, Pending } from 'passport-auth0-passwordless';
import { html, type Html } from '../html.js';

/** What went wrong, where a screen reader says it at once. Fields refer to it by its id. */
export function alert(failure: FailureInfo | undefined): Html | undefined {
  if (!failure) return undefined;
  const { message, description, retryAfter } = failure;
  const wait = retryAfter === undefined ? undefined : `You can try again in ${duration(retryAfter)}.`;
  return html`<p class="alert" role="alert" id="alert">
    ${[message, description, wait].filter((text) => text !== undefined).join(' ')}
  </p>`;
}

export const invalid = (isInvalid: boolean | undefined): Html | undefined =>
  isInvalid ? html`aria-invalid="true" aria-describedby="alert"` : undefined;

/** Sends again. Without script it can be pressed too early, and the answer says so. */
export function resendForm(csrf: Html, { resendAt }: Pending, label: string): Html {
  const wait = Math.max(0, resendAt - Math.floor(Date.now() / 1000));
  return html`<form method="post" action="/login/resend">
    ${csrf}
    <button class="plain" data-wait="${wait}">${label}</button>
  </form>`;
}

/** Such as `3 minutes`. */
export function duration(seconds: number): string {
  const [amount, unit] =
    seconds < 120 ? [seconds, 'second'] : seconds < 7200 ? [seconds / 60, 'minute'] : [seconds / 3600, 'hour'];
  const rounded = Math.ceil(amount);
  return `${rounded} ${unit}${rounded === 1 ? '' : 's'}`;
}
