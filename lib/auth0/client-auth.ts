/** Client authentication as members of a request's body: RFC 6749 section 2.3.1, which every endpoint of Auth0 takes. */
export type ClientAuthentication = () => Record<string, string>;

/** The secret stays in this closure, where neither `util.inspect` nor JSON of the strategy reaches it. */
export function clientSecretPost(clientID: string, clientSecret: string): ClientAuthentication {
  return () => ({ client_id: clientID, client_secret: clientSecret });
}
