import { authenticateClient } from '../clients.js';
import type { Context } from '../context.js';
import { required, type Reply, type WireRequest } from '../http.js';

/** `POST /oauth/revoke` (RFC 7009): ends a refresh token's family. A token that is unknown, or another client's, is no error. */
export function revoke(context: Context, { body }: WireRequest): Reply {
  const client = authenticateClient(context, body);
  const family = context.issued.refreshTokens.get(required(body, 'token'))?.family;
  if (family?.authorization.client === client) family.isRevoked = true;
  return { status: 200 };
}
