import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose/jwt/sign';
import { remember } from './bounded.js';
import { userClaims } from './claims.js';
import { isGrantAllowed, REFRESH_TOKEN, type Client } from './clients.js';
import type { Context } from './context.js';
import { OAuthError } from './errors.js';
import { mfaAudience } from './mfa/required.js';
import { keepLogin } from './mfa/state.js';
import { issueRefreshToken, type RefreshToken } from './refresh-tokens.js';
import type { User } from './users.js';

/** Who was let in, and what for: what every grant ends in. */
export interface Authorization {
  client: Client;
  user: User;
  /** Granted scopes. */
  scopes: string[];
  audience?: string | undefined;
  nonce?: string | undefined;
  /** The browser session on the tenant; only links have one. */
  sid?: string | undefined;
  /** The organization that was asked for. */
  organization?: string | undefined;
  /** The refresh token that was used, where one was. */
  refreshed?: RefreshToken;
  /** The new recovery code, where one was used. */
  recoveryCode?: string;
}

/** A body, as JSON: what is undefined is not in it. */
export interface TokenResponse {
  access_token: string;
  refresh_token: string | undefined;
  id_token: string | undefined;
  scope: string | undefined;
  expires_in: number;
  token_type: 'Bearer';
  recovery_code: string | undefined;
}

export const OIDC_SCOPES = ['openid', 'profile', 'email', 'phone', 'address', 'offline_access'];
const ACCESS_TOKENS = 20_000;

/**
 * OpenID Connect's own scopes, and with an audience the API's, whatever they are called. `offline_access` takes the grant
 * `refresh_token`; without it, Auth0 leaves the scope out and says nothing.
 */
export function grantedScopes(client: Client, requested = '', audience?: string): string[] {
  const mayRefresh = isGrantAllowed(client, REFRESH_TOKEN);
  const known = mayRefresh ? OIDC_SCOPES : OIDC_SCOPES.filter((scope) => scope !== 'offline_access');
  const scopes = [...new Set(requested.split(' '))].filter((scope) => scope !== '');
  return scopes.filter((scope) => known.includes(scope) || (audience !== undefined && !OIDC_SCOPES.includes(scope)));
}

export function checkAudience(context: Context, audience: string | undefined): void {
  const { settings, issuer } = context;
  if (audience === undefined || [`${issuer}userinfo`, mfaAudience(context)].includes(audience)) return;
  if (settings.apis && !settings.apis.includes(audience)) {
    throw new OAuthError(403, 'access_denied', `Service not found: ${audience}`);
  }
}

export async function issueTokens(context: Context, authorization: Authorization): Promise<TokenResponse> {
  const { scopes, recoveryCode } = authorization;
  const refreshToken = issueRefreshToken(context, authorization);
  return {
    access_token: await issueAccessToken(context, authorization),
    refresh_token: refreshToken,
    id_token: scopes.includes('openid') ? await issueIDToken(context, authorization) : undefined,
    scope: scopes.join(' ') || undefined,
    expires_in: accessTokenTTL(context, authorization),
    token_type: 'Bearer',
    recovery_code: recoveryCode,
  };
}

/** Auth0 gives access tokens for its MFA API ten minutes. */
const accessTokenTTL = (context: Context, { audience }: Authorization) =>
  Math.min(context.settings.accessTokenTTL, audience === mfaAudience(context) ? 600 : Infinity);

async function issueIDToken(context: Context, authorization: Authorization): Promise<string> {
  const { client, user, scopes, nonce, sid, organization } = authorization;
  const isMember = organization !== undefined && [user.orgID, user.orgName].includes(organization);
  const claims = {
    ...userClaims(user, scopes),
    iss: context.issuer,
    aud: client.clientID,
    ...lifetime(context, context.settings.idTokenTTL),
    sid,
    nonce,
    ...(isMember && { org_id: user.orgID, org_name: user.orgName }),
  };
  if (client.idTokenSigningAlg === 'HS256') {
    const secret = new TextEncoder().encode(client.clientSecret);
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', typ: 'JWT' }).sign(secret);
  }
  return sign(context, claims, client.idTokenSigningAlg);
}

async function issueAccessToken(context: Context, authorization: Authorization): Promise<string> {
  const { client, user, scopes, audience } = authorization;
  const userinfo = `${context.issuer}userinfo`;
  const isOpaque = audience === undefined || audience === userinfo;
  const token = isOpaque
    ? randomBytes(24).toString('base64url')
    : await sign(context, {
        iss: context.issuer,
        sub: userClaims(user, []).sub,
        aud: scopes.includes('openid') ? [audience, userinfo] : audience,
        ...lifetime(context, accessTokenTTL(context, authorization)),
        scope: scopes.join(' ') || undefined,
        azp: client.clientID,
        jti: randomBytes(12).toString('base64url'),
      });
  const expiresAt = context.clock.now() + accessTokenTTL(context, authorization);
  if (audience === mfaAudience(context)) keepManagement(context, authorization, token, expiresAt);
  remember(context.issued.accessTokens, token, { user, scopes, expiresAt }, ACCESS_TOKENS);
  return token;
}

/** An access token for the MFA API takes the place of an `mfa_token`; what is verified with it brings no refresh token. */
function keepManagement({ mfa }: Context, authorization: Authorization, token: string, expiresAt: number): void {
  const { refreshed, ...login } = authorization;
  const scopes = login.scopes.filter((scope) => scope !== 'offline_access');
  keepLogin(mfa, {
    token,
    authorization: { ...login, scopes },
    expiresAt,
    factorsLeft: 0,
    enrolling: [],
    isManagement: true,
  });
}

/** Stamped with the machine's time, not the tenant's: a client checks it against the former. */
function lifetime({ clock }: Context, seconds: number): { iat: number; exp: number } {
  const iat = Math.floor(Date.now() / 1000 + clock.skew);
  return { iat, exp: iat + seconds };
}

async function sign({ keys }: Context, claims: Record<string, unknown>, alg = 'RS256'): Promise<string> {
  const { kid, privateKey } = await keys.current();
  return new SignJWT(claims).setProtectedHeader({ alg, typ: 'JWT', kid }).sign(privateKey);
}
