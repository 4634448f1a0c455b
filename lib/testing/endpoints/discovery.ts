import type { Context } from '../context.js';
import type { Reply } from '../http.js';

/** `GET /.well-known/openid-configuration`. As on Auth0, no passwordless endpoint is advertised. */
export function openidConfiguration({ issuer }: Context): Reply {
  return {
    status: 200,
    body: {
      issuer,
      authorization_endpoint: `${issuer}authorize`,
      token_endpoint: `${issuer}oauth/token`,
      revocation_endpoint: `${issuer}oauth/revoke`,
      end_session_endpoint: `${issuer}oidc/logout`,
      userinfo_endpoint: `${issuer}userinfo`,
      mfa_challenge_endpoint: `${issuer}mfa/challenge`,
      jwks_uri: `${issuer}.well-known/jwks.json`,
      scopes_supported: ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'],
      response_types_supported: ['code', 'token'],
      response_modes_supported: ['query', 'fragment'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['HS256', 'RS256', 'PS256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      claims_supported: [
        ...['aud', 'exp', 'iat', 'iss', 'sub', 'name', 'nickname', 'given_name', 'family_name', 'picture'],
        ...['email', 'email_verified', 'phone_number'],
      ],
      request_uri_parameter_supported: false,
    },
  };
}

/** `GET /.well-known/jwks.json` */
export async function jwks({ keys, settings }: Context): Promise<Reply> {
  return { status: 200, body: await keys.jwks(!settings.removeAlgFromJWKS) };
}
