import type { ChallengeResult } from 'passport-auth0-passwordless';
import type { SignInForm } from './sign-in-form.js';

/** What the second step asked for, and of what: none, where it was just set up. */
export type PendingChallenge = ChallengeResult & { authenticatorId?: string };

/** What a session holds, beside what Passport and the strategy keep in it. */
export interface SessionData {
  csrfToken?: string;
  /** What the sign-in form was sent with last, to fill it in again. */
  signInForm?: SignInForm;
  /** The number that a second step was to be set up with last, to fill it in again. */
  phoneNumber?: string;
  /** What the second step asked for last. */
  challenge?: PendingChallenge;
  /** How this session was signed in. */
  signIn?: Express.AuthInfo;
}

/** What pages read of a request: Express's `req` has it, and Koa's `ctx`. */
export interface Visit {
  session: SessionData;
  query: Record<string, unknown>;
}
