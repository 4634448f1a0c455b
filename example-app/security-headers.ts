/** Only our own files, nothing inline, forms that stay here, and no frame around us. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

export const securityHeaders = {
  'Content-Security-Policy': POLICY,
  // A callback's URL holds a code.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** For pages: they show an address, a profile or a CSRF token. */
export const noStore = { 'Cache-Control': 'no-store' };
