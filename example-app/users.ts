import type { Profile } from 'passport-auth0-passwordless';

export type User = Express.User;

/** The app's users. A real app keeps them in its database, hence the promises. */
export class Users {
  private readonly byID = new Map<string, User>();

  save({ id, displayName, emails, phoneNumbers, _json }: Profile): Promise<User> {
    const address = emails[0]?.value ?? phoneNumbers?.[0]?.value;
    const user = { id, displayName, address, claims: _json };
    this.byID.set(id, user);
    return Promise.resolve(user);
  }

  find(id: string): Promise<User | undefined> {
    return Promise.resolve(this.byID.get(id));
  }
}
