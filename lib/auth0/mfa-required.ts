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
  const challenged = [...typesIn(challenge), ...(Array.isArray(types) ? (types as unknown[]) : [])].flatMap(
    factorsNamed,
  );
  const enrolled = typesIn(enroll).flatMap(factorsNamed);
  // Names that are unknown here must not lock the user out; Auth0 itself enforces what it requires.
  if (challenged.length + enrolled.length === 0) return undefined;
  return {
    challenge: FACTORS.filter((factor) => challenged.includes(factor)),
    enroll: FACTORS.filter((factor) => enrolled.includes(factor)),
  };
}

function typesIn(list: unknown): unknown[] {
  return Array.isArray(list) ? list.map((each) => (isObject(each) ? each.type : undefined)) : [];
}

/** The factors that a name stands for, in whichever of Auth0's spellings. */
function factorsNamed(name: unknown): Factor[] {
  switch (name) {
    case 'totp':
      return ['otp'];
    case 'sms':
    case 'voice':
      return ['phone'];
    case 'push':
      return ['push-notification'];
    case 'oob':
      return ['phone', 'push-notification', 'email'];
    default:
      return FACTORS.filter((factor) => factor === name);
  }
}
