import { html } from '../html.js';
import type { Page } from './layout.js';

interface Problem {
  title: string;
  text: string;
  /** Where the user can try again. */
  retry: string;
  /** For the developer. */
  remedy?: string | undefined;
}

export function errorView({ title, text, retry, remedy }: Problem): Page {
  return {
    title,
    main: html`
      <h1>${title}</h1>
      <p>${text}</p>
      ${remedy !== undefined && html`<p class="alert">${remedy}</p>`}
      <p><a class="button" href="${retry}">${retry === '/' ? 'Go to the start' : 'Try again'}</a></p>
    `,
  };
}
