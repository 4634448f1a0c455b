import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose/jwt/sign';
import { remember } from './bounded.js';
import { userClaims } from './claims.js';
import type { Client } from './clients.js';
import type { Context } from './context.js';
import { OAuthError } from './errors.js';
import { mfaAudience } from './mfa/required.js';
import { keepLogin } from './mfa/state.js';
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
  /** The new recovery code, where one was used. */
  recoveryCode?: string;
}

export interface TokenResponse {
  access_token: string;
  id_token?: string;
  scope?: string;
  expires_in: number;
  token_type: 'Bearer';
  recovery_code?: string;
}

const OIDC_SCOPES = ['openid', 'profile', 'email', 'phone', 'address'];
const ACCESS_TOKENS = 20_000;

/** OpenID Connect's own scopes, and with an audience the API's, whatever they are called. There are no refresh tokens. */
export function grantedScopes(requested = '', audience?: string): string[] {
  const scopes = [...new Set(requested.split(' '))].filter((scope) => scope !== '' && scope !== 'offline_access');
  return audience === undefined ? scopes.filter((scope) => OIDC_SCOPES.includes(scope)) : scopes;
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
  const accessToken = await issueAccessToken(context, authorization);
  return {
    access_token: accessToken,
    ...(scopes.includes('openid') ? { id_token: await issueIDToken(context, authorization) } : {}),
    ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
    expires_in: context.settings.accessTokenTTL,
    token_type: 'Bearer',
    ...(recoveryCode === undefined ? {} : { recovery_code: recoveryCode }),
  };
}

async function issueIDToken(context: Context, authorization: Authorization): Promise<string> {
  const { client, user, scopes, nonce, sid, organization } = authorization;
  const isMember = organization !== undefined && [user.orgID, user.orgName].includes(organization);
  const claims = {
    ...userClaims(user, scopes),
    iss: context.issuer,
    aud: client.clientID,
    ...lifetime(context, context.settings.idTokenTTL),
    ...(sid === undefined ? {} : { sid }),
    ...(nonce === undefined ? {} : { nonce }),
    ...(isMember && user.orgID !== undefined ? { org_id: user.orgID } : {}),
    ...(isMember && user.orgName !== undefined ? { org_name: user.orgName } : {}),
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
        ...lifetime(context, context.settings.accessTokenTTL),
        ...(scopes.length > 0 ? { scope: scopes.join(' ') } : {}),
        azp: client.clientID,
        jti: randomBytes(12).toString('base64url'),
      });
  const expiresAt = context.clock.now() + context.settings.accessTokenTTL;
  if (audience === mfaAudience(context)) {
    keepLogin(context.mfa, { token, authorization, expiresAt, factorsLeft: 0, enrolling: [], isManagement: true });
  }
  remember(context.issued.accessTokens, token, { user, scopes, expiresAt }, ACCESS_TOKENS);
  return token;
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
