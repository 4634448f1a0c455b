import type { Context } from '../context.js';
import { html } from '../html.js';
import { optional, type Parameters, type Reply, type WireRequest } from '../http.js';
import { clientOfHint } from '../id-token-hint.js';
import { notice } from '../page.js';
import { errorPage, locationOf } from '../redirect.js';
import { endSession, findSession } from '../session.js';

/** `GET /v2/logout`. `federated` changes nothing: behind the tenant there is nobody else to log out of. */
export function logout(context: Context, request: WireRequest): Reply {
  const { query } = request;
  const destination = destinationOf(context, optional(query, 'client_id'), optional(query, 'returnTo'));
  return 'status' in destination ? destination : leave(context, request, destination);
}

/** `GET|POST /oidc/logout` (OpenID Connect RP-Initiated Logout). Without a hint that it is meant, the user is asked. */
export async function oidcLogout(context: Context, request: WireRequest): Promise<Reply> {
  const parameters = { ...request.query, ...request.body };
  const hint = optional(parameters, 'id_token_hint');
  const hinted = hint === undefined ? undefined : await clientOfHint(context, hint);
  const clientID = optional(parameters, 'client_id') ?? hinted?.clientID;
  if (hint !== undefined && (hinted === undefined || hinted.clientID !== clientID)) {
    return errorPage(400, 'The id_token_hint is no ID token that this tenant gave this client.');
  }
  const uri = optional(parameters, 'post_logout_redirect_uri');
  const destination = destinationOf(context, clientID, uri, optional(parameters, 'state'));
  if ('status' in destination) return destination;
  const session = findSession(context, request);
  const isMeant = hinted !== undefined || parameters.logout_hint === session || parameters.confirm === 'yes';
  return session === undefined || isMeant ? leave(context, request, destination) : question(parameters);
}

/** Where to go from here: `location` is undefined where no URL was given and there is no first one. */
function destinationOf(
  { clients, settings }: Context,
  clientID: string | undefined,
  url: string | undefined,
  state?: string,
): { location: string | undefined } | Reply {
  const client = clientID === undefined ? undefined : clients.get(clientID);
  if (clientID !== undefined && !client) return errorPage(400, 'Unknown client.');
  const allowed = client ? client.allowedLogoutURLs : settings.allowedLogoutURLs;
  const target = url ?? (client && allowed?.[0]);
  if (target === undefined) return { location: undefined };
  if (!URL.canParse(target) || allowed?.map(bare).includes(bare(target)) === false) {
    const whose = client ? 'of the client' : 'of the tenant, which counts without client_id';
    return errorPage(400, `The URL to return to is not in the list allowedLogoutURLs ${whose}.`);
  }
  return { location: locationOf(target, '?', { state }) };
}

/** Query and fragment do not count in the comparison. */
const bare = (url: string) => url.replace(/[?#].*$/s, '');

function leave(context: Context, request: WireRequest, { location }: { location: string | undefined }): Reply {
  const cookie = { 'set-cookie': endSession(context, request) };
  if (location !== undefined) return { status: 302, headers: { location, ...cookie } };
  const reply = notice(200, 'Log out', html`<p>You are logged out.</p>`);
  return { ...reply, headers: { ...reply.headers, ...cookie } };
}

function question(parameters: Parameters): Reply {
  const given = Object.entries(parameters).filter(([, value]) => typeof value === 'string') as [string, string][];
  const query = new URLSearchParams([...given, ['confirm', 'yes']]);
  return notice(200, 'Log out?', html`<p><a href="/oidc/logout?${query.toString()}">Log out</a></p>`);
}
