/** Passport's normalised profile, from the claims of the ID token (and of `/userinfo`, where it is asked). */
export interface Profile {
  provider: 'auth0';
  /** The `sub` claim. */
  id: string;
  /** The `name` claim, or else the nickname, the address or the `sub`. */
  displayName: string;
  /** The `nickname` claim. */
  username?: string;
  /** The claims `family_name`, `given_name` and `middle_name`. */
  name?: { familyName?: string; givenName?: string; middleName?: string };
  /** None or one; `verified` is the claim `email_verified`. */
  emails: { value: string; verified: boolean }[];
  /**
   * With the scope `phone` only. `verified` is the claim `phone_number_verified` or `phone_verified`, which it takes an
   * Action to add.
   */
  phoneNumbers?: { value: string; verified: boolean }[];
  /** The `picture` claim; one at most. */
  photos: { value: string }[];
  /** The claims as they came. */
  _json: Record<string, unknown>;
}

export function toProfile(claims: Record<string, unknown> & { sub: string }): Profile {
  const text = (claim: string) => {
    const value = claims[claim];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const email = text('email');
  const phoneNumber = text('phone_number');
  const username = text('nickname');
  const picture = text('picture');
  const name = defined({
    familyName: text('family_name'),
    givenName: text('given_name'),
    middleName: text('middle_name'),
  });
  // Auth0's SMS users have phone_verified; to make a claim of it takes an Action.
  const phoneVerified = claims.phone_number_verified ?? claims.phone_verified;

  return {
    provider: 'auth0',
    id: claims.sub,
    displayName: text('name') ?? username ?? email ?? phoneNumber ?? claims.sub,
    ...(username && { username }),
    ...(Object.keys(name).length > 0 && { name }),
    emails: email ? [{ value: email, verified: claims.email_verified === true }] : [],
    ...(phoneNumber && { phoneNumbers: [{ value: phoneNumber, verified: phoneVerified === true }] }),
    photos: picture ? [{ value: picture }] : [],
    _json: claims,
  };
}

function defined(members: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((member): member is [string, string] => member[1] !== undefined),
  );
}
