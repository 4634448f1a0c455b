import 'express-session';
import type { AuthInfo as PasswordlessAuthInfo } from 'passport-auth0-passwordless';
import type { SessionData as ExampleSessionData } from './session-data.js';

declare module 'express-session' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- this is how a declaration is added to
  interface SessionData extends ExampleSessionData {}
}

declare global {
  // Passport's types are Express's, in a Koa app, too.
  namespace Express {
    interface User {
      /** Auth0's `sub`: what stays the same when name or address change. */
      id: string;
      displayName: string;
      /** The email address or phone number, where Auth0 told it. */
      address: string | undefined;
      claims: Record<string, unknown>;
    }

    interface AuthInfo extends PasswordlessAuthInfo {
      /** What `start` was given on the way in. */
      appState?: { returnTo: string };
      /** When the access token expires, in epoch seconds: what our `verify` adds. */
      expiresAt: number;
    }

    interface Locals {
      /** The local tenant's inbox; undefined with a real tenant. */
      inboxURL: string | undefined;
    }
  }
}
