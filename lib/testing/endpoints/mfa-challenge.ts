import { authenticateClient } from '../clients.js';
import type { Context } from '../context.js';
import { invalidRequest, OAuthError } from '../errors.js';
import { optional, type Parameters, type Reply, type WireRequest } from '../http.js';
import { isOutOfBand, sendChallenge } from '../mfa/challenges.js';
import { authenticatorsOf, type Authenticator } from '../mfa/factors.js';
import { loginOf } from '../mfa/login.js';
import { isEnrolled } from '../mfa/required.js';
import type { User } from '../users.js';

/** `POST /mfa/challenge`: has a code or a push sent. An authenticator app needs none, and a recovery code has none. */
export function challenge(context: Context, { body }: WireRequest): Reply {
  const client = authenticateClient(context, body);
  const login = loginOf(context, client, body);
  const authenticator = chosen(context, login.authorization.user, body);
  if (!isOutOfBand(authenticator)) return { status: 200, body: { challenge_type: 'otp' } };
  const oobCode = sendChallenge(context, login, authenticator);
  const binding_method = authenticator.type === 'push' ? undefined : 'prompt';
  return { status: 200, body: { challenge_type: 'oob', oob_code: oobCode, binding_method } };
}

/** The one that was asked for, or the first of the types that the client can do. */
function chosen(context: Context, user: User, body: Parameters): Authenticator {
  const types = optional(body, 'challenge_type') ?? 'oob otp';
  const id = optional(body, 'authenticator_id');
  if (!isEnrolled(context, user)) {
    throw new OAuthError(
      400,
      'association_required',
      'User is not enrolled: enroll an authenticator by /mfa/associate.',
    );
  }
  const active = authenticatorsOf(context.settings, user).filter((each) => each.active);
  const candidates = id === undefined ? active : active.filter((each) => each.id === id);
  if (candidates.length === 0) throw invalidRequest('Unknown authenticator_id');
  const found = candidates.find((each) => types.split(' ').includes(challengeType(each)));
  if (found) return found;
  throw new OAuthError(
    401,
    'unsupported_challenge_type',
    `User does not have any enrolled authenticator with the supported challenge type (${types})`,
  );
}

function challengeType(authenticator: Authenticator): string {
  return isOutOfBand(authenticator) ? 'oob' : authenticator.type;
}
