import type { FailureInfo } from 'passport-auth0-passwordless';
import { csrfField } from '../csrf.js';
import { html, type Html } from '../html.js';
import type { PendingChallenge, Visit } from '../session-data.js';
import { codeField } from './code.js';
import { alert } from './failure.js';
import type { Page } from './layout.js';
import { described } from './parts.js';

/** Where a second factor is answered: a code is typed, or a notification on the phone is waited for. */
export function answerPage(visit: Visit, challenge: PendingChallenge | undefined, failure?: FailureInfo): Page {
  const isPush = challenge?.prompt === false;
  const title = isPush ? 'Check your phone' : nameOf(challenge);
  // No failure: the user asked, and the phone has not answered yet.
  const isWaiting = failure?.code === 'mfa_pending';
  const problem = isWaiting ? undefined : failure;
  return {
    title: problem ? `Error: ${title}` : title,
    main: html`
      <h1>${title}</h1>
      <p>${hint(challenge)}</p>
      ${isWaiting && html`<p class="notice" role="status">Your phone has not answered yet.</p>`} ${alert(problem)}
      ${
        isPush
          ? waitForm(visit, failure?.retryAfter)
          : answerForm(visit, { type: challenge?.type, failure: problem, autofocus: true })
      }
      <div class="more">
        ${againForm(visit, challenge)}
        <a href="/login/mfa">Use another way</a>
      </div>
    `,
  };
}

const nameOf = (challenge: PendingChallenge | undefined) =>
  challenge?.type === 'recovery-code' ? 'Enter a recovery code' : 'Enter your code';

function hint(challenge: PendingChallenge | undefined): string {
  if (!challenge || challenge.type === 'otp') return 'It is the one that your authenticator app shows.';
  if (challenge.type === 'recovery-code') return 'Use the recovery code that you wrote down.';
  const to = challenge.name === undefined ? '' : ` ${challenge.name}`;
  switch (challenge.channel) {
    case 'push':
      return challenge.authenticatorId === undefined
        ? 'Finish the set-up in the app there.'
        : 'We sent a notification there. Allow it to sign in here.';
    case 'voice':
      return `We are calling${to} to tell you.`;
    default:
      return `We sent it to${to || ' you'}.`;
  }
}

interface CodeFormOptions {
  type?: PendingChallenge['type'] | undefined;
  failure?: FailureInfo | undefined;
  autofocus: boolean;
}

/** The form for a code; also at the end of an enrolment. */
export function answerForm(visit: Visit, { type, failure, autofocus }: CodeFormOptions): Html {
  const isRecovery = type === 'recovery-code';
  return html`<form method="post" action="/login/mfa/answer">
    ${csrfField(visit)}
    <label for="code">${isRecovery ? 'Recovery code' : 'Code'}</label>
    ${isRecovery ? recoveryCodeField(failure) : codeField('code', failure, autofocus)}
    <button>Sign in</button>
  </form>`;
}

function recoveryCodeField(failure: FailureInfo | undefined): Html {
  return html`<input
    id="code"
    name="recovery_code"
    autocomplete="off"
    autocapitalize="characters"
    spellcheck="false"
    maxlength="64"
    ${described(failure && ['code_missing', 'wrong_code'].includes(failure.code))}
    required
    autofocus
  />`;
}

/** Asks whether the phone has answered: by itself with script, by a button without. */
function waitForm(visit: Visit, retryAfter = 5): Html {
  return html`<form method="post" action="/login/mfa/answer" data-poll-after="${retryAfter}">
    ${csrfField(visit)}
    <progress aria-label="Waiting for your phone"></progress>
    <button class="secondary">I have answered</button>
  </form>`;
}

/** The same challenge once more. An authenticator app and a recovery code have nothing that could be sent again. */
function againForm(visit: Visit, challenge: PendingChallenge | undefined): Html | undefined {
  if (challenge?.type !== 'oob' || challenge.authenticatorId === undefined) return undefined;
  const label = { push: 'Notify me again', voice: 'Call me again', email: 'Send a new code', sms: 'Send a new code' };
  return html`<form method="post" action="/login/mfa/challenge">
    ${csrfField(visit)}
    <input type="hidden" name="authenticator_id" value="${challenge.authenticatorId}" />
    <button class="plain">${label[challenge.channel ?? 'sms']}</button>
  </form>`;
}
