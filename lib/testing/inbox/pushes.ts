import type { Context } from '../context.js';
import { html, type Html } from '../html.js';
import type { Challenge } from '../mfa/challenges.js';
import { pendingPushes } from '../mfa/devices.js';
import { action } from './action.js';
import { button, form, nameOf, section } from './parts.js';

/** Pushes that wait for an answer, newest first, with the buttons that a phone would show. */
export function pushSection(context: Context): Html | false {
  const pushes = pendingPushes(context).reverse();
  return (
    pushes.length > 0 &&
    section(
      'pushes',
      'On the phone',
      html`<ul>
        ${pushes.map(item)}
      </ul>`,
    )
  );
}

function item({ push, login, authenticator }: Challenge): Html {
  const name = nameOf(login.authorization.user);
  const question = authenticator.active ? 'Is it you who is signing in?' : 'Scan the QR code?';
  const answers = [
    button('answer', 'approved', 'Yes', `for ${name}`),
    button('answer', 'rejected', 'No', `for ${name}`),
  ];
  return html`<li id="push-${push.id}" class="card asks" data-news="A question on the phone of ${name}">
    <p><strong>${name}</strong></p>
    <p>${question}</p>
    ${form('push', answers, { push: push.id })}
  </li>`;
}

export const answerPush = action('pushes', (context, { push: id, answer }) => {
  if (answer !== 'approved' && answer !== 'rejected') throw new TypeError('answer: approved or rejected');
  const challenge = pendingPushes(context).find(({ push }) => push.id === id);
  if (challenge) challenge.push.answer = answer;
});
