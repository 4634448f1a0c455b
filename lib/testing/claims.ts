import type { User } from './users.js';

/** The claims about a user that the granted scopes open, in an ID token and at `/userinfo` alike; JSON leaves out those that are undefined. */
export function userClaims(user: User, scopes: string[]): Record<string, unknown> {
  const claims: Record<string, unknown> = { sub: user.userID };
  if (scopes.includes('profile')) Object.assign(claims, profileClaims(user));
  if (scopes.includes('email') && user.email !== undefined) {
    Object.assign(claims, { email: user.email, email_verified: user.emailVerified ?? false });
  }
  // Auth0 keeps the verification as `phone_verified` and does not map it to a claim: `phone_number_verified` is absent.
  if (scopes.includes('phone') && user.phoneNumber !== undefined) claims.phone_number = user.phoneNumber;
  return claims;
}

function profileClaims(user: User): Record<string, unknown> {
  const name = user.name ?? user.email ?? String(user.phoneNumber);
  const initials =
    name
      .replace(/[^a-z]/gi, '')
      .slice(0, 2)
      .toLowerCase() || 'default';
  return {
    name,
    nickname: user.nickname ?? user.email?.split('@')[0],
    given_name: user.givenName,
    family_name: user.familyName,
    locale: user.locale,
    picture: user.picture ?? `https://cdn.auth0.com/avatars/${initials}.png`,
    updated_at: new Date().toISOString(),
  };
}
