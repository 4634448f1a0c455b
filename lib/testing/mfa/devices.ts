import type { Context } from '../context.js';
import type { User } from '../users.js';
import type { Challenge } from './challenges.js';
import { enrolledBy } from './factors.js';
import { stepAt, totp } from './totp.js';

/** What the user's authenticator app shows now; undefined without one. */
export function totpOf({ settings, clock }: Context, user: User): string | undefined {
  const app = enrolledBy(settings, user).findLast((each) => each.type === 'otp');
  return app && totp(app.secret, stepAt(clock.now()));
}

/** The recovery code that the user wrote down last. */
export function recoveryCodeOf({ settings }: Context, user: User): string | undefined {
  return enrolledBy(settings, user).findLast((each) => each.type === 'recovery-code')?.code;
}

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

/** As {@link totpOf}, of a user who is named. @throws Error for a user without an authenticator app. */
export function totpFor(context: Context, who: string | User): string {
  const code = totpOf(context, context.users.named(who));
  if (code === undefined)
    throw new Error("This user has no authenticator app: give the user the factor { type: 'otp' }.");
  return code;
}

/** As {@link recoveryCodeOf}, of a user who is named. @throws Error for a user without one. */
export function recoveryCodeFor(context: Context, who: string | User): string {
  const code = recoveryCodeOf(context, context.users.named(who));
  if (code !== undefined) return code;
  throw new Error("This user has no recovery code: give the user the factor { type: 'recovery-code' }.");
}
