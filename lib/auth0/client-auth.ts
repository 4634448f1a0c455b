/** Client authentication as members of a request's body: RFC 6749 section 2.3.1, which every endpoint of Auth0 takes. */
export type ClientAuthentication = () => Promise<Record<string, string>>;

/** The algorithms by which Auth0 lets a client sign its assertions. */
export type ClientAssertionSigningAlg = 'RS256' | 'RS384' | 'PS256';

/** The secret stays in this closure, where neither `util.inspect` nor JSON of the strategy reaches it. */
export function clientSecretPost(clientID: string, clientSecret: string): ClientAuthentication {
  return () => Promise.resolve({ client_id: clientID, client_secret: clientSecret });
}
