import { randomBytes } from 'node:crypto';

/** A token that looks like Auth0's sealed ones, of `bytes` random bytes and some. Nothing is in it: the tenant remembers what it stands for. */
export function opaqueToken(bytes: number): string {
  const hex = () => randomBytes(32).toString('hex');
  const base64url = (length: number) => randomBytes(length).toString('base64url');
  return ['Fe26.2', '', hex(), base64url(16), base64url(bytes), '', hex(), base64url(32)].join('*');
}
