import type { Client } from '../clients.js';
import type { Context } from '../context.js';
import { invalidRequest, OAuthError } from '../errors.js';
import { required, type Parameters } from '../http.js';
import type { Challenge } from '../mfa/challenges.js';
import { checkFailures, expired, failed, invalidGrant, loginOf, verified } from '../mfa/login.js';
import type { Authorization } from '../tokens.js';

/** Half a second less than the interval, for what a network does to polls that were sent in time. */
const LEEWAY = 0.5;

/** A code that was sent, or the answer to a push, for which a client polls. */
export function mfaOOB(context: Context, client: Client, parameters: Parameters): Authorization {
  const login = loginOf(context, client, parameters);
  const oobCode = required(parameters, 'oob_code');
  const challenge = context.mfa.challenges.get(oobCode);
  if (challenge?.login !== login) throw invalidRequest("The oob_code doesn't match the mfa_token");
  if (context.clock.now() >= challenge.expiresAt) throw expired('oob_code');
  const { user } = login.authorization;
  if (challenge.authenticator.type === 'push') {
    poll(context, challenge);
  } else {
    const bindingCode = required(parameters, 'binding_code');
    checkFailures(context, user);
    if (bindingCode !== challenge.bindingCode) throw failed(context, user, 'Invalid binding_code.');
  }
  context.mfa.challenges.delete(oobCode);
  return verified(context, login, challenge.authenticator);
}

/** Returns once the push is approved. A client that polls too fast has to slow down (RFC 8628, section 3.5). */
function poll(context: Context, { push }: Challenge): void {
  const { clock, settings } = context;
  const now = clock.now();
  const isEarly = Math.abs(now - push.polledAt) < push.interval - LEEWAY;
  push.polledAt = now;
  if (isEarly) {
    push.interval += 5;
    throw new OAuthError(
      settings.slowDownStatus,
      'slow_down',
      'You are polling too fast: wait longer between requests.',
    );
  }
  if (push.answer === undefined) {
    const description = 'Authorization pending: please repeat the request in a few seconds.';
    throw new OAuthError(400, 'authorization_pending', description);
  }
  if (push.answer === 'approved') return;
  const description = 'MFA Authorization rejected.';
  throw settings.pushRejection === 'access_denied'
    ? new OAuthError(400, 'access_denied', description)
    : invalidGrant(context, description);
}
