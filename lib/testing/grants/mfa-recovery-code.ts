import type { Client } from '../clients.js';
import type { Context } from '../context.js';
import { required, type Parameters } from '../http.js';
import { enrolledBy, newRecoveryCode } from '../mfa/factors.js';
import { checkFailures, failed, loginOf, verified } from '../mfa/login.js';
import type { Authorization } from '../tokens.js';

/** A recovery code is good once; the answer has the one that takes its place. */
export function mfaRecoveryCode(context: Context, client: Client, parameters: Parameters): Authorization {
  const login = loginOf(context, client, parameters);
  const code = required(parameters, 'recovery_code');
  const { user } = login.authorization;
  checkFailures(context, user);
  const authenticator = enrolledBy(context.settings, user).find((each) => each.type === 'recovery-code' && each.active);
  if (authenticator?.type !== 'recovery-code' || authenticator.code !== code) {
    throw failed(context, user, 'MFA Authorization rejected.');
  }
  // It stands in for every factor that is left, or its successor would be lost in another `mfa_required`.
  const authorization = verified(context, { ...login, factorsLeft: 1 }, authenticator);
  authenticator.code = newRecoveryCode();
  return { ...authorization, recoveryCode: authenticator.code };
}
