import 'express-session';
import type { AuthInfo as PasswordlessAuthInfo, ChallengeResult } from 'passport-auth0-passwordless';

declare module 'express-session' {
  interface SessionData {
    csrfToken: string;
    /** What the sign-in form was sent with last, to fill it in again. */
    signInForm: { by: 'email' | 'phone'; address: string; returnTo: string };
    /** What the second step asked for last. */
    challenge: ChallengeResult;
    /** How this session was signed in. */
    signIn: Express.AuthInfo | undefined;
  }
}

declare global {
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
