import type { Context } from '../context.js';
import type { User } from '../users.js';
import type { Challenge } from './challenges.js';
import { enrolledBy } from './factors.js';
import { stepAt, totp } from './totp.js';

/** Pushes that are out and not answered yet, oldest first. */
export function pendingPushes({ mfa, clock }: Context): Challenge[] {
  return [...mfa.challenges.values()].filter(
    ({ authenticator, push, expiresAt }) =>
      authenticator.type === 'push' && push.answer === undefined && clock.now() < expiresAt,
  );
}

/** Answers the user's newest push. */
export function answerPush(context: Context, who: string | User, answer: 'approved' | 'rejected'): void {
  const user = context.users.named(who);
  const newest = pendingPushes(context).findLast(({ login }) => login.authorization.user === user);
  if (!newest)
    throw new Error("No push is pending for this user: have the user's push authenticator challenged first.");
  newest.push.answer = answer;
}

/** What the user's newest authenticator app shows now. */
export function totpFor({ clock, settings, users }: Context, who: string | User): string {
  const app = enrolledBy(settings, users.named(who)).findLast((each) => each.type === 'otp');
  if (app) return totp(app.secret, stepAt(clock.now()));
  throw new Error("This user has no authenticator app: give the user the factor { type: 'otp' }.");
}

/** The recovery code that the user wrote down last. */
export function recoveryCodeFor({ settings, users }: Context, who: string | User): string {
  const recovery = enrolledBy(settings, users.named(who)).findLast((each) => each.type === 'recovery-code');
  if (recovery) return recovery.code;
  throw new Error("This user has no recovery code: give the user the factor { type: 'recovery-code' }.");
}
