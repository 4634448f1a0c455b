import { remember } from '../bounded.js';
import type { Clock } from '../clock.js';
import { RateLimit } from '../rate-limit.js';
import type { Authorization } from '../tokens.js';
import type { Challenge } from './challenges.js';
import type { Authenticator } from './factors.js';

/** A login that waits for its second factor: what an `mfa_token` stands for. */
export interface MfaLogin {
  token: string;
  /** Who and what for, as the first factor's request had it. */
  authorization: Authorization;
  expiresAt: number;
  /** By an access token for the API at `/mfa/` instead: it stays good, and can do more than sign in. */
  isManagement?: boolean;
  /** Factors still to be verified, this one included. */
  factorsLeft: number;
  /** What was enrolled with this token, in groups that are active as soon as one of a group is verified. */
  enrolling: Authenticator[][];
}

/** What the tenant remembers of second factors. The factors themselves are the users'. */
export interface MfaState {
  logins: Map<string, MfaLogin>;
  /** By `oob_code`. */
  challenges: Map<string, Challenge>;
  /** The last time step of each authenticator app whose code was taken, by authenticator. */
  usedSteps: WeakMap<object, number>;
  /** Auth0's limits for each user. SMS and voice share one. */
  limits: Record<'failures' | 'phone' | 'email' | 'push', RateLimit>;
}

const MINUTE = 60;
const HOUR = 3600;
const LOGINS = 5_000;

export const createMfaState = (clock: Clock): MfaState => ({
  logins: new Map(),
  challenges: new Map(),
  usedSteps: new WeakMap(),
  limits: {
    failures: new RateLimit(10, clock, HOUR),
    // Ten at once, then one an hour; twenty at once, then one a minute.
    phone: new RateLimit(10, clock, 10 * HOUR),
    email: new RateLimit(20, clock, 20 * MINUTE),
    push: new RateLimit(5, clock, MINUTE),
  },
});

export function keepLogin(mfa: MfaState, login: MfaLogin): void {
  remember(mfa.logins, login.token, login, LOGINS);
}

export function keepChallenge(mfa: MfaState, oobCode: string, challenge: Challenge): void {
  remember(mfa.challenges, oobCode, challenge, LOGINS);
}
