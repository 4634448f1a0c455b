import type { RefreshToken } from './refresh-tokens.js';
import type { Authorization } from './tokens.js';
import type { User } from './users.js';

/** What the tenant has handed out and will recognise again. */
export interface Issued {
  authorizationCodes: Map<string, Authorization & { redirectURI: string; expiresAt: number }>;
  accessTokens: Map<string, { user: User; scopes: string[]; expiresAt: number }>;
  refreshTokens: Map<string, RefreshToken>;
  /** Client assertions that were used, by client and `jti`. */
  assertions: Map<string, true>;
  /** Browser sessions, by the `auth0` cookie. */
  sessions: Map<string, true>;
}

export const createIssued = (): Issued => ({
  authorizationCodes: new Map(),
  accessTokens: new Map(),
  refreshTokens: new Map(),
  assertions: new Map(),
  sessions: new Map(),
});
