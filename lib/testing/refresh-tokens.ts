import { randomBytes } from 'node:crypto';
import { remember } from './bounded.js';
import type { Client } from './clients.js';
import type { Context } from './context.js';
import { OAuthError } from './errors.js';
import type { Authorization } from './tokens.js';
import type { User } from './users.js';

/** One login's refresh tokens, each of which took the place of the one before: they live and die together. */
export interface RefreshFamily {
  /** Who, and what for at most. */
  authorization: Authorization;
  expiresAt: number;
  isRevoked: boolean;
}

export interface RefreshToken {
  family: RefreshFamily;
  /** When another took its place. */
  rotatedAt?: number;
}

const TOKENS = 20_000;

/**
 * The refresh token that goes with a login or with a refresh: the first of a family, the next one or, without rotation, none.
 * Runs before anything is awaited, so that of two refreshes at once the second finds the token rotated.
 */
export function issueRefreshToken(context: Context, authorization: Authorization): string | undefined {
  const { clock, settings } = context;
  const { refreshed } = authorization;
  // By now it may be: a second factor came in between.
  if (refreshed?.family.isRevoked) throw unknownToken();
  if (refreshed && !settings.refreshTokenRotation) return undefined;
  if (refreshed) {
    refreshed.rotatedAt ??= clock.now();
    return keep(context, refreshed.family);
  }
  if (!authorization.scopes.includes('offline_access')) return undefined;
  const expiresAt = clock.now() + settings.refreshTokenTTL;
  return keep(context, { authorization, expiresAt, isRevoked: false });
}

function keep({ issued }: Context, family: RefreshFamily): string {
  const token = `v1.${randomBytes(48).toString('base64url')}`;
  remember(issued.refreshTokens, token, { family }, TOKENS);
  return token;
}

/** The client's refresh token, if it is good. One whose place another has taken ends the whole family (RFC 9700, section 4.14.2). */
export function findRefreshToken(
  { clock, issued, settings, users }: Context,
  client: Client,
  value: string,
): RefreshToken {
  const token = issued.refreshTokens.get(value);
  if (token?.family.authorization.client !== client) throw unknownToken();
  const { family, rotatedAt } = token;
  const now = clock.now();
  // The clock may have been reset, which lends no token more time.
  if (rotatedAt !== undefined && Math.abs(now - rotatedAt) >= settings.refreshTokenLeeway) family.isRevoked = true;
  const isGone = !users.list.includes(family.authorization.user);
  if (family.isRevoked || isGone || now >= family.expiresAt) throw unknownToken();
  return token;
}

/** The user's families whose newest token can be used. */
export function refreshFamilies({ clock, issued }: Context, user: User): RefreshFamily[] {
  const families = new Set([...issued.refreshTokens.values()].map(({ family }) => family));
  return [...families].filter(
    ({ authorization, expiresAt, isRevoked }) => authorization.user === user && !isRevoked && clock.now() < expiresAt,
  );
}

export const unknownToken = () => new OAuthError(403, 'invalid_grant', 'Unknown or invalid refresh token.');
