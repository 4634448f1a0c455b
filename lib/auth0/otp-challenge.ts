import { PasswordlessError } from '../errors.js';
import { isObject } from '../values.js';
import type { Identifier } from './endpoints.js';
import { type Refusal, refusalError, startRefusalError } from './errors.js';
import type { Body, HttpRequest } from './http.js';
import { type EndUser, endUserHeaders, jsonRequest } from './requests.js';

/** A code for a user of a database connection (Early Access). */
export interface ChallengeParams {
  connection: string;
  identifier: Identifier;
  /** Whether an address that nobody has signs up. Default: Auth0's, which is no. */
  allowSignup?: boolean | undefined;
  /** How a phone number is reached. Default: Auth0's, which is by text. */
  deliveryMethod?: 'text' | 'voice' | undefined;
}

/** `POST /otp/challenge`. */
export function otpChallengeRequest(credentials: Body, params: ChallengeParams, endUser: EndUser): HttpRequest {
  const { connection, identifier, allowSignup, deliveryMethod } = params;
  const body = {
    ...credentials,
    connection,
    ...identifier,
    allow_signup: allowSignup,
    delivery_method: deliveryMethod,
  };
  return jsonRequest('/otp/challenge', body, endUserHeaders(endUser));
}

/** What the code is exchanged with, in place of connection and address. It comes whether or not there is such a user. */
export function readAuthSession({ auth_session }: Body): string {
  if (typeof auth_session === 'string') return auth_session;
  throw new PasswordlessError('unexpected_response', 'Auth0 answered /otp/challenge without an auth_session.');
}

const CONNECTION_REMEDY =
  'Auth0 sends no codes for this database connection. Check its name under Authentication > Database in the Auth0 Dashboard, that codes are switched on for it (Early Access), and that it is enabled for the application.';

/** {@link startRefusalError} for `/otp/challenge`, which says by member what it does not take. */
export function otpChallengeRefusalError(refusal: Refusal): PasswordlessError {
  const { error, body } = refusal;
  if (error === 'invalid_connection') return new PasswordlessError('configuration_error', CONNECTION_REMEDY);
  const { validation_errors: invalid } = body ?? {};
  const isAbout = (field: string) =>
    Array.isArray(invalid) && invalid.some((each) => isObject(each) && each.field === field);
  if (isAbout('email')) return new PasswordlessError('invalid_email');
  if (isAbout('phone_number')) return new PasswordlessError('invalid_phone_number');
  return startRefusalError(refusal);
}

/**
 * {@link refusalError} for its code at `/oauth/token`: a wrong one, one that has expired and a dead session read the
 * same, and a blocked user is refused as an Action refuses.
 */
export function otpRefusalError(refusal: Refusal): PasswordlessError {
  const { error, status, description } = refusal;
  if (error === 'invalid_request') return new PasswordlessError('wrong_code');
  const isBlocked = error === 'access_denied' && status === 403 && /^user is blocked\.?$/i.test(description);
  return isBlocked ? new PasswordlessError('user_blocked') : refusalError(refusal);
}
