import { createHash, randomBytes } from 'node:crypto';
import type { Settings } from '../options.js';
import { defaultUserID, type User } from '../users.js';
import { base32 } from './totp.js';

/**
 * A second factor of a user. `id` (as `/mfa/authenticators` lists it) and whatever else is left out follows from the
 * user and the factor's place in the list, so that it is the same on every run. `active` defaults to true; a factor that
 * was enrolled over the wire is inactive until it is verified.
 */
export type Factor = { id?: string; active?: boolean } & (
  | {
      /** An authenticator app (TOTP). */
      type: 'otp';
      /** Base32. */
      secret?: string;
    }
  | {
      /** A code by SMS or by voice call. Enrolling one over the wire enrols both; here each is given for itself. */
      type: 'sms' | 'voice';
      /** E.164; default: the user's. */
      phoneNumber?: string;
    }
  | {
      /** A code by email. A verified address is one by itself. */
      type: 'email';
      /** Default: the user's. */
      email?: string;
    }
  | {
      /** A question on the user's phone: see `tenant.approvePush`. */
      type: 'push';
    }
  | {
      type: 'recovery-code';
      /** 24 characters. */
      code?: string;
    }
);

/** A factor with everything that was left out filled in. */
export type Authenticator = Required<Factor>;
export type AuthenticatorOf<Type extends Factor['type']> = Extract<Authenticator, { type: Type }>;

/** A factor as Auth0's tenants switch it on, and as `mfa_requirements` has it. */
export type MfaFactor = (typeof MFA_FACTORS)[number];

export const MFA_FACTORS = ['otp', 'phone', 'push-notification', 'email', 'recovery-code'] as const;

const KINDS: Record<Factor['type'], { factor: MfaFactor; prefix: string }> = {
  otp: { factor: 'otp', prefix: 'totp' },
  sms: { factor: 'phone', prefix: 'sms' },
  voice: { factor: 'phone', prefix: 'voice' },
  email: { factor: 'email', prefix: 'email' },
  push: { factor: 'push-notification', prefix: 'push' },
  'recovery-code': { factor: 'recovery-code', prefix: 'recovery-code' },
};

export const isFactorType = (type: unknown): type is Factor['type'] =>
  typeof type === 'string' && Object.hasOwn(KINDS, type);

export const mfaFactorOf = (type: Factor['type']): MfaFactor => KINDS[type].factor;

export const authenticatorID = (type: Factor['type'], device: string): string => `${KINDS[type].prefix}|dev_${device}`;

/** What the user enrolled, or was seeded with, as far as the tenant has it switched on. */
export function enrolledBy({ mfaFactors }: Settings, user: User): Authenticator[] {
  const authenticators = (user.factors ?? []).map((factor, index) => fillIn(user, factor, index));
  return authenticators.filter(({ type }) => mfaFactors.includes(mfaFactorOf(type)));
}

/** The same and, as on Auth0, a verified email address. */
export function authenticatorsOf(settings: Settings, user: User): Authenticator[] {
  const enrolled = enrolledBy(settings, user);
  const { email, emailVerified } = user;
  const isCovered = enrolled.some((each) => each.type === 'email' && each.email === email);
  if (!settings.mfaFactors.includes('email') || email === undefined || emailVerified !== true || isCovered) {
    return enrolled;
  }
  const id = authenticatorID('email', digest(user, 'email').toString('hex', 0, 8));
  return [...enrolled, { type: 'email', id, active: true, email }];
}

/** Written into the user's own list, where a test can read what was made up. */
function fillIn(user: User, factor: Factor, index: number): Authenticator {
  const bytes = digest(user, `${factor.type} ${index}`);
  factor.id ??= authenticatorID(factor.type, bytes.toString('hex', 24));
  factor.active ??= true;
  switch (factor.type) {
    case 'otp':
      factor.secret ??= base32(bytes.subarray(0, 20));
      break;
    case 'sms':
    case 'voice':
      factor.phoneNumber ??= user.phoneNumber ?? '';
      break;
    case 'email':
      factor.email ??= user.email ?? '';
      break;
    case 'recovery-code':
      factor.code ??= base32(bytes.subarray(0, 15));
  }
  return factor as Authenticator;
}

/** What was enrolled as one goes as one: SMS with voice calls, a push with its authenticator app. */
export function removeFactor(user: User, id: string): void {
  user.factors = user.factors?.filter((each) => deviceOf(each.id) !== deviceOf(id)) ?? [];
}

const deviceOf = (id = '') => id.slice(id.lastIndexOf('|') + 1);

export const newRecoveryCode = (): string => base32(randomBytes(15));

function digest(user: User, label: string): Buffer {
  return createHash('sha256')
    .update(`${user.userID ?? defaultUserID(user)} ${label}`)
    .digest();
}
