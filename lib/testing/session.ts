import { randomBytes } from 'node:crypto';
import { remember } from './bounded.js';
import type { Context } from './context.js';
import type { WireRequest } from './http.js';

const SESSIONS = 10_000;

/** A browser's session on the tenant is its `auth0` cookie. */
export function findSession({ issued }: Context, { headers }: WireRequest): string | undefined {
  const value = /(?:^|;\s*)auth0=([^;]+)/.exec(headers.cookie ?? '')?.[1];
  return value !== undefined && issued.sessions.has(value) ? value : undefined;
}

export function startSession({ issued }: Context): string {
  const sid = randomBytes(24).toString('base64url');
  remember(issued.sessions, sid, true, SESSIONS);
  return sid;
}

export function sessionCookie({ issuer }: Context, sid: string): string {
  return `auth0=${sid}; Path=/; HttpOnly; SameSite=Lax${issuer.startsWith('https:') ? '; Secure' : ''}`;
}

/** Forgets the browser's session, and returns the cookie that has the browser forget it. */
export function endSession(context: Context, request: WireRequest): string {
  const sid = findSession(context, request);
  if (sid !== undefined) context.issued.sessions.delete(sid);
  return `${sessionCookie(context, '')}; Max-Age=0`;
}
