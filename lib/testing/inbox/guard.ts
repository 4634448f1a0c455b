import type { WireRequest } from '../http.js';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

type Request = Pick<WireRequest, 'method' | 'headers'>;

/**
 * Why a request gets nothing, for a person; undefined for one that is all right. Any page in the developer's browser
 * reaches loopback, so it must neither read codes (by a name of its own that resolves to 127.0.0.1: DNS rebinding) nor
 * press buttons. What it may do is what a link does: open the page.
 */
export function refusal(request: Request, domain: string): string | undefined {
  if (!LOOPBACK.test(request.headers.host ?? '')) return `The inbox is for this machine only: open ${domain}/inbox.`;
  if (isOpening(request) || !isFromElsewhere(request, domain)) return undefined;
  return 'Another site made the browser send this. Open the inbox page itself, and press the button there.';
}

const isOpening = ({ method, headers }: Request) => method === 'GET' && headers['sec-fetch-dest'] === 'document';

/**
 * By `Sec-Fetch-Site` (W3C Fetch Metadata), else by `Origin`; a program sends neither. Other ports of this machine are
 * other origins, though the same site.
 */
function isFromElsewhere({ headers }: Request, domain: string): boolean {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  return origin !== undefined && origin !== `${new URL(domain).protocol}//${host.toLowerCase()}`;
}
