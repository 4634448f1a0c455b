import { enabledConnection, type Client } from '../clients.js';
import { redeemCode } from '../codes.js';
import type { Context } from '../context.js';
import { OAuthError } from '../errors.js';
import { optional, required, type Parameters } from '../http.js';
import { checkMFA } from '../mfa/required.js';
import { checkAudience, grantedScopes, type Authorization } from '../tokens.js';

/** `realm` is the connection the code was asked for on, `username` the address. */
export function passwordlessOTP(context: Context, client: Client, parameters: Parameters): Authorization {
  const username = required(parameters, 'username');
  const otp = required(parameters, 'otp');
  const realm = required(parameters, 'realm');
  const audience = optional(parameters, 'audience');
  const scopes = grantedScopes(client, optional(parameters, 'scope'), audience);
  checkAudience(context, audience);
  const connection = enabledConnection(context, client, realm);
  if (!connection) throw new OAuthError(400, 'invalid_request', 'Unknown realm');
  const address = connection.strategy === 'email' ? username.toLowerCase() : username;
  const user = redeemCode(context, client, connection, address, otp);
  const authorization = { client, user, scopes, audience };
  checkMFA(context, authorization, 'passwordless');
  return authorization;
}
