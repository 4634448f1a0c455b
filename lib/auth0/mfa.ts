import { type FailureCode, PasswordlessError } from '../errors.js';
import { rateLimitError, type Refusal, refusalError } from './errors.js';
import type { Body, HttpRequest } from './http.js';
import type { Factor } from './mfa-required.js';
import { bearer, jsonRequest, tokenRequest } from './requests.js';

/** How a code or a question reaches the user. */
export type Channel = 'sms' | 'voice' | 'email' | 'push';

/** A factor that the user has enrolled. */
export interface Authenticator {
  /** What `challenge` takes. */
  id: string;
  /** `'otp'` is an authenticator app; `'oob'` is reached by its `channel`. */
  type: 'otp' | 'oob' | 'recovery-code';
  /** For `oob`. */
  channel?: Channel;
  /** Where it leads, masked by Auth0: `XXXXXXXXX9167`. */
  name?: string;
}

/** What a user is asked for, after a challenge or an enrolment. */
export interface Challenge {
  type: 'otp' | 'oob' | 'recovery-code';
  /** For `oob`. */
  channel?: Channel;
  /** Whether the user has to type a code; a push is answered on the phone instead. */
  prompt: boolean;
  /** What the answer is sent with; for the server only. */
  oobCode?: string;
}

/** What an enrolment answers, once. */
export interface Enrollment extends Challenge {
  /** TOTP: for an authenticator app, where the code cannot be scanned. */
  secret?: string;
  /** TOTP and push: an `otpauth:` URI, to be shown as a QR code. */
  barcodeURI?: string;
  /** With the first factor only. Auth0 shows them once, and so should the app. */
  recoveryCodes?: string[];
}

export type EnrollParams =
  { type: 'otp' | 'push' } | { type: 'sms' | 'voice'; phoneNumber: string } | { type: 'email'; email: string };

/** What a refused proof comes to. */
export type ToProofError = (refusal: Refusal, proof: MfaProof) => PasswordlessError;

/** What answers a challenge: `/oauth/token` has a grant for each. */
export type MfaProof = { otp: string } | { oobCode: string; bindingCode?: string } | { recoveryCode: string };

/** The factor by which `mfa_requirements` means an authenticator. */
export function factorOf({ type, channel }: Pick<Challenge, 'type' | 'channel'>): Factor {
  if (type !== 'oob') return type;
  if (channel === 'push') return 'push-notification';
  return channel === 'email' ? 'email' : 'phone';
}

/** `GET /mfa/authenticators`. */
export function authenticatorsRequest(token: string): HttpRequest {
  return { method: 'GET', path: '/mfa/authenticators', headers: bearer(token) };
}

/** `POST /mfa/challenge`: asks Auth0 to send a code or a push. */
export function challengeRequest(credentials: Body, mfaToken: string, { id, type }: Authenticator): HttpRequest {
  const body = { ...credentials, mfa_token: mfaToken, challenge_type: type, authenticator_id: id };
  return jsonRequest('/mfa/challenge', body);
}

/** `POST /mfa/associate`: enrols a factor, which the first verification makes active. */
export function associateRequest(token: string, params: EnrollParams): HttpRequest {
  const body = {
    authenticator_types: [params.type === 'otp' ? 'otp' : 'oob'],
    oob_channels: params.type === 'otp' ? undefined : [params.type === 'push' ? 'auth0' : params.type],
    phone_number: 'phoneNumber' in params ? params.phoneNumber : undefined,
    email: 'email' in params ? params.email : undefined,
  };
  return jsonRequest('/mfa/associate', body, bearer(token));
}

/** `DELETE /mfa/authenticators/{id}`. */
export function removeAuthenticatorRequest(accessToken: string, id: string): HttpRequest {
  const path = `/mfa/authenticators/${encodeURIComponent(id)}`;
  return { method: 'DELETE', path, endpoint: '/mfa/authenticators/{id}', headers: bearer(accessToken) };
}

/** `POST /oauth/token` with one of the three MFA grants. Scope and audience are the first request's. */
export function mfaRequest(credentials: Body, token: string, proof: MfaProof): HttpRequest {
  const grant = (name: string) => ({
    grant_type: `http://auth0.com/oauth/grant-type/${name}`,
    ...credentials,
    mfa_token: token,
  });
  if ('otp' in proof) return tokenRequest({ ...grant('mfa-otp'), otp: proof.otp });
  if ('recoveryCode' in proof)
    return tokenRequest({ ...grant('mfa-recovery-code'), recovery_code: proof.recoveryCode });
  return tokenRequest({ ...grant('mfa-oob'), oob_code: proof.oobCode, binding_code: proof.bindingCode });
}

/** What is active and understood in the answer of `/mfa/authenticators`. */
export function readAuthenticators(bodies: Body[]): Authenticator[] {
  return bodies.flatMap(({ id, authenticator_type: type, active, name, ...body }) => {
    const channel = readChannel(body);
    if (typeof id !== 'string' || active === false) return [];
    if (type !== 'otp' && type !== 'recovery-code' && (type !== 'oob' || !channel)) return [];
    return [{ id, type, ...(type === 'oob' && channel && { channel }), ...(typeof name === 'string' && { name }) }];
  });
}

export function readChallenge(body: Body, { type, channel }: Authenticator): Challenge {
  if (type !== 'oob') return { type, prompt: true };
  return { type, ...(channel && { channel }), ...readOob(body) };
}

export function readEnrollment(body: Body, { type }: EnrollParams): Enrollment {
  const { secret, barcode_uri, recovery_codes } = body;
  const codes = Array.isArray(recovery_codes) ? recovery_codes.filter((code) => typeof code === 'string') : [];
  const isScanned = type === 'otp' || type === 'push';
  if (isScanned && typeof secret !== 'string' && typeof barcode_uri !== 'string') {
    throw new PasswordlessError('unexpected_response', 'Auth0 answered an enrolment without a barcode_uri.');
  }
  return {
    ...(type === 'otp' ? { type, prompt: true } : { type: 'oob', channel: type, ...readOob(body) }),
    ...(typeof secret === 'string' && { secret }),
    ...(typeof barcode_uri === 'string' && { barcodeURI: barcode_uri }),
    ...(codes.length > 0 && { recoveryCodes: codes }),
  };
}

function readOob({ oob_code, binding_method }: Body): { oobCode: string; prompt: boolean } {
  if (typeof oob_code === 'string') return { oobCode: oob_code, prompt: binding_method === 'prompt' };
  throw new PasswordlessError('unexpected_response', 'Auth0 answered a challenge without an oob_code.');
}

// The wire has one channel as a string; parts of Auth0's reference have a list.
function readChannel({ oob_channel, oob_channels }: Body): Channel | undefined {
  const channel: unknown = oob_channel ?? (Array.isArray(oob_channels) ? oob_channels[0] : undefined);
  if (channel === 'auth0') return 'push';
  return channel === 'sms' || channel === 'voice' || channel === 'email' || channel === 'push' ? channel : undefined;
}

/** {@link refusalError} for the MFA API, where some words mean something else. `proof` is what was verified, if any. */
export function mfaRefusalError(refusal: Refusal, proof?: MfaProof): PasswordlessError {
  // RFC 8628, section 3.5, which push polling follows: from now on wait five seconds more.
  if (refusal.error === 'slow_down') return new PasswordlessError('mfa_pending', undefined, { retryAfter: 5 });
  // Of a second factor it is a limit of a few minutes; of a first factor, a locked account.
  if (refusal.error === 'too_many_attempts') return rateLimitError(refusal);
  const code = mfaFailure(refusal, proof);
  return code ? new PasswordlessError(code) : refusalError(refusal);
}

/** The same where the mfa_token is the bearer of the call: a 401 with no better word means that it is over. */
export function bearerRefusalError(refusal: Refusal): PasswordlessError {
  const isOver = refusal.status === 401 && !mfaFailure(refusal, undefined);
  return isOver ? new PasswordlessError('mfa_expired') : mfaRefusalError(refusal);
}

/** The same where an access token for the MFA API is the bearer. */
export function managementRefusalError(refusal: Refusal): PasswordlessError {
  const { error, status } = refusal;
  if (status === 404) return new PasswordlessError('invalid_factor');
  return status === 401 || error === 'insufficient_scope' ? accessTokenError() : mfaRefusalError(refusal);
}

/** The same where an access token for the MFA API takes the place of the mfa_token. */
export function managementProofError(refusal: Refusal, proof: MfaProof): PasswordlessError {
  return mfaFailure(refusal, proof) === 'mfa_expired' ? accessTokenError() : mfaRefusalError(refusal, proof);
}

function accessTokenError(): PasswordlessError {
  return new PasswordlessError(
    'access_denied',
    'The access token does not open the MFA API. It has to be for the audience https://<domain>/mfa/, with the scope read:authenticators, enroll or remove:authenticators, and not over.',
  );
}

function mfaFailure({ error, description }: Refusal, proof: MfaProof | undefined): FailureCode | undefined {
  const isPush = proof !== undefined && 'oobCode' in proof && proof.bindingCode === undefined;
  switch (error) {
    case 'authorization_pending':
      return 'mfa_pending';
    case 'expired_token':
      // A challenge that is over can be asked for again; a token that is over cannot.
      return /oob_code/i.test(description) ? 'code_expired' : 'mfa_expired';
    case 'invalid_token':
      return 'mfa_expired';
    case 'association_required':
      return 'enrollment_required';
    case 'enrollment_conflict':
      return 'already_enrolled';
    case 'invalid_phone_number':
      return 'invalid_phone_number';
  }
  // A refused push, as access_denied or as invalid_grant; a bad recovery code is said to bring the same text.
  if (proof && /authorization rejected/i.test(description)) return isPush ? 'mfa_rejected' : 'wrong_code';
  if (/\buser is already enrolled/i.test(description)) return 'already_enrolled';
  if (/\buser is not enrolled/i.test(description)) return 'enrollment_required';
  if (error === 'unsupported_challenge_type') return 'invalid_factor';
  if (error !== 'invalid_grant') return undefined;
  // Without a proof there is no other grant that could be at fault.
  if (!proof || /mfa_token/i.test(description)) return 'mfa_expired';
  return isPush ? 'mfa_rejected' : undefined;
}
