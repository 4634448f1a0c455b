import { createHash } from 'node:crypto';
import type { Reply } from './http.js';

const STYLE = `
:root { color-scheme: light dark; --muted: color-mix(in srgb, CanvasText 65%, Canvas); --line: color-mix(in srgb, CanvasText 18%, Canvas) }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.25rem }
h2 { font-size: 1rem }
ol, ul { list-style: none; padding: 0 }
li { border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 1rem 0 }
p { margin: .25rem 0; overflow-wrap: anywhere }
.muted { color: var(--muted) }
.code { font: 600 2rem/1.25 ui-monospace, monospace; letter-spacing: .15em }
`;

/** No script, nothing from elsewhere, and only this style. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
].join('; ');

/** An HTML page; `body` is markup, in which everything from outside went through {@link escapeHTML}. */
export function page(status: number, title: string, body: string, { refresh }: { refresh?: number } = {}): Reply {
  const meta = refresh === undefined ? '' : `<meta http-equiv="refresh" content="${refresh}">\n`;
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${meta}<title>${escapeHTML(title)}</title>
<style>${STYLE}</style>
<main>
<h1>${escapeHTML(title)}</h1>
${body}
</main>
</html>
`,
  };
}

export const escapeHTML = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
