import { AuthenticationClient } from 'auth0/legacy';
import { type CreateCandidate, nextCode } from '../candidate.js';
import { CLIENT_ID, CLIENT_SECRET, EMAIL } from '../stub-client.js';

/** The authentication client that `auth0` 7 still carries. It checks the ID token and its signature, and returns the tokens. */
const create: CreateCandidate = (origin) => {
  const client = new AuthenticationClient({
    domain: new URL(origin).host,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
  });
  return async () => {
    const { data } = await client.passwordless.loginWithEmail({ email: EMAIL, code: nextCode() });
    return data.id_token;
  };
};

export default create;
