import { isText, isWebURL } from '../values.js';

/** What `logoutURL` takes. */
export interface LogoutOptions {
  /** Where Auth0 sends the browser then: an absolute URL, as listed in the application's Allowed Logout URLs. */
  returnTo: string;
  /** The user's, which says who is signed out: the URL is `/oidc/logout` then. Default: none, and it is `/v2/logout`. */
  idToken?: string | undefined;
  /** Whether to sign out of the identity provider as well. Default: `false`. */
  federated?: boolean | undefined;
}

/** `/oidc/logout` (OpenID Connect RP-Initiated Logout 1.0) with an ID token, else `/v2/logout`. */
export function logoutURL(origin: string, clientID: string, options: LogoutOptions): string {
  const { returnTo, idToken, federated } = options;
  if (!isWebURL(returnTo)) {
    throw new TypeError('logoutURL: returnTo must be an absolute http: or https: URL, one of the Allowed Logout URLs.');
  }
  if (idToken !== undefined && !isText(idToken)) {
    throw new TypeError('logoutURL: idToken must be an ID token, or undefined where there is none.');
  }
  const url = new URL(idToken === undefined ? '/v2/logout' : '/oidc/logout', origin);
  url.searchParams.set('client_id', clientID);
  if (idToken !== undefined) url.searchParams.set('id_token_hint', idToken);
  url.searchParams.set(idToken === undefined ? 'returnTo' : 'post_logout_redirect_uri', returnTo);
  // It has no value: to be there is enough.
  if (federated) url.searchParams.set('federated', '');
  return url.href;
}
