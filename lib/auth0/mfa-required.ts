import { PasswordlessError } from '../errors.js';
import { isObject } from '../values.js';
import type { Body } from './http.js';

/**
 * What Auth0 lets a user verify or enrol with: `type` in `mfa_requirements`.
 *
 * @useDeclaredType
 */
export type Factor = (typeof FACTORS)[number];

const FACTORS = ['otp', 'phone', 'push-notification', 'email', 'recovery-code'] as const;

/** What a user may do about a second factor, as Auth0 says it in `mfa_requirements`. */
export interface MfaRequirements {
  /** Factors that the user has, and may verify with. */
  challenge: Factor[];
  /** Factors that the user may enrol, having none. */
  enroll: Factor[];
}

export interface MfaRequired {
  /** Opaque, about 2 kB. Whoever has it is through the first factor, so it is never shown. */
  mfaToken: string;
  /** Undefined when Auth0 sent none; then nothing is limited. */
  requirements?: MfaRequirements | undefined;
}

const required = new WeakMap<object, MfaRequired>();

/** The error for an `mfa_required` answer. It does not hold the token: {@link mfaRequiredBy} gives that. */
export function mfaRequiredError({ mfa_token, mfa_requirements }: Body): PasswordlessError {
  if (typeof mfa_token !== 'string') {
    return new PasswordlessError('unexpected_response', 'Auth0 answered mfa_required without an mfa_token.');
  }
  const error = new PasswordlessError('mfa_required');
  required.set(error, { mfaToken: mfa_token, requirements: readRequirements(mfa_requirements) });
  return error;
}

/** What an `mfa_required` error stands for; undefined for any other. */
export function mfaRequiredBy(error: unknown): MfaRequired | undefined {
  return required.get(error as object);
}

// Three forms are in use: factors to challenge, factors to enrol, and challenge types as `/mfa/challenge` has them.
function readRequirements(value: unknown): MfaRequirements | undefined {
  if (!isObject(value)) return undefined;
  const { challenge, enroll, challenge_types: types } = value;
  if (![challenge, enroll, types].some(Array.isArray)) return undefined;
  return {
    challenge: FACTORS.filter((factor) => isIn(challenge, factor) || isOfType(types, factor)),
    enroll: FACTORS.filter((factor) => isIn(enroll, factor)),
  };
}

function isIn(list: unknown, factor: Factor): boolean {
  return Array.isArray(list) && list.some((each) => isObject(each) && each.type === factor);
}

function isOfType(types: unknown, factor: Factor): boolean {
  return Array.isArray(types) && factor !== 'recovery-code' && types.includes(factor === 'otp' ? 'otp' : 'oob');
}
