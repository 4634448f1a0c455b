import { enabledConnection, type Client } from '../clients.js';
import { redeemCode } from '../codes.js';
import type { Context } from '../context.js';
import { invalidRequest } from '../errors.js';
import { optional, required, type Parameters } from '../http.js';
import { checkMfa } from '../mfa/required.js';
import { redeemSession } from '../otp-session.js';
import { checkAudience, grantedScopes, type Authorization } from '../tokens.js';
import type { User } from '../users.js';

/** A code of a passwordless connection, or with an `auth_session` of a database connection. */
export function passwordlessOTP(context: Context, client: Client, parameters: Parameters): Authorization {
  const signIn = firstFactor(context, client, parameters);
  const audience = optional(parameters, 'audience');
  const scopes = grantedScopes(client, optional(parameters, 'scope'), audience);
  checkAudience(context, audience);
  const authorization = { client, user: signIn(), scopes, audience };
  checkMfa(context, authorization, 'passwordless');
  return authorization;
}

/** Reads what there is to read; the code is spent when what it returns is called. */
function firstFactor(context: Context, client: Client, parameters: Parameters): () => User {
  const authSession = optional(parameters, 'auth_session');
  if (authSession !== undefined) {
    const otp = required(parameters, 'otp');
    return () => redeemSession(context, client, authSession, otp);
  }
  // `realm` is the connection the code was asked for on, `username` the address.
  const username = required(parameters, 'username');
  const otp = required(parameters, 'otp');
  const realm = required(parameters, 'realm');
  return () => {
    const connection = enabledConnection(context, client, realm);
    if (!connection) throw invalidRequest('Unknown realm');
    const address = connection.strategy === 'email' ? username.toLowerCase() : username;
    return redeemCode(context, client, connection, address, otp);
  };
}
