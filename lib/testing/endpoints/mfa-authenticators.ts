import type { Context } from '../context.js';
import { OAuthError } from '../errors.js';
import type { Reply, WireRequest } from '../http.js';
import { authenticatorsOf, enrolledBy, mfaFactorOf, removeFactor, type Authenticator } from '../mfa/factors.js';
import { bearerLogin } from '../mfa/login.js';

export const AUTHENTICATORS = '/mfa/authenticators';

/** `GET /mfa/authenticators`: all of them, the ones that were never verified as well. */
export function authenticators(context: Context, request: WireRequest): Reply {
  const { user } = bearerLogin(context, request, 'read:authenticators').authorization;
  const { settings } = context;
  // Clients match it against the factors of `mfa_requirements`; tenants that name none of those send none.
  const hasType = settings.mfaRequirements === 'factors';
  const body = authenticatorsOf(settings, user).map((each) => ({
    ...(hasType && { type: mfaFactorOf(each.type) }),
    ...listed(each),
  }));
  return { status: 200, body };
}

/** `DELETE /mfa/authenticators/{id}`: takes an access token, which an `mfa_token` is not. */
export function removeAuthenticator(context: Context, request: WireRequest): Reply {
  const { user } = bearerLogin(context, request, 'remove:authenticators').authorization;
  // %7c is %7C (RFC 3986, section 6.2.2.1).
  const id = request.path.slice(AUTHENTICATORS.length + 1).replace(/%[\da-f]{2}/gi, (octet) => octet.toUpperCase());
  const removed = enrolledBy(context.settings, user).find((each) =>
    [each.id, encodeURIComponent(each.id)].includes(id),
  );
  if (!removed) throw new OAuthError(404, 'not_found', 'Authenticator not found');
  removeFactor(user, removed.id);
  return { status: 204 };
}

function listed(authenticator: Authenticator): object {
  const { id, active, type } = authenticator;
  switch (type) {
    case 'otp':
    case 'recovery-code':
      return { id, authenticator_type: type, active };
    case 'push':
      return { id, authenticator_type: 'oob', active, oob_channel: 'auth0' };
    case 'email':
      return { id, authenticator_type: 'oob', active, oob_channel: type, name: maskedEmail(authenticator.email) };
    default: {
      const name = maskedNumber(authenticator.phoneNumber);
      return { id, authenticator_type: 'oob', active, oob_channel: type, name };
    }
  }
}

/** `XXXXXXXXX9167` */
const maskedNumber = (number: string) => number.slice(-4).padStart(number.length, 'X');

/** `****@exam*******` */
function maskedEmail(email: string): string {
  const domain = email.slice(email.lastIndexOf('@') + 1);
  return `****@${domain.slice(0, 4).padEnd(domain.length, '*')}`;
}
