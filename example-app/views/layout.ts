import { html, type Html } from '../html.js';

export interface Page {
  title: string;
  main: Html;
}

/** The whole of a page, as text. */
export function renderPage({ title, main }: Page, inboxURL: string | undefined): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Example</title>
        <link rel="icon" href="/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/style.css" />
        <script type="module" src="/forms.js"></script>
      </head>
      <body>
        <header><a class="brand" href="/">Example</a></header>
        <main>${main}</main>
        ${inboxURL !== undefined && localNote(inboxURL)}
        <p id="announcement" class="unseen" role="status"></p>
      </body>
    </html>`.markup;
}

const localNote = (inboxURL: string) =>
  html`<footer>
    This app runs with a local tenant, so no message leaves this machine: any address will do.
    <a href="${inboxURL}" target="_blank" rel="noopener">Open the inbox</a>, where codes arrive.
  </footer>`;
