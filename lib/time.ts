/** As in JWTs (RFC 7519, `NumericDate`), and in all that this package tells of time. */
export function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
