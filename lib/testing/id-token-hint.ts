import { createHmac } from 'node:crypto';
import type { Client } from './clients.js';
import type { Context } from './context.js';
import { isSignatureAlgorithm, isSigned, parseJWS, type JWS } from './jws.js';

/** The client of an ID token that this tenant issued, however long ago. */
export async function clientOfHint(context: Context, hint: string): Promise<Client | undefined> {
  const jws = parseJWS(hint);
  if (jws?.claims.iss !== context.issuer) return undefined;
  const client = context.clients.get(String(jws.claims.aud));
  return client && (await isOurs(context, client, jws)) ? client : undefined;
}

async function isOurs({ keys }: Context, client: Client, jws: JWS): Promise<boolean> {
  const { alg, kid } = jws.header;
  if (alg !== (client.idTokenSigningAlg ?? 'RS256')) return false;
  if (!isSignatureAlgorithm(alg)) {
    const mac = createHmac('sha256', client.clientSecret ?? '')
      .update(jws.input)
      .digest();
    return mac.equals(jws.signature);
  }
  const key = await keys.find(kid);
  return key !== undefined && isSigned(jws, alg, key.privateKey);
}
