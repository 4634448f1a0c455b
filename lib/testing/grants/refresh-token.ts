import type { Client } from '../clients.js';
import type { Context } from '../context.js';
import { userIsBlocked } from '../errors.js';
import { optional, required, type Parameters } from '../http.js';
import { checkMfa } from '../mfa/required.js';
import { findRefreshToken } from '../refresh-tokens.js';
import { checkAudience, grantedScopes, OIDC_SCOPES, type Authorization } from '../tokens.js';

/**
 * New tokens for a login: with the scopes it had or fewer of them (RFC 6749, section 6), for its API or another one. What
 * `mfa_required` interrupts does not spend the token.
 */
export function refreshToken(context: Context, client: Client, parameters: Parameters): Authorization {
  const refreshed = findRefreshToken(context, client, required(parameters, 'refresh_token'));
  const { nonce, recoveryCode, ...login } = refreshed.family.authorization;
  const { user, scopes } = login;
  if (user.blocked) throw userIsBlocked();
  const asked = optional(parameters, 'scope');
  const audience = optional(parameters, 'audience') ?? login.audience;
  checkAudience(context, audience);
  const isAnother = audience !== login.audience;
  const mayHave = (scope: string) => scopes.includes(scope) || (isAnother && !OIDC_SCOPES.includes(scope));
  const granted = asked === undefined ? scopes : grantedScopes(client, asked, audience).filter(mayHave);
  const authorization = { ...login, scopes: granted, audience, refreshed };
  checkMfa(context, authorization, 'refresh_token');
  return authorization;
}
