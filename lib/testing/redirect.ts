import { html } from './html.js';
import type { Reply } from './http.js';
import { notice } from './page.js';

/** A URL of the app with what it is told, in the query or in the fragment. */
export function locationOf(
  redirectURI: string,
  separator: '?' | '#',
  parameters: Record<string, string | number | undefined>,
): string {
  const answer = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? '')}`)
    .join('&');
  const url = new URL(redirectURI);
  if (separator === '#') url.hash = answer;
  else url.search = [url.search.slice(1), answer].filter((part) => part !== '').join('&');
  return url.href;
}

/** Where the browser stays when there is no place to send it to. */
export const errorPage = (status: number, text: string): Reply =>
  notice(status, 'Something went wrong', html`<p>${text}</p>`);
