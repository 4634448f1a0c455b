import type { WireRequest } from '../http.js';

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/i;

/**
 * Why a request gets nothing, for a person; undefined for one that is all right. Any page in the developer's browser
 * reaches loopback, so it must neither read codes (by a name of its own that resolves to 127.0.0.1: DNS rebinding) nor
 * press buttons.
 */
export function refusal(request: Pick<WireRequest, 'method' | 'headers'>, issuer: string): string | undefined {
  if (!LOOPBACK.test(request.headers.host ?? '')) return `The inbox is for this machine only: open ${issuer}inbox.`;
  if (request.method === 'POST' && isFromElsewhere(request, issuer)) {
    return 'Another site made the browser send this. Press the button on the inbox page itself.';
  }
  return undefined;
}

/**
 * By `Sec-Fetch-Site` (W3C Fetch Metadata), else by `Origin`; a program sends neither. Other ports of this machine are
 * other origins, though the same site.
 */
function isFromElsewhere({ headers }: Pick<WireRequest, 'headers'>, issuer: string): boolean {
  const { host = '', origin } = headers;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin';
  return origin !== undefined && origin !== `${new URL(issuer).protocol}//${host.toLowerCase()}`;
}
