import type { Channel } from './auth0/mfa.js';
import type { MfaRequirements } from './auth0/mfa-required.js';
import { type ErrorDetails, type FailureCode, FAILURES, isFailureCode, isPasswordlessError } from './errors.js';

/** What `fail` hands to a custom callback, and what `failureMessage` shows (its `message`). */
export interface FailureInfo extends ErrorDetails {
  code: FailureCode;
  /** Can be shown to the user as it stands. (Of `callback_incomplete`, and of a body that is not JSON, it is for the app.) */
  message: string;
  /** For the developer: what to fix, if the app caused the failure. */
  hint?: string;
  /** With `store: 'client'`: what to send back with the next request, where a login is still pending. */
  transaction?: string;
}

/** What `fail` hands over when Auth0 wants a second factor, and what `pending(req)` shows then. */
export interface MfaRequiredInfo {
  code: 'mfa_required';
  /** Can be shown to the user as it stands. */
  message: string;
  /** What the user may verify or enrol with; undefined when Auth0 does not say, and then nothing is limited. */
  requirements?: MfaRequirements;
  /** Epoch seconds. */
  expiresAt: number;
  /** With `store: 'client'`: what to send back with the next request. */
  transaction?: string;
}

/** What a second factor was proved by. */
export type MfaFactor = 'otp' | Channel | 'recovery-code';

/** `req.authInfo` after a login: what `verify` gave as its info, and these. */
export interface AuthInfo {
  /** None in a step-up. */
  connection?: string;
  /** None in a step-up. */
  method?: 'code' | 'link';
  /** That the user was signed in before, and gave a second factor once more. */
  stepUp?: true;
  /** The second factor, where there was one. The tokens do not tell: those of the MFA API carry no `amr`. */
  mfa?: { factor: MfaFactor };
  /** After a recovery code was used: the next one, for the user to write down. */
  recoveryCode?: string;
  /** What `appState` of the start returned, or what `strategy.mfa.begin` was given. */
  appState?: unknown;
}

/** What a flow ends in; the strategy turns it into one of Passport's actions. Errors are thrown. */
export type Outcome =
  | { action: 'success'; user: unknown; info: AuthInfo }
  /** `code` is ours whatever `verify` put into `info`. */
  | { action: 'fail'; code: FailureCode; info: FailureInfo | MfaRequiredInfo; status: number }
  | { action: 'redirect'; url: string; code?: 'mfa_required' }
  | { action: 'pass' };

export function fail(code: FailureCode, details: object = {}): Outcome {
  const [status, message] = FAILURES[code];
  return { action: 'fail', code, status, info: { code, message, ...details } };
}

/** A failure where a call to Auth0 ended in what the user is to be told; anything else is thrown on. */
export function failOrThrow(error: unknown): Outcome {
  if (!isPasswordlessError(error) || !isFailureCode(error.code)) throw error;
  const { name, status, ...info } = error;
  return fail(error.code, info);
}
