import { userClaims } from '../claims.js';
import type { Context } from '../context.js';
import { bearerToken, type Reply, type WireRequest } from '../http.js';

/** `GET|POST /userinfo`, by an access token with the scope `openid` (OpenID Connect Core, section 5.3). */
export function userinfo({ clock, issued }: Context, request: WireRequest): Reply {
  const token = bearerToken(request);
  const grant = token === undefined ? undefined : issued.accessTokens.get(token);
  if (token === undefined) return unauthorized('Bearer');
  if (!grant?.scopes.includes('openid')) return unauthorized('Bearer error="invalid_token"');
  if (clock.now() >= grant.expiresAt) return unauthorized(EXPIRED);
  return { status: 200, body: userClaims(grant.user, grant.scopes) };
}

const EXPIRED = 'Bearer realm="Users", error="invalid_token", error_description="The token has expired"';

function unauthorized(challenge: string): Reply {
  const headers = { 'www-authenticate': challenge, 'content-type': 'text/plain; charset=utf-8' };
  return { status: 401, headers, body: 'Unauthorized' };
}
