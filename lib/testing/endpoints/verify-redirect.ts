import { randomBytes } from 'node:crypto';
import { remember } from '../bounded.js';
import { enabledConnection, isCallbackAllowed, type Client } from '../clients.js';
import { redeemCode } from '../codes.js';
import type { Context } from '../context.js';
import { OAuthError } from '../errors.js';
import { optional, type Reply, type WireRequest } from '../http.js';
import type { PasswordlessConnection } from '../options.js';
import { errorPage, locationOf } from '../redirect.js';
import { findSession, sessionCookie, startSession } from '../session.js';
import { checkAudience, grantedScopes, issueTokens, type Authorization } from '../tokens.js';

const AUTHORIZATION_CODES = 10_000;

const SESSION_MISSING =
  'The link must be opened on the same device and browser from which you submitted your email address. ' +
  'Links that a server starts need allowMagicLinkWithoutSession (on Auth0: allow_magiclink_verify_without_session).';

interface Destination {
  client: Client;
  connection: PasswordlessConnection;
  redirectURI: string;
}

/**
 * `GET /passwordless/verify_redirect`: the magic link. Everything it needs is in its query, as on Auth0, where the
 * query may even differ from what was started.
 */
export async function verifyRedirect(context: Context, request: WireRequest): Promise<Reply> {
  const destination = findDestination(context, request);
  if ('status' in destination) return destination;
  const session = findSession(context, request);
  if (session === undefined && !context.settings.allowMagicLinkWithoutSession) {
    return errorPage(403, SESSION_MISSING);
  }
  const sid = session ?? startSession(context);
  try {
    const location = await follow(context, request, destination, sid);
    return { status: 302, headers: { location, 'set-cookie': sessionCookie(context, sid) } };
  } catch (error) {
    if (!(error instanceof OAuthError)) throw error;
    return { status: 302, headers: { location: errorLocation(request, destination, error) } };
  }
}

/** Where the browser may be sent, whatever comes; a page where there is no such place. */
function findDestination(context: Context, { query }: WireRequest): Destination | Reply {
  const client = context.clients.get(query.client_id ?? '');
  if (!client) return errorPage(400, 'Unknown client.');
  const connection = enabledConnection(context, client, query.connection ?? '');
  if (connection?.strategy !== 'email') {
    return errorPage(400, 'The connection is unknown, or not enabled for this client.');
  }
  const redirectURI = query.redirect_uri ?? '';
  if (!URL.canParse(redirectURI)) return errorPage(400, 'Missing required parameter: redirect_uri');
  if (!isCallbackAllowed(client, redirectURI)) {
    return errorPage(403, 'Callback URL mismatch: add the redirect_uri to the allowed callback URLs (callbacks).');
  }
  return { client, connection, redirectURI };
}

/** Spends the code and says where to go: with an authorization code, or as Auth0 does without `response_type=code`, with tokens. */
async function follow(
  context: Context,
  { query }: WireRequest,
  { client, connection, redirectURI }: Destination,
  sid: string,
): Promise<string> {
  const audience = optional(query, 'audience');
  checkAudience(context, audience);
  const email = (query.email ?? '').toLowerCase();
  const authorization: Authorization = {
    client,
    user: redeemCode(context, client, connection, email, query.verification_code ?? ''),
    scopes: linkScopes(context, grantedScopes(client, query.scope, audience)),
    audience,
    nonce: optional(query, 'nonce'),
    organization: context.settings.organizationsOnLinks ? optional(query, 'organization') : undefined,
    sid,
  };
  if (query.response_type !== 'code') {
    // A fragment never has a refresh token (RFC 6749, section 4.2.2), and an ID token only where it was asked for.
    const scopes = authorization.scopes.filter((scope) => scope !== 'offline_access');
    const { id_token: idToken, ...tokens } = await issueTokens(context, { ...authorization, scopes });
    const isAskedFor = query.response_type?.split(' ').includes('id_token');
    return locationOf(redirectURI, '#', { ...tokens, ...(isAskedFor && { id_token: idToken }), state: query.state });
  }
  const code = randomBytes(24).toString('base64url');
  const expiresAt = context.clock.now() + context.settings.authorizationCodeTTL;
  const issued = { ...authorization, redirectURI, expiresAt };
  remember(context.issued.authorizationCodes, code, issued, AUTHORIZATION_CODES);
  return locationOf(redirectURI, '?', { code, state: query.state });
}

const linkScopes = ({ settings }: Context, scopes: string[]) =>
  settings.refreshTokensFromLinks ? scopes : scopes.filter((scope) => scope !== 'offline_access');

/** On a link, a wrong or expired code and a blocked user are `unauthorized`. */
function errorLocation({ query }: WireRequest, { redirectURI }: Destination, error: OAuthError): string {
  const code = error.error === 'invalid_grant' ? 'unauthorized' : error.error;
  return locationOf(redirectURI, '?', { error: code, error_description: error.description, state: query.state });
}
