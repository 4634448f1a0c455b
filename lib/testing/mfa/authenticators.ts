import type { Context } from '../context.js';
import type { Reply, WireRequest } from '../http.js';
import { authenticatorsOf, type Authenticator } from './factors.js';
import { bearerLogin } from './login.js';

/** `GET /mfa/authenticators`: all of them, the ones that were never verified as well. */
export function authenticators(context: Context, request: WireRequest): Reply {
  const { user } = bearerLogin(context, request).authorization;
  return { status: 200, body: authenticatorsOf(context.settings, user).map(listed) };
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
