import type { Context } from './context.js';
import { jwks, openidConfiguration } from './discovery.js';
import type { Reply, WireRequest } from './http.js';
import { INBOX_ROUTES } from './inbox/routes.js';
import { logout, oidcLogout } from './logout.js';
import { associate } from './mfa/associate.js';
import { AUTHENTICATORS, authenticators, removeAuthenticator } from './mfa/authenticators.js';
import { challenge } from './mfa/challenge.js';
import { otpChallenge } from './otp-challenge.js';
import { passwordlessStart } from './passwordless-start.js';
import { revoke } from './revoke.js';
import { authorize } from './session.js';
import { token } from './token.js';
import { userinfo } from './userinfo.js';
import { verifyRedirect } from './verify-redirect.js';

export type Endpoint = (context: Context, request: WireRequest) => Reply | Promise<Reply>;

const ROUTES = new Map<string, Endpoint>([
  ['POST /passwordless/start', passwordlessStart],
  ['POST /otp/challenge', otpChallenge],
  ['GET /passwordless/verify_redirect', verifyRedirect],
  ['POST /oauth/token', token],
  ['POST /oauth/revoke', revoke],
  [`GET ${AUTHENTICATORS}`, authenticators],
  ['POST /mfa/challenge', challenge],
  ['POST /mfa/associate', associate],
  ['GET /userinfo', userinfo],
  ['POST /userinfo', userinfo],
  ['GET /authorize', authorize],
  ['GET /v2/logout', logout],
  ['GET /oidc/logout', oidcLogout],
  ['POST /oidc/logout', oidcLogout],
  ['GET /.well-known/openid-configuration', openidConfiguration],
  ['GET /.well-known/jwks.json', jwks],
  ...INBOX_ROUTES,
]);

const notFound: Endpoint = () => ({ status: 404, body: { error: 'not_found', error_description: 'Not Found' } });

/** HEAD answers for any page there is, and does nothing: mail scanners send it to links. */
const nothing: Endpoint = () => ({ status: 200 });

export function findEndpoint({ method, path }: Pick<WireRequest, 'method' | 'path'>): Endpoint {
  if (method === 'HEAD' && ROUTES.has(`GET ${path}`)) return nothing;
  if (method === 'DELETE' && path.startsWith(`${AUTHENTICATORS}/`)) return removeAuthenticator;
  return ROUTES.get(`${method} ${path}`) ?? notFound;
}
