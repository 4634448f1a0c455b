import type { Client } from '../clients.js';
import type { Context } from '../context.js';
import { OAuthError } from '../errors.js';
import { optional, required, type Parameters } from '../http.js';
import type { Authorization } from '../tokens.js';

/** What a magic link ends in: a code for this client and this `redirect_uri` only. */
export function authorizationCode({ clock, issued }: Context, client: Client, parameters: Parameters): Authorization {
  const code = required(parameters, 'code');
  const redirectURI = optional(parameters, 'redirect_uri') ?? 'null';
  const authorization = issued.authorizationCodes.get(code);
  if (authorization?.client !== client || clock.now() >= authorization.expiresAt) {
    throw new OAuthError(403, 'invalid_grant', 'Invalid authorization code');
  }
  if (redirectURI !== authorization.redirectURI) {
    const description = `The redirect URI is wrong. You sent ${redirectURI}, and we expected ${authorization.redirectURI}`;
    throw new OAuthError(403, 'unauthorized_client', description);
  }
  issued.authorizationCodes.delete(code);
  return authorization;
}
