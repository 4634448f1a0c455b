import type { EnrollParams } from '../auth0/mfa.js';
import { PasswordlessError } from '../errors.js';
import { readEmail, readPhoneNumber } from '../flows/identifier.js';

/** What `enroll` is to enrol. */
export interface EnrollOptions {
  /** `'otp'` is an authenticator app. */
  type: 'otp' | 'sms' | 'voice' | 'email' | 'push';
  /** For `sms` and `voice`. */
  phoneNumber?: string | undefined;
  /** For `email`. */
  email?: string | undefined;
}

/** @throws {PasswordlessError} `invalid_factor`, `invalid_phone_number` or `invalid_email`. */
export function readEnrollOptions(options: EnrollOptions): EnrollParams {
  switch (options.type) {
    case 'otp':
    case 'push':
      return { type: options.type };
    case 'sms':
    case 'voice': {
      const phoneNumber = readPhoneNumber(options, 'phoneNumber');
      if (phoneNumber) return { type: options.type, phoneNumber };
      throw new PasswordlessError('invalid_phone_number');
    }
    case 'email': {
      const email = readEmail(options, 'email');
      if (email) return { type: options.type, email };
      throw new PasswordlessError('invalid_email');
    }
    default:
      throw new PasswordlessError('invalid_factor');
  }
}
