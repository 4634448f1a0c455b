import { isIP } from 'node:net';
import { EMAIL, PHONE_NUMBER } from '../addresses.js';
import { hasSignedAssertion } from '../client-assertion.js';
import { checkCredentials, hasSecret, isConnectionEnabled, type Client } from '../clients.js';
import { codeExpiry, issueCode } from '../codes.js';
import type { Context } from '../context.js';
import { OAuthError, unauthorized, userIsBlocked } from '../errors.js';
import type { Parameters, Reply, WireRequest } from '../http.js';
import { magicLink } from '../magic-link.js';
import { isPasswordless, type Connection, type PasswordlessConnection, type Strategy } from '../options.js';
import { limited } from '../rate-limit.js';
import { userIDOf } from '../users.js';

const PROPERTIES = [
  ...['client_id', 'client_secret', 'client_assertion', 'client_assertion_type'],
  ...['connection', 'send', 'authParams', 'captcha'],
];
const SEND = ['code', 'link', 'link_ios', 'link_android'];

/** `POST /passwordless/start`: sends a code, or a link with the code in it. */
export function passwordlessStart(context: Context, request: WireRequest): Promise<Reply> {
  const client = context.clients.get(asText(request.body.client_id));
  const ip = effectiveIP(context, request, client);
  return limited(context.startLimit, ip, () => start(context, request, client));
}

/** `auth0-forwarded-for` counts only with the secret and the client's consent; otherwise it is ignored without a word. */
function effectiveIP({ settings }: Context, { headers, body, ip }: WireRequest, client: Client | undefined): string {
  const forwarded = headers['auth0-forwarded-for'] ?? '';
  if (client?.trustTokenEndpointIPHeader !== true || !isIP(forwarded)) return ip;
  const isAuthenticated =
    hasSecret(client, body) || (settings.trustForwardedForWithAssertion && hasSignedAssertion(client, body));
  return isAuthenticated ? forwarded : ip;
}

function start(context: Context, { body, headers }: WireRequest, client: Client | undefined): Reply {
  if (isAbsent(body.client_id)) throw bad('client_id', 'Missing required property: client_id');
  if (!client) throw unauthorized();
  if (!isAbsent(body.client_secret) || !isAbsent(body.client_assertion)) {
    checkCredentials(context, client, body);
  } else if (context.settings.enforceClientAuthenticationOnStart) {
    throw new OAuthError(403, 'unauthorized_client', 'Client authentication is required');
  }
  const connection = passwordlessConnection(context, client, body);
  refuseUnknownProperties(body, connection.strategy);
  const isLink = sendsLink(connection, body.send);
  const authParams = readAuthParams(body.authParams);
  const to = readAddress(connection.strategy, body);
  const user = context.users.find(connection.strategy, to);
  if (user?.blocked) throw userIsBlocked();
  if (!user && (connection.disableSignup ?? context.settings.disableSignup)) {
    throw bad('connection', 'Public signup is disabled');
  }

  const code = issueCode(context, client, connection, to);
  const language = requestLanguage(headers);
  const message = {
    channel: connection.strategy,
    to,
    code,
    ...(isLink ? { link: magicLink(context, { authParams, code, connection, client, email: to }) } : {}),
    ...(language === undefined ? {} : { language }),
    at: context.clock.now(),
  };
  context.inbox.deliver(message, () => codeExpiry(context, connection, to, code));
  const id = (user?.userID ?? userIDOf(connection.strategy, to)).replace(/^.*\|/, '');
  return connection.strategy === 'email'
    ? { status: 200, body: { _id: id, email: to, email_verified: user?.emailVerified ?? false } }
    : { status: 200, body: { _id: id, phone_number: to, phone_verified: user?.phoneVerified ?? false } };
}

function passwordlessConnection(context: Context, client: Client, body: Parameters): PasswordlessConnection {
  if (isAbsent(body.connection)) throw bad('connection', 'Missing required property: connection');
  const connection = context.connections.get(asText(body.connection));
  if (!connection) throw bad('connection', 'Connection does not exist');
  if (!isPasswordless(connection)) {
    throw bad('connection', 'Invalid connection strategy. It must either be a passwordless connection');
  }
  if (!isConnectionEnabled(client, connection.name)) throw bad('connection', 'Connection is disabled');
  return connection;
}

function refuseUnknownProperties(body: Parameters, strategy: Strategy): void {
  const allowed = [...PROPERTIES, addressProperty(strategy)];
  const unknown = Object.keys(body).find((name) => !allowed.includes(name));
  if (unknown !== undefined) throw bad('request', `the following properties are not allowed: ${unknown}`);
}

/** A missing `send` means a link. An SMS always carries a code. */
function sendsLink({ strategy }: Connection, send: unknown): boolean {
  if (!isAbsent(send) && !SEND.includes(asText(send))) {
    throw bad('send', `error in send - No enum match for: ${asText(send)}`);
  }
  return strategy === 'email' && send !== 'code';
}

function readAuthParams(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    const type = Array.isArray(value) ? 'array' : typeof value;
    throw bad('authParams', `error in authParams - invalid type: ${type} (expected object)`);
  }
  const entries = Object.entries(value).filter(([, member]) => ['string', 'number', 'boolean'].includes(typeof member));
  return Object.fromEntries(entries.map(([name, member]) => [name, String(member)]));
}

function readAddress(strategy: Strategy, body: Parameters): string {
  const name = addressProperty(strategy);
  const value = body[name];
  if (isAbsent(value)) throw bad(name, `Missing required property: ${name}`);
  if (typeof value !== 'string') throw bad(name, `error in ${name} - invalid type: ${typeof value} (expected string)`);
  if (strategy === 'sms') {
    if (!PHONE_NUMBER.test(value)) throw bad(name, `String does not match pattern: ${PHONE_NUMBER.source}`);
    return value;
  }
  if (!EMAIL.test(value)) {
    throw bad(name, `error in email - email format validation failed: ${value}`);
  }
  return value.toLowerCase();
}

/** Auth0 takes the template's language from `x-request-language`, else from `accept-language`. */
export function requestLanguage(headers: WireRequest['headers']): string | undefined {
  const language = headers['x-request-language'] ?? headers['accept-language']?.split(/[,;]/)[0]?.trim();
  return language === '' || language === '*' ? undefined : language;
}

const addressProperty = (strategy: Strategy) => (strategy === 'email' ? 'email' : 'phone_number');

const isAbsent = (value: unknown) => value === undefined || value === null || value === '';

const asText = (value: unknown) => (typeof value === 'string' ? value : typeof value);

const bad = (what: string, description: string) => new OAuthError(400, `bad.${what}`, description);
