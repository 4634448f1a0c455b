import { createHash } from 'node:crypto';
import { html, Html } from './html.js';
import type { Reply } from './http.js';

/** An icon of its own, so that browsers do not ask the tenant for one. */
const ICON =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#0f766e"/>' +
      '<path d="M3.5 5.5 8 9l4.5-3.5" fill="none" stroke="#fff" stroke-width="1.6"/></svg>',
  );

const STYLE = `
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.25rem }
`;

/** Everything that a page is made of stands in it, and nothing else may run, load or frame it. */
function policy({ style, script }: { style: string; script: string }): string {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return [
    `default-src 'none'; img-src data:; style-src ${hash(style)}`,
    ...(script === '' ? [] : [`script-src ${hash(script)}; connect-src 'self'`]),
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  ].join('; ');
}

interface Page {
  status: number;
  title: string;
  body: Html;
  style?: string;
  /** Of a module. */
  script?: string;
}

/** An HTML page whose body is all the markup of its own. */
export function page({ status, title, body, style = STYLE, script = '' }: Page): Reply {
  return {
    status,
    headers: {
      'content-security-policy': policy({ style, script }),
      // Not 'no-referrer', under which a form of the page's own says that it comes from nowhere: `Origin: null`.
      'referrer-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    },
    body: html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${title}</title>
          <link rel="icon" href="${ICON}" />
          ${new Html(`<style>${style}</style>`)}
          ${script !== '' && new Html(`<script type="module">${script}</script>`)}
        </head>
        <body>
          ${body}
        </body>
      </html> `.markup,
  };
}

/** A page that says one thing. */
export const notice = (status: number, title: string, body: Html): Reply =>
  page({
    status,
    title,
    body: html`<main>
      <h1>${title}</h1>
      ${body}
    </main>`,
  });
