import type { Context } from './flows/context.js';
import { PasswordlessError } from './errors.js';
import { isCrossSite, isJSON, type RequestLike } from './request.js';

/**
 * What is wrong with a request that another site may have made a browser send: it could start its own login here, and have
 * the victim finish it. A browser says so itself (`Sec-Fetch-Site`). Where the client holds the pending login, no cookie is
 * involved, and a body of JSON is proof enough.
 */
export function crossSiteRefusal(
  { pendingLogins, settings }: Context,
  req: RequestLike,
): PasswordlessError | undefined {
  if (!pendingLogins.areHeldByClient) {
    return isCrossSite(req) && !settings.allowCrossSite ? new PasswordlessError('cross_site_request') : undefined;
  }
  if (isJSON(req)) return undefined;
  return new PasswordlessError('cross_site_request', 'The body has to be JSON: content-type application/json.');
}
