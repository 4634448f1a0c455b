/** The values that the README documents, by entry point. */
export const documented = {
  library: [
    'PasswordlessError',
    'PasswordlessStrategy',
    'acceptLanguage',
    'isPasswordlessError',
    'mfaMiddleware',
    'normalizeIdentifier',
    'recordMfa',
    'requireMfa',
    'resend',
    'start',
    'verify',
  ],
  testing: ['startLocalTenant'],
};
