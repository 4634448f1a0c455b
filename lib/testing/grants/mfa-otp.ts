import type { Client } from '../clients.js';
import type { Context } from '../context.js';
import { required, type Parameters } from '../http.js';
import { enrolledBy, type Authenticator } from '../mfa/factors.js';
import { checkFailures, failed, loginOf, verified } from '../mfa/login.js';
import { isSpent, matchingStep } from '../mfa/totp.js';
import type { Authorization } from '../tokens.js';

/** A code of an authenticator app, active or just being enrolled. It needs no challenge. */
export function mfaOTP(context: Context, client: Client, parameters: Parameters): Authorization {
  const login = loginOf(context, client, parameters);
  const otp = required(parameters, 'otp');
  const { user } = login.authorization;
  checkFailures(context, user);
  const active = enrolledBy(context.settings, user).filter((each) => each.active);
  const authenticator = [...active, ...login.enrolling.flat()].find((each) => takes(context, each, otp));
  if (!authenticator) throw failed(context, user, 'Invalid otp_code.');
  return verified(context, login, authenticator);
}

/** A code is good once (RFC 6238, section 5.2), and so is every older one. */
function takes({ mfa, clock }: Context, authenticator: Authenticator, otp: string): boolean {
  if (authenticator.type !== 'otp') return false;
  const step = matchingStep(authenticator.secret, otp, clock.now());
  if (step === undefined || isSpent(step, mfa.usedSteps.get(authenticator))) return false;
  mfa.usedSteps.set(authenticator, step);
  return true;
}
