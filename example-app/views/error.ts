import { html } from '../html.js';
import { alert, type Failure } from './failure.js';
import type { Page } from './layout.js';

export interface Problem {
  title: string;
  text?: string;
  failure?: Failure;
  /** Where the user can try again. */
  retry: string;
  /** For the developer. */
  remedy?: string | undefined;
}

export function errorView({ title, text, failure, retry, remedy }: Problem): Page {
  return {
    title,
    main: html`
      <h1>${title}</h1>
      ${text !== undefined && html`<p>${text}</p>`} ${alert(failure)}
      ${remedy !== undefined && html`<p class="alert">${remedy}</p>`}
      <p><a class="button" href="${retry}">${retry === '/' ? 'Go to the start' : 'Try again'}</a></p>
    `,
  };
}
