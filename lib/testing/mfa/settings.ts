import type { Settings } from '../options.js';
import type { User } from '../users.js';
import { MFA_FACTORS, isFactorType } from './factors.js';

/** What the options that are one of a few values may be. */
const CHOICES = {
  mfaRequirements: ['factors', 'challenge_types', 'none'],
  mfaRequiredStatus: [400, 401, 403],
  mfaInvalidGrantStatus: [401, 403],
  pushRejection: ['access_denied', 'invalid_grant'],
  slowDownStatus: [400, 429],
} as const;

export function checkMfa(settings: Settings): void {
  const { mfa, mfaFactors } = settings;
  if (typeof mfa !== 'function' && !isOneOf(['never', 'always'], mfa)) {
    throw new TypeError("mfa: pass 'never', 'always' or a function of the user");
  }
  if (!Array.isArray(mfaFactors) || !mfaFactors.every((factor) => isOneOf(MFA_FACTORS, factor))) {
    throw new TypeError(`mfaFactors: pass an array of ${listed(MFA_FACTORS)}`);
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (!isOneOf(choices, settings[name as keyof typeof CHOICES])) {
      throw new TypeError(`${name}: pass ${listed(choices)}`);
    }
  }
}

export function checkFactors({ email, phoneNumber, factors = [] }: User): void {
  if (!Array.isArray(factors)) throw new TypeError("users: factors is an array, as in [{ type: 'otp' }]");
  for (const factor of factors) {
    const { type } = factor;
    if (!isFactorType(type)) {
      throw new TypeError("users: a factor's type is 'otp', 'sms', 'voice', 'email', 'push' or 'recovery-code'");
    }
    if (factor.type === 'email' && (factor.email ?? email) === undefined) {
      throw new TypeError("users: a factor by email needs an email, its own or the user's");
    }
    if ((factor.type === 'sms' || factor.type === 'voice') && (factor.phoneNumber ?? phoneNumber) === undefined) {
      throw new TypeError("users: a factor by SMS or voice needs a phoneNumber, its own or the user's");
    }
    if (factor.type === 'otp' && factor.secret !== undefined && !/^[A-Z2-7]{16,}$/i.test(factor.secret)) {
      throw new TypeError('users: the secret of a factor is base32, 16 characters or more');
    }
  }
}

const isOneOf = (choices: readonly unknown[], value: unknown) => choices.includes(value);

const listed = (choices: readonly (string | number)[]) =>
  choices
    .map((choice) => (typeof choice === 'string' ? `'${choice}'` : choice))
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
