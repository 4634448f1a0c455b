import { unauthorized } from './errors.js';
import type { Context } from './context.js';
import { required, type Parameters } from './http.js';
import { isPasswordless, type PasswordlessConnection } from './options.js';

/** The three grants that verify a second factor. */
export const MFA_OTP = 'http://auth0.com/oauth/grant-type/mfa-otp';
export const MFA_OOB = 'http://auth0.com/oauth/grant-type/mfa-oob';
export const MFA_RECOVERY_CODE = 'http://auth0.com/oauth/grant-type/mfa-recovery-code';

export const PASSWORDLESS_OTP = 'http://auth0.com/oauth/grant-type/passwordless/otp';

/** An application, in Auth0's terms a confidential one: it has a secret and sends it in the body. */
export interface Client {
  clientID: string;
  clientSecret: string;
  /** Default: passwordless OTP, `authorization_code` (which magic links end in) and the three of MFA. */
  grantTypes?: string[];
  /** Names of the connections enabled for it; default: all of the tenant's. */
  connections?: string[];
  /**
   * Allowed Callback URLs, compared exactly. Default: every URL is allowed, which spares tests a list; Auth0 itself
   * allows none that is not listed.
   */
  callbacks?: string[];
  /** Auth0's "Trust Token Endpoint IP Header": honour `auth0-forwarded-for`; default false. Without it the header is ignored. */
  trustTokenEndpointIPHeader?: boolean;
  /** How its ID tokens are signed; default `'RS256'`. HS256 uses the client secret. */
  idTokenSigningAlg?: 'RS256' | 'HS256' | 'PS256';
}

export const defaultClient: Client = {
  clientID: 'local-client',
  clientSecret: 'local-client-secret-'.padEnd(64, '0123456789'),
};

const defaultGrantTypes = [PASSWORDLESS_OTP, 'authorization_code', MFA_OTP, MFA_OOB, MFA_RECOVERY_CODE];

export const isGrantAllowed = (client: Client, grantType: string): boolean =>
  (client.grantTypes ?? defaultGrantTypes).includes(grantType);

export const isConnectionEnabled = (client: Client, name: string): boolean =>
  client.connections?.includes(name) ?? true;

export const isCallbackAllowed = (client: Client, url: string): boolean => client.callbacks?.includes(url) ?? true;

/** The connection of that name, if it does passwordless and is enabled for the client. */
export function enabledConnection(
  { connections }: Context,
  client: Client,
  name: string,
): PasswordlessConnection | undefined {
  const connection = connections.get(name);
  return connection && isPasswordless(connection) && isConnectionEnabled(client, name) ? connection : undefined;
}

export const hasSecret = (client: Client | undefined, parameters: Parameters): boolean =>
  client !== undefined && parameters.client_secret === client.clientSecret;

/** The client a request is from, with its secret checked. */
export function authenticateClient({ clients }: Context, parameters: Parameters): Client {
  const client = clients.get(required(parameters, 'client_id'));
  if (!client || !hasSecret(client, parameters)) throw unauthorized();
  return client;
}
