/** The values that the README documents, by entry point. */
export const documented = {
  library: [
    'PasswordlessError',
    'PasswordlessStrategy',
    'isPasswordlessError',
    'mfaMiddleware',
    'resend',
    'start',
    'verify',
  ],
  testing: ['startLocalTenant'],
};
