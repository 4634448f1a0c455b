import { userClaims } from '../claims.js';
import type { Context } from '../context.js';
import { bearerToken, type Reply, type WireRequest } from '../http.js';

/** `GET|POST /userinfo`, by an access token with the scope `openid` (OpenID Connect Core, section 5.3). */
export function userinfo({ clock, issued }: Context, request: WireRequest): Reply {
  const token = bearerToken(request);
  const grant = token === undefined ? undefined : issued.accessTokens.get(token);
  if (!grant || clock.now() >= grant.expiresAt || !grant.scopes.includes('openid')) {
    const challenge = token === undefined ? 'Bearer' : 'Bearer error="invalid_token"';
    return {
      status: 401,
      headers: { 'www-authenticate': challenge, 'content-type': 'text/plain; charset=utf-8' },
      body: 'Unauthorized',
    };
  }
  return { status: 200, body: userClaims(grant.user, grant.scopes) };
}
