import type { Client } from './clients.js';
import type { Context } from './context.js';
import type { Connection } from './options.js';

/** The order in which Auth0 puts the `authParams` into a link; others follow. */
const ORDER = ['scope', 'response_type', 'redirect_uri', 'audience', 'state', 'nonce'];

interface Link {
  authParams: Record<string, string>;
  code: string;
  connection: Connection;
  client: Client;
  email: string;
}

/** A link says everything itself: the code, for whom, and where to go. Nothing about it is kept but the code. */
export function magicLink({ issuer }: Context, { authParams, code, connection, client, email }: Link): string {
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  const query = new URLSearchParams(Object.entries(authParams).sort(([a], [b]) => rank(a) - rank(b)));
  query.set('verification_code', code);
  query.set('connection', connection.name);
  query.set('client_id', client.clientID);
  query.set('email', email);
  return `${issuer}passwordless/verify_redirect?${query.toString()}`;
}
