import { html, type Html } from '../html.js';
import type { User } from '../users.js';

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

export const nameOf = ({ email, phoneNumber }: User): string => [email, phoneNumber].filter(Boolean).join(' · ');
