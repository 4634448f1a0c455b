import type { Client } from '../clients.js';
import type { Context } from '../context.js';
import { invalidRequest, OAuthError, userIsBlocked } from '../errors.js';
import { bearerToken, required, type Parameters, type WireRequest } from '../http.js';
import type { Authorization } from '../tokens.js';
import type { User } from '../users.js';
import type { Authenticator } from './factors.js';
import { mfaRequired } from './required.js';
import type { MfaLogin } from './state.js';

export const invalidGrant = ({ settings }: Context, description: string) =>
  new OAuthError(settings.mfaInvalidGrantStatus, 'invalid_grant', description);

export const expired = (what: 'mfa_token' | 'oob_code') => new OAuthError(401, 'expired_token', `${what} is expired`);

type MfaScope = 'read:authenticators' | 'enroll' | 'remove:authenticators';

/** The login of the parameter `mfa_token`; it must be this client's. */
export function loginOf(context: Context, client: Client, parameters: Parameters): MfaLogin {
  const login = context.mfa.logins.get(required(parameters, 'mfa_token'));
  if (!login) throw invalidGrant(context, 'Malformed mfa_token');
  if (login.authorization.client !== client) throw invalidRequest('mfa_token not issued to this client');
  if (context.clock.now() >= login.expiresAt) throw expired('mfa_token');
  return login;
}

/** The login whose `mfa_token` is the bearer token; or an access token for the API at `/mfa/` with the scope. */
export function bearerLogin({ mfa, clock, settings }: Context, request: WireRequest, scope: MfaScope): MfaLogin {
  const login = mfa.logins.get(bearerToken(request) ?? '');
  const isAllowed = login?.isManagement
    ? login.authorization.scopes.includes(scope)
    : scope !== 'remove:authenticators' || settings.removeAuthenticatorsWithMfaToken;
  if (!login || !isAllowed) throw new OAuthError(401, 'invalid_token', 'Invalid or missing bearer token');
  if (clock.now() >= login.expiresAt) throw expired('mfa_token');
  return login;
}

/** Refuses a user who has failed too often lately, whatever comes now. */
export function checkFailures({ mfa }: Context, { userID = '' }: User): void {
  const limit = mfa.limits.failures.take(userID, 0);
  if (!limit.allowed) throw tooMany('too_many_attempts', limit.headers);
}

/** Counts a failure, and returns what to throw. */
export function failed(context: Context, { userID = '' }: User, description: string): OAuthError {
  context.mfa.limits.failures.take(userID);
  return invalidGrant(context, description);
}

export const tooMany = (error: string, headers: Record<string, string>) =>
  new OAuthError(429, error, 'Too many requests. Check the X-RateLimit-Limit and Retry-After headers.', {}, headers);

/**
 * Ends a step in which a factor was verified: the token is spent, and what was enrolled with it is active.
 *
 * @throws OAuthError `mfa_required` again where the policy asks for another factor.
 */
export function verified(context: Context, login: MfaLogin, factor: Authenticator): Authorization {
  const { authorization, enrolling, factorsLeft, isManagement, token } = login;
  if (authorization.user.blocked) throw userIsBlocked();
  if (!isManagement) context.mfa.logins.delete(token);
  for (const each of enrolling.find((group) => group.includes(factor)) ?? []) each.active = true;
  if (factorsLeft > 1) throw mfaRequired(context, authorization, factorsLeft - 1);
  return authorization;
}
