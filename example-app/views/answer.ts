import type { ChallengeResult, FailureInfo } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html, type Html } from '../html.js';
import type { Visit } from '../session-data.js';
import type { Page } from './layout.js';
import { alert, invalid } from './parts.js';

/** Where a second factor is answered: a code is typed, or a notification on the phone is waited for. */
export function answerPage(visit: Visit, challenge: ChallengeResult | undefined, failure?: FailureInfo): Page {
  const isPush = challenge?.prompt === false;
  const title = isPush ? 'Check your phone' : 'Enter your code';
  // That the phone has not answered yet is no failure.
  const problem = failure?.code === 'mfa_pending' ? undefined : failure;
  return {
    title: problem ? `Error: ${title}` : title,
    main: html`
      <h1>${title}</h1>
      <p>${hint(challenge)}</p>
      ${alert(problem)} ${isPush ? waitForm(visit, failure?.retryAfter) : answerForm(visit, challenge?.type, problem)}
      <p class="more"><a href="/login/mfa">Use another way</a></p>
    `,
  };
}

function hint(challenge: ChallengeResult | undefined): string {
  if (!challenge || challenge.type === 'otp') return 'It is the one that your authenticator app shows.';
  if (challenge.type === 'recovery-code') return 'Use one of the recovery codes that you wrote down.';
  const to = challenge.name === undefined ? '' : ` ${challenge.name}`;
  switch (challenge.channel) {
    case 'push':
      return 'We sent a notification to your phone. Allow it there, and you are signed in here.';
    case 'voice':
      return `We are calling${to} to tell you.`;
    default:
      return `We sent it to${to || ' you'}.`;
  }
}

/** The form for a code; also at the end of an enrolment. */
export function answerForm(visit: Visit, type: ChallengeResult['type'] = 'otp', failure?: FailureInfo): Html {
  const isRecovery = type === 'recovery-code';
  return html`<form method="post" action="/login/mfa/answer">
    ${csrfField(visit)}
    <label for="code">${isRecovery ? 'Recovery code' : 'Code'}</label>
    <input
      id="code"
      name="${isRecovery ? 'recovery_code' : 'otp'}"
      autocomplete="${isRecovery ? 'off' : 'one-time-code'}"
      maxlength="64"
      ${!isRecovery && html`class="otp" inputmode="numeric" data-submit-at="6"`}
      ${invalid(failure && ['code_missing', 'wrong_code'].includes(failure.code))}
      required
      autofocus
    />
    <button>Sign in</button>
  </form>`;
}

/** Asks whether the phone has answered: by itself with script, by a button without. */
export function waitForm(visit: Visit, retryAfter = 5): Html {
  return html`<form method="post" action="/login/mfa/answer" data-submit-after="${retryAfter}">
    ${csrfField(visit)}
    <progress aria-label="Waiting for your phone"></progress>
    <button class="secondary">I have answered</button>
  </form>`;
}
