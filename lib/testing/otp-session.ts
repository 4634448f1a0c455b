import type { Client } from './clients.js';
import type { Context } from './context.js';
import { invalidRequest, OAuthError } from './errors.js';
import type { Connection, Strategy } from './options.js';
import type { User } from './users.js';

/** What an `auth_session` of `/otp/challenge` stands for. */
export interface OTPSession {
  client: Client;
  connection: Connection;
  strategy: Strategy;
  to: string;
  code: string;
  /** False where the challenge was for nobody, of which its answer told nothing. */
  mayPass: boolean;
  expiresAt: number;
  failures: number;
}

/** Until when the code of an `auth_session` is good; undefined if it is so no more. */
export function sessionExpiry({ issued, settings }: Context, authSession: string): number | undefined {
  const session = issued.otpSessions.get(authSession);
  return session && session.failures < settings.maxAttempts ? session.expiresAt : undefined;
}

/** Spends the code of an `auth_session` and signs its user in (or up). Whatever is wrong with it has one error. */
export function redeemSession(context: Context, client: Client, authSession: string, otp: string): User {
  const { clock, issued, settings, users } = context;
  const session = issued.otpSessions.get(authSession);
  if (session?.client !== client || session.failures >= settings.maxAttempts || clock.now() >= session.expiresAt) {
    throw refused();
  }
  if (!session.mayPass || session.code !== otp) {
    session.failures += 1;
    throw refused();
  }
  issued.otpSessions.delete(authSession);
  const { strategy, to, connection } = session;
  const user = users.signIn(strategy, to, connection.name);
  if (!user.blocked) return user;
  throw settings.otpBlockedUser === 'access_denied'
    ? new OAuthError(403, 'access_denied', 'user is blocked')
    : refused();
}

const refused = () => invalidRequest('The auth_session or the code is wrong, expired or used.');
