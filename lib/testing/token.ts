import { authenticateClient, isConnectionEnabled, isGrantAllowed, PASSWORDLESS_OTP, type Client } from './clients.js';
import type { Context } from './context.js';
import { redeemCode } from './codes.js';
import { OAuthError } from './errors.js';
import { optional, required, type Parameters, type Reply, type WireRequest } from './http.js';
import { isPasswordless } from './options.js';
import { checkAudience, grantedScopes, issueTokens, type Authorization } from './tokens.js';

type Grant = (context: Context, client: Client, parameters: Parameters) => Authorization;

/** A grant is one function from the client and its parameters to who was let in. */
const GRANTS: Record<string, Grant> = {
  [PASSWORDLESS_OTP]: passwordlessOTP,
  authorization_code: authorizationCode,
};

/** `POST /oauth/token` */
export async function token(context: Context, { body }: WireRequest): Promise<Reply> {
  const grantType = required(body, 'grant_type');
  const grant = Object.hasOwn(GRANTS, grantType) ? GRANTS[grantType] : undefined;
  if (!grant) throw new OAuthError(403, 'unsupported_grant_type', `Unsupported grant type: ${grantType}`);
  required(body, 'client_id');
  const client = authenticateClient(context.clients, body);
  if (!isGrantAllowed(client, grantType)) {
    throw new OAuthError(403, 'unauthorized_client', `Grant type '${grantType}' not allowed for the client.`, {
      error_uri: 'https://auth0.com/docs/clients/client-grant-types',
    });
  }
  return { status: 200, body: await issueTokens(context, grant(context, client, body)) };
}

function passwordlessOTP(context: Context, client: Client, parameters: Parameters): Authorization {
  const username = required(parameters, 'username');
  const otp = required(parameters, 'otp');
  const realm = required(parameters, 'realm');
  const audience = optional(parameters, 'audience');
  const scopes = grantedScopes(optional(parameters, 'scope'), audience);
  checkAudience(context, audience);
  const connection = context.connections.get(realm);
  if (!connection || !isPasswordless(connection) || !isConnectionEnabled(client, realm))
    throw new OAuthError(400, 'invalid_request', 'Unknown realm');
  const address = connection.strategy === 'email' ? username.toLowerCase() : username;
  const user = redeemCode(context, client, connection, address, otp);
  return { client, user, scopes, audience };
}

function authorizationCode({ clock, issued }: Context, client: Client, parameters: Parameters): Authorization {
  const code = required(parameters, 'code');
  const entry = issued.authorizationCodes.get(code);
  if (entry?.client !== client || clock.now() >= entry.expiresAt) {
    throw new OAuthError(403, 'invalid_grant', 'Invalid authorization code');
  }
  const redirectURI = optional(parameters, 'redirect_uri') ?? 'null';
  if (redirectURI !== entry.redirectURI) {
    const description = `The redirect URI is wrong. You sent ${redirectURI}, and we expected ${entry.redirectURI}`;
    throw new OAuthError(403, 'unauthorized_client', description);
  }
  issued.authorizationCodes.delete(code);
  return entry;
}
