/** What the user is to be told: Passport's `fail(info, status)`. The message can be shown to the user as it stands. */
export const FAILURES = {
  identifier_missing: [400, 'Enter an email address or a phone number.'],
  invalid_email: [400, 'This is not a valid email address.'],
  invalid_phone_number: [400, 'Enter the phone number in international form, such as +44 20 7946 0000.'],
  code_missing: [400, 'Enter the code that was sent to you.'],
  callback_incomplete: [400, 'This sign-in link is incomplete. Ask for a new one.'],
  method_not_allowed: [405, 'This page does not take that kind of request.'],
  cross_site_request: [403, 'This request came from another site. Start again on the sign-in page.'],
  wrong_code: [401, 'The code is wrong. Check it, or ask for a new one.'],
  code_expired: [401, 'The code has expired. Ask for a new one.'],
  too_many_attempts: [401, 'The code was wrong too often. Ask for a new one.'],
  mfa_required: [401, 'A second step is needed to sign in.'],
  mfa_pending: [401, 'Answer the request on your phone.'],
  mfa_rejected: [401, 'The request was refused on your phone. Start again.'],
  mfa_expired: [401, 'The second step took too long. Start again.'],
  invalid_factor: [400, 'This second step is not available. Choose another.'],
  enrollment_required: [409, 'Set up a second step first.'],
  already_enrolled: [409, 'This second step is already set up.'],
  account_locked: [
    429,
    'Too many wrong codes: this account is locked. Follow the instructions in the email we sent, or try again later.',
  ],
  user_blocked: [403, 'This account is blocked.'],
  access_denied: [403, 'Access was denied.'],
  organization_mismatch: [403, 'This account does not belong to the organization.'],
  verification_required: [403, 'An extra check is needed. Sign in through the hosted login page.'],
  delivery_failed: [502, 'The message could not be sent. Check the address, or try another way.'],
  refused: [401, 'You cannot sign in with this account.'],
  subject_mismatch: [403, 'This is not the account that is signed in.'],
  transaction_missing: [403, 'No sign-in is under way in this browser. Start again.'],
  transaction_expired: [403, 'This sign-in took too long. Start again.'],
  transaction_invalid: [403, 'This sign-in cannot be continued. Start again.'],
  link_opened_elsewhere: [
    403,
    'This link was used, has expired, or was opened in another browser. Sign in with a code here.',
  ],
  state_mismatch: [403, 'This is not the newest sign-in link. Open the newest one, or ask for another.'],
  rate_limited: [429, 'Too many attempts. Wait a little, then try again.'],
  resend_too_soon: [429, 'A message was sent a moment ago. Wait a little before you ask for another.'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

/** What is for the operator: Passport's `error(err)`, with the HTTP status for the app's error handler. */
const ERRORS = {
  configuration_error: 500,
  transport_error: 503,
  timeout: 504,
  unexpected_response: 502,
  id_token_invalid: 502,
} as const;

/**
 * Code of an outcome that the user is to be told: `info.code` of a failure.
 *
 * @useDeclaredType
 */
export type FailureCode = keyof typeof FAILURES;

/**
 * Every value of {@link PasswordlessError.code}.
 *
 * @useDeclaredType
 */
export type ErrorCode = FailureCode | keyof typeof ERRORS;

/** Facts that come with some codes; a failure's `info` and an error carry the same ones. */
export interface ErrorDetails {
  /** Auth0's or an Action's own text, for `access_denied`: it may hold anything, so escape it. */
  description?: string;
  /** Seconds to wait, for `rate_limited`, `resend_too_soon` and `mfa_pending`. */
  retryAfter?: number;
  /** `x-ratelimit-limit`, where Auth0 sent it. */
  limit?: number;
  /** `x-ratelimit-remaining`, where Auth0 sent it. */
  remaining?: number;
  /** `x-ratelimit-reset`, in epoch seconds, where Auth0 sent it. */
  resetAt?: number;
}

const brand = Symbol.for('passport-auth0-passwordless.error');

/**
 * What a login, and every call to Auth0, fails with. (An option or an argument that cannot be right is a `TypeError`.)
 * `code` is stable and tells what happened; `message` tells the remedy and holds no secret, code, token or address;
 * `status` suits an HTTP answer; `cause` is the error beneath, where there is one.
 */
export class PasswordlessError extends Error implements ErrorDetails {
  override readonly name = 'PasswordlessError';
  /** What happened; stable. */
  readonly code: ErrorCode;
  /** The HTTP status that suits it. */
  readonly status: number;
  declare readonly description?: string;
  declare readonly retryAfter?: number;
  declare readonly limit?: number;
  declare readonly remaining?: number;
  declare readonly resetAt?: number;

  constructor(code: ErrorCode, message?: string, details: ErrorDetails & { cause?: unknown } = {}) {
    const { cause, ...facts } = details;
    super(message ?? (isFailureCode(code) ? FAILURES[code][1] : code), cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = isFailureCode(code) ? FAILURES[code][0] : ERRORS[code];
    Object.assign(this, facts);
  }

  /** What is enumerable, and the message. */
  toJSON(): object {
    return Object.assign({}, this, { message: this.message });
  }
}

Object.defineProperty(PasswordlessError.prototype, brand, { value: true });

/** Whether `error` is a {@link PasswordlessError}, of this or another copy of the package (`instanceof` is not enough). */
export function isPasswordlessError(error: unknown): error is PasswordlessError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Whether `error` is a {@link PasswordlessError} with one of these codes. */
export function hasCode(error: unknown, ...codes: ErrorCode[]): error is PasswordlessError {
  return isPasswordlessError(error) && codes.includes(error.code);
}

export function isFailureCode(code: ErrorCode): code is FailureCode {
  return Object.hasOwn(FAILURES, code);
}
