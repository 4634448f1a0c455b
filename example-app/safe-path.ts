// One slash, then anything printable but a second slash: browsers read `//host` and `/\host` as another site.
const SAFE_PATH = /^\/(?![/\\])[\x21-\x7e]{0,500}$/;

/** Where to send the browser after sign-in, if `path` stays on this site; the home page if not. */
export function safePath(path: unknown): string {
  return typeof path === 'string' && SAFE_PATH.test(path) ? path : '/';
}
