import { randomBytes } from 'node:crypto';
import { EMAIL, PHONE_NUMBER } from '../addresses.js';
import type { Context } from '../context.js';
import { invalidRequest, OAuthError } from '../errors.js';
import { optional, required, type Parameters, type Reply, type WireRequest } from '../http.js';
import { sendChallenge, type OutOfBand } from '../mfa/challenges.js';
import {
  authenticatorID,
  enrolledBy,
  mfaFactorOf,
  newRecoveryCode,
  type Authenticator,
  type AuthenticatorOf,
} from '../mfa/factors.js';
import { bearerLogin } from '../mfa/login.js';
import { isEnrolled } from '../mfa/required.js';
import { base32, PERIOD } from '../mfa/totp.js';
import type { User } from '../users.js';

/** What an authenticator app shows beside the user. */
const TENANT = 'local-tenant';

/** `POST /mfa/associate`: enrols a first factor, or another one with an access token. It is active once it is verified. */
export function associate(context: Context, request: WireRequest): Reply {
  const login = bearerLogin(context, request, 'enroll');
  const { user } = login.authorization;
  const authenticators = requested(user, request.body);
  const [authenticator] = authenticators;
  if (isEnrolled(context, user) && !login.isManagement)
    throw new OAuthError(400, 'enrollment_conflict', 'User is already enrolled');
  if (!context.settings.mfaFactors.includes(mfaFactorOf(authenticator.type))) {
    throw invalidRequest(`The factor is not enabled for the tenant: ${authenticator.type}`);
  }
  const answer =
    authenticator.type === 'otp'
      ? otpEnrollment(user, authenticator)
      : oobEnrollment(context, user, authenticator, sendChallenge(context, login, authenticator));
  const recovery = recoveryCodeOf(context, user);
  const enrolling = [...authenticators, ...(recovery ? [recovery] : [])];
  const isNew = recovery && !user.factors?.includes(recovery);
  user.factors = [...new Set([...(user.factors ?? []), ...enrolling])];
  login.enrolling.push(enrolling);
  return { status: 200, body: { ...answer, recovery_codes: isNew ? [recovery.code] : undefined } };
}

type Enrolled = AuthenticatorOf<'otp'> | OutOfBand;

/** What is to be enrolled, and the twin it brings: voice calls with SMS, an authenticator app with push. */
function requested(user: User, body: Parameters): [Enrolled, ...Enrolled[]] {
  const type = onlyMember(body, 'authenticator_types', ['otp', 'oob']);
  const device = randomBytes(8).toString('hex');
  const common = <Type extends Enrolled['type']>(each: Type) => ({
    type: each,
    id: authenticatorID(each, device),
    active: false,
  });
  const otp = () => ({ ...common('otp'), secret: base32(randomBytes(20)) });
  if (type === 'otp') return [otp()];
  const channel = onlyMember(body, 'oob_channels', ['sms', 'voice', 'email', 'auth0']);
  if (channel === 'auth0') return [common('push'), otp()];
  if (channel === 'email') {
    const email = optional(body, 'email') ?? user.email ?? '';
    if (!EMAIL.test(email)) throw invalidRequest('Invalid parameter: email');
    return [{ ...common('email'), email }];
  }
  const phoneNumber = required(body, 'phone_number');
  if (!PHONE_NUMBER.test(phoneNumber)) {
    throw new OAuthError(
      400,
      'invalid_phone_number',
      'Invalid phone number: it must be a plus sign and up to 15 digits.',
    );
  }
  const twins = { sms: { ...common('sms'), phoneNumber }, voice: { ...common('voice'), phoneNumber } };
  return channel === 'sms' ? [twins.sms, twins.voice] : [twins.voice, twins.sms];
}

/** Arrays on the wire, but one factor is enrolled at a time. */
function onlyMember<Name extends string>(body: Parameters, parameter: string, names: Name[]): Name {
  const value = body[parameter];
  if (value === undefined) throw invalidRequest(`Missing required parameter: ${parameter}`);
  const members: unknown[] = Array.isArray(value) ? value : [];
  const found = names.find((name) => name === members[0]);
  if (found === undefined || members.length !== 1) throw invalidRequest(`Invalid parameter: ${parameter}`);
  return found;
}

function otpEnrollment(user: User, { secret }: AuthenticatorOf<'otp'>): object {
  const parameters = { secret, issuer: TENANT, algorithm: 'SHA1', digits: '6', period: String(PERIOD) };
  return { authenticator_type: 'otp', secret, barcode_uri: otpauthURI(user, parameters) };
}

function oobEnrollment({ issuer }: Context, user: User, { type }: OutOfBand, oobCode: string): object {
  const common = { authenticator_type: 'oob', oob_code: oobCode };
  if (type !== 'push') return { ...common, oob_channel: type, binding_method: 'prompt' };
  const parameters = { enrollment_tx_id: randomBytes(24).toString('base64url'), base_url: issuer };
  return { ...common, oob_channel: 'auth0', barcode_uri: otpauthURI(user, parameters) };
}

function otpauthURI({ email, phoneNumber = '' }: User, parameters: Record<string, string>): string {
  const label = `${TENANT}:${encodeURIComponent(email ?? phoneNumber)}`;
  return `otpauth://totp/${label}?${new URLSearchParams(parameters).toString()}`;
}

/** The recovery code to activate once this enrolment is verified. A new one comes with the user's first factor only. */
function recoveryCodeOf({ settings }: Context, user: User): AuthenticatorOf<'recovery-code'> | undefined {
  if (!settings.mfaFactors.includes('recovery-code')) return undefined;
  const isRecoveryCode = (each: Authenticator) => each.type === 'recovery-code';
  const existing = enrolledBy(settings, user).find(isRecoveryCode);
  if (existing) return existing.active ? undefined : existing;
  if (user.factors?.length) return undefined;
  const id = authenticatorID('recovery-code', randomBytes(8).toString('hex'));
  return { type: 'recovery-code', id, active: false, code: newRecoveryCode() };
}
