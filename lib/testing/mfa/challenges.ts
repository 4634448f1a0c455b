import { randomBytes } from 'node:crypto';
import { newCode } from '../codes.js';
import type { Context } from '../context.js';
import { opaqueToken } from './opaque.js';
import type { Authenticator } from './factors.js';
import { tooMany } from './login.js';
import { keepChallenge, type MfaLogin } from './state.js';

/** Seconds for which the codes of a second factor, and a push, live. */
const TTL = 300;

/** A code or a question that is out; it belongs to the login it was asked for. */
export interface Challenge {
  login: MfaLogin;
  authenticator: OutOfBand;
  expiresAt: number;
  /** What the user is to type; none for a push. */
  bindingCode: string;
  push: Push;
}

export interface Push {
  /** How the inbox page names it. */
  id: string;
  answer?: 'approved' | 'rejected';
  /** Seconds that polls must be apart. */
  interval: number;
  polledAt: number;
}

export type OutOfBand = Extract<Authenticator, { type: 'sms' | 'voice' | 'email' | 'push' }>;

export const isOutOfBand = (authenticator: Authenticator): authenticator is OutOfBand =>
  authenticator.type !== 'otp' && authenticator.type !== 'recovery-code';

/** Sends a code to the inbox, or a question to the phone, and returns its `oob_code`. */
export function sendChallenge(context: Context, login: MfaLogin, authenticator: OutOfBand): string {
  takeFromLimit(context, login, authenticator);
  const oobCode = opaqueToken(400);
  const now = context.clock.now();
  const bindingCode = newCode(6);
  const push: Push = { id: randomBytes(16).toString('base64url'), interval: 5, polledAt: 0 };
  keepChallenge(context.mfa, oobCode, { login, authenticator, expiresAt: now + TTL, bindingCode, push });
  const { type } = authenticator;
  if (type !== 'push') {
    const to = type === 'email' ? authenticator.email.toLowerCase() : authenticator.phoneNumber;
    const message = { channel: type, to, code: bindingCode, at: now };
    context.inbox.deliver(message, () => challengeExpiry(context, oobCode));
  }
  return oobCode;
}

/** Undefined for one that was used, or whose login has ended otherwise. */
function challengeExpiry({ mfa }: Context, oobCode: string): number | undefined {
  const challenge = mfa.challenges.get(oobCode);
  return challenge && mfa.logins.has(challenge.login.token) ? challenge.expiresAt : undefined;
}

function takeFromLimit({ mfa }: Context, login: MfaLogin, { type }: OutOfBand): void {
  const isPhone = type === 'sms' || type === 'voice';
  const limit = mfa.limits[isPhone ? 'phone' : type].take(login.authorization.user.userID ?? '');
  if (!limit.allowed) throw tooMany(isPhone ? 'too_many_sms' : 'too_many_requests', limit.headers);
}
