import { spendAssertion } from './client-assertion.js';
import type { Context } from './context.js';
import { invalidClient, unauthorized } from './errors.js';
import { required, type Parameters } from './http.js';
import { isPasswordless, type PasswordlessConnection } from './options.js';

/** The three grants that verify a second factor. */
export const MFA_OTP = 'http://auth0.com/oauth/grant-type/mfa-otp';
export const MFA_OOB = 'http://auth0.com/oauth/grant-type/mfa-oob';
export const MFA_RECOVERY_CODE = 'http://auth0.com/oauth/grant-type/mfa-recovery-code';

export const REFRESH_TOKEN = 'refresh_token';

export const PASSWORDLESS_OTP = 'http://auth0.com/oauth/grant-type/passwordless/otp';

/** A public key as a JSON Web Key (RFC 7517). */
export interface JWK {
  kid?: string;
  alg?: string;
  [member: string]: unknown;
}

/** An application, in Auth0's terms a confidential one: it authenticates by a secret in the body, or by `publicKeys`. */
export interface Client {
  clientID: string;
  /** Required without `publicKeys`; with them it is not accepted, and only signs ID tokens with HS256. */
  clientSecret?: string;
  /**
   * Has the client authenticate by `private_key_jwt` (RFC 7523), with one of these RSA keys: PEM strings, or JWKs, whose
   * `alg` is the only algorithm they are good for: `'RS256'` (default, and a PEM's), `'RS384'` or `'PS256'`. A key's `kid` is
   * that of the JWK, or its thumbprint (RFC 7638).
   */
  publicKeys?: (string | JWK)[];
  /** Default: passwordless OTP, `authorization_code` (which magic links end in), `refresh_token` and the three of MFA. */
  grantTypes?: string[];
  /** Names of the connections enabled for it; default: all of the tenant's. */
  connections?: string[];
  /**
   * Allowed Callback URLs, compared exactly. Default: every URL is allowed, which spares tests a list; Auth0 itself
   * allows none that is not listed.
   */
  callbacks?: string[];
  /**
   * Allowed Logout URLs, where `/v2/logout` and `/oidc/logout` may send the browser; compared exactly, but for query and
   * fragment. Default, as with `callbacks`: every URL. The first is where a logout without a URL leads to.
   */
  allowedLogoutURLs?: string[];
  /** Auth0's "Trust Token Endpoint IP Header": honour `auth0-forwarded-for`; default false. Without it the header is ignored. */
  trustTokenEndpointIPHeader?: boolean;
  /** How its ID tokens are signed; default `'RS256'`. HS256 uses the client secret, and needs one. */
  idTokenSigningAlg?: 'RS256' | 'HS256' | 'PS256';
}

export const defaultClient: Client = {
  clientID: 'local-client',
  clientSecret: 'local-client-secret-'.padEnd(64, '0123456789'),
};

const defaultGrantTypes = [PASSWORDLESS_OTP, 'authorization_code', REFRESH_TOKEN, MFA_OTP, MFA_OOB, MFA_RECOVERY_CODE];

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

export const hasSecret = ({ clientSecret, publicKeys }: Client, parameters: Parameters): boolean =>
  publicKeys === undefined && parameters.client_secret === clientSecret;

/** The client a request is from, authenticated. */
export function authenticateClient(context: Context, parameters: Parameters): Client {
  const client = context.clients.get(required(parameters, 'client_id'));
  if (!client) throw unauthorized();
  checkCredentials(context, client, parameters);
  return client;
}

/** Throws unless the client's own credentials are there: its secret, or an assertion that is good once. */
export function checkCredentials(context: Context, client: Client, parameters: Parameters): void {
  if (client.publicKeys) {
    spendAssertion(context, client, client.publicKeys, parameters);
    return;
  }
  if (parameters.client_assertion !== undefined) {
    throw invalidClient('The client does not authenticate by private_key_jwt (publicKeys)');
  }
  if (!hasSecret(client, parameters)) throw unauthorized();
}
