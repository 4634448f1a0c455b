/** The ways to sign in that are compared: their files, and their names in tables. */
export const CANDIDATES = {
  floor: { file: 'candidates/floor', name: 'undici + jose' },
  ours: { file: 'candidates/login', name: 'passport-auth0-passwordless' },
  passportAuth0: { file: 'peers/passport-auth0', name: 'passport-auth0' },
  legacy: { file: 'peers/auth0-legacy', name: 'auth0 (legacy client)' },
  authJS: { file: 'peers/auth0-auth-js', name: '@auth0/auth0-auth-js' },
  openidClient: { file: 'peers/openid-client', name: 'openid-client' },
} as const;
