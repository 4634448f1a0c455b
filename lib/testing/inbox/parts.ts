import { html, type Html } from '../html.js';
import type { Context } from '../context.js';
import type { Parameters } from '../http.js';
import { defaultUserID, type User } from '../users.js';

export const section = (id: string, title: string, content: Html | Html[]): Html =>
  html`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title" tabindex="-1">${title}</h2>
    ${content}
  </section>`;

export const controls = (content: Html[]): Html => html`<div class="card controls">${content}</div>`;

/** A form of buttons, each of which sends the name and value it has. */
export const form = (path: string, content: Html | Html[], hidden: Record<string, string> = {}): Html =>
  html`<form method="post" action="/inbox/${path}">
    ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${content}
  </form>`;

/** `about` is heard by those who do not see what stands around the button. */
export const button = (name: string, value: string | number, label: string, about = ''): Html =>
  html`<button name="${name}" value="${value}">${label}${unseen(about)}</button>`;

type Option = readonly [name: string, value: string, label: string, isOn: boolean];

/** A choice of a few, of which one is pressed; or several, each of them for itself. */
export const choice = (title: string, options: Option[]): Html =>
  html`<fieldset>
    <legend>${title}</legend>
    ${options.map(
      ([name, value, label, isOn]) =>
        html`<button name="${name}" value="${value}" aria-pressed="${String(isOn)}">${label}</button> `,
    )}
  </fieldset>`;

/** Needs the page's script, and is not shown without. */
export const copyButton = (text: string, label: string, about = ''): Html =>
  html`<button type="button" class="copy" data-copy="${text}">${label}${unseen(about)}</button>`;

const unseen = (text: string) => text !== '' && html`<span class="unseen"> ${text}</span>`;

/** A user of a database connection is another one than a passwordless user of the same address. */
export const nameOf = ({ email, phoneNumber, connection }: User): string =>
  [email, phoneNumber, connection].filter(Boolean).join(' · ');

export const idOf = (user: User): string => user.userID ?? defaultUserID(user);

/** The user whom a form names. */
export const userOf = ({ users }: Context, { user: id }: Parameters): User | undefined =>
  users.list.find((user) => idOf(user) === id);

/** `1 d 2 h 3 min 4 s`, without what is none. */
export function duration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? `${count} ${unit}` : [])).join(' ');
}
