import { randomBytes } from 'node:crypto';
import { EMAIL, PHONE_NUMBER } from '../addresses.js';
import { remember } from '../bounded.js';
import { checkCredentials, checkGrant, isConnectionEnabled, PASSWORDLESS_OTP, type Client } from '../clients.js';
import { newCode } from '../codes.js';
import type { Context } from '../context.js';
import { invalidClient, OAuthError } from '../errors.js';
import type { Parameters, Reply, WireRequest } from '../http.js';
import type { Connection, Strategy } from '../options.js';
import { sessionExpiry, type OTPSession } from '../otp-session.js';
import { limited } from '../rate-limit.js';
import { requestLanguage } from './passwordless-start.js';

const SESSIONS = 20_000;

interface Recipient {
  strategy: Strategy;
  to: string;
  channel: 'email' | 'sms' | 'voice';
}

/** `POST /otp/challenge` (Early Access): sends a code to a user of a database connection, and says the same if there is none. */
export function otpChallenge(context: Context, request: WireRequest): Promise<Reply> {
  return limited(context.otpLimit, request.ip, () => challenge(context, request));
}

function challenge(context: Context, { body, headers }: WireRequest): Reply {
  const client = authenticated(context, body);
  checkGrant(client, PASSWORDLESS_OTP);
  const connection = databaseConnection(context, client, body);
  const recipient = recipientOf(body);
  const mayPass = mayPassOf(context, connection, recipient, body.allow_signup ?? false);
  const code = newCode(context.settings.codeLength);
  const authSession = randomBytes(12).toString('hex');
  const expiresAt = context.clock.now() + context.settings.codeTTL;
  const { strategy, to, channel } = recipient;
  const session: OTPSession = { client, connection, strategy, to, code, mayPass, expiresAt, failures: 0 };
  remember(context.issued.otpSessions, authSession, session, SESSIONS);
  if (mayPass) {
    const language = requestLanguage(headers);
    const message = { channel, to, code, ...(language === undefined ? {} : { language }), at: context.clock.now() };
    context.inbox.deliver(message, () => sessionExpiry(context, authSession));
  }
  return { status: 200, body: { auth_session: authSession } };
}

function authenticated(context: Context, body: Parameters): Client {
  const client = context.clients.get(text(body, 'client_id'));
  const refused = invalidClient('Invalid client or client credentials.');
  if (!client) throw refused;
  checkCredentials(context, client, body, refused);
  return client;
}

function databaseConnection(context: Context, client: Client, body: Parameters): Connection {
  const name = text(body, 'connection');
  const connection = context.connections.get(name);
  if (connection?.strategy !== 'auth0' || connection.otp !== true || !isConnectionEnabled(client, name)) {
    const description = 'The connection does not exist, is no database connection, or has no codes switched on (otp).';
    throw new OAuthError(400, 'invalid_connection', description);
  }
  return connection;
}

function recipientOf(body: Parameters): Recipient {
  const isEmail = body.email !== undefined;
  if (isEmail === (body.phone_number !== undefined)) {
    throw invalid('email', 'Either email or phone_number must be provided');
  }
  const method = body.delivery_method ?? 'text';
  if (method !== 'text' && method !== 'voice') throw invalid('delivery_method', "delivery_method is 'text' or 'voice'");
  if (isEmail) {
    const to = text(body, 'email').toLowerCase();
    if (!EMAIL.test(to)) throw invalid('email', 'Invalid email format');
    return { strategy: 'email', to, channel: 'email' };
  }
  const to = text(body, 'phone_number');
  if (!PHONE_NUMBER.test(to)) throw invalid('phone_number', 'Invalid phone number format');
  return { strategy: 'sms', to, channel: method === 'text' ? 'sms' : 'voice' };
}

/** Whether a right code will let somebody in: a user who is there, or may sign up. To nobody else a code is sent. */
function mayPassOf(
  { settings, users }: Context,
  { name, disableSignup = settings.disableSignup }: Connection,
  { strategy, to }: Recipient,
  allowSignup: unknown,
): boolean {
  if (typeof allowSignup !== 'boolean') throw invalid('allow_signup', 'allow_signup must be a boolean');
  const user = users.find(strategy, to, name);
  if (user) return user.blocked !== true || settings.otpBlockedUser === 'access_denied';
  return allowSignup && !disableSignup && (strategy === 'email' || settings.otpSignupByPhone);
}

function text(body: Parameters, name: string): string {
  const value = body[name];
  if (value === undefined || value === '') throw invalid(name, `Missing required parameter: ${name}`);
  if (typeof value !== 'string') throw invalid(name, `${name} must be a string`);
  return value;
}

const invalid = (field: string, message: string) =>
  new OAuthError(400, 'invalid_request', message, { validation_errors: [{ field, message }] });
