import type { MfaFactor } from 'passport-auth0-passwordless';

/** What users call them. */
export const FACTOR_NAMES: Record<MfaFactor, string> = {
  otp: 'Authenticator app',
  sms: 'Text message',
  voice: 'Phone call',
  email: 'Email',
  push: 'Notification on your phone',
  'recovery-code': 'Recovery code',
};
