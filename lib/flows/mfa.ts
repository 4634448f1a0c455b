import { factorOf, type MfaProof } from '../auth0/mfa.js';
import { hasCode } from '../errors.js';
import { fail, type MfaFactor, type Outcome } from '../outcome.js';
import { type MfaTransaction, removed } from '../transaction/transaction.js';
import { bodyOf } from '../request.js';
import { readOTP, readRecoveryCode } from '../typed-text.js';
import { codeMissing, singleFlightKey } from './code.js';
import type { Context, Input } from './context.js';
import { exchangeFailed } from './mfa-required.js';
import { signIn } from './sign-in.js';

/** Takes the second factor: a code, a recovery code, or the answer that a push got on the phone. */
export async function finishMfa(context: Context, input: Input, mfa: MfaTransaction): Promise<Outcome> {
  const { auth0, pendingLogins, polls, share } = context;
  const answer = readAnswer(context, input, mfa);
  if (!answer) return codeMissing(input.req, context.settings.fields.code);
  const { proof, factor } = answer;
  if (!isAllowed(mfa, factor)) return fail('invalid_factor');

  const remove = () => pendingLogins.update(input.req, (now) => removed(now, mfa.id));
  const call = () => auth0.exchangeMfa(mfa.mfaToken, proof);
  return share(singleFlightKey(context, mfa.id, JSON.stringify(proof)), {
    exchange: () => (factor === 'push' ? polls.poll(mfa.id, call) : call()),
    failed: async (error) => {
      if (hasCode(error, 'mfa_rejected', 'mfa_expired')) await remove();
      return exchangeFailed(context, input, { transaction: mfa, login: mfa.login }, error);
    },
    spent: remove,
    signIn: (response) => signIn(context, input.req, { transaction: mfa, login: mfa.login, response, factor }),
  });
}

/** A typed code belongs to the challenge that asked for one, or else to an authenticator app, which needs no challenge. */
function readAnswer(
  { settings }: Context,
  input: Input,
  { challenge }: MfaTransaction,
): { proof: MfaProof; factor: MfaFactor } | undefined {
  const body = bodyOf(input.req);
  const otp = readOTP(body, settings.fields.code);
  const recoveryCode = readRecoveryCode(body, settings.fields.recoveryCode);
  const { oobCode, channel = 'push', prompt } = challenge ?? {};
  if (otp === undefined || recoveryCode === undefined) return undefined;
  if (otp && oobCode && prompt) return { proof: { oobCode, bindingCode: otp }, factor: channel };
  if (otp) return { proof: { otp }, factor: 'otp' };
  if (recoveryCode) return { proof: { recoveryCode }, factor: 'recovery-code' };
  return oobCode && !prompt ? { proof: { oobCode }, factor: 'push' } : undefined;
}

/** What was challenged or enrolled was allowed then; the others need no challenge. */
function isAllowed({ requirements, challenge }: MfaTransaction, factor: MfaFactor): boolean {
  if (!requirements || (factor !== 'otp' && factor !== 'recovery-code')) return true;
  return requirements.challenge.includes(factor) || (challenge !== undefined && factorOf(challenge) === factor);
}
