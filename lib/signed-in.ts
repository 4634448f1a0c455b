import { createHash } from 'node:crypto';
import type { RequestLike } from './request.js';
import { isStepUp, type Login } from './transaction/transaction.js';

/** Whom Passport has signed in to this session, as a digest; undefined for nobody, or without a session. */
export function signedInUser({ session }: Pick<RequestLike, 'session'>): string | undefined {
  const { passport } = (session ?? {}) as { passport?: unknown };
  const text = JSON.stringify(passport) as string | undefined;
  // After a logout that keeps the session there is an empty object.
  if (text === undefined || text === 'null' || text === '{}') return undefined;
  return createHash('sha256').update(text).digest('base64url');
}

/** Whether it is a step-up of somebody else than who is signed in now: a second factor alone is no login. */
export function isOfAnother(login: Login, req: RequestLike): boolean {
  return isStepUp(login) && login.user !== signedInUser(req);
}
