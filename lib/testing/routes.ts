import type { Context } from './context.js';
import { authorize } from './endpoints/authorize.js';
import { jwks, openidConfiguration } from './endpoints/discovery.js';
import { logout, oidcLogout } from './endpoints/logout.js';
import { associate } from './endpoints/mfa-associate.js';
import { AUTHENTICATORS, authenticators, removeAuthenticator } from './endpoints/mfa-authenticators.js';
import { challenge } from './endpoints/mfa-challenge.js';
import { otpChallenge } from './endpoints/otp-challenge.js';
import { passwordlessStart } from './endpoints/passwordless-start.js';
import { revoke } from './endpoints/revoke.js';
import { token } from './endpoints/token.js';
import { userinfo } from './endpoints/userinfo.js';
import { verifyRedirect } from './endpoints/verify-redirect.js';
import type { Reply, WireRequest } from './http.js';
import { INBOX_ROUTES } from './inbox/routes.js';

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
