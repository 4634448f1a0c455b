import { AuthClient } from '@auth0/auth0-auth-js';
import { type CreateCandidate, nextCode } from '../candidate.js';
import { CLIENT_ID, CLIENT_SECRET, EMAIL } from '../stub-client.js';

/** It checks the claims of the ID token, not its signature. */
const create: CreateCandidate = (origin) => {
  const client = new AuthClient({
    domain: new URL(origin).host,
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
  });
  return async () => {
    const { claims } = await client.getTokenByPasswordlessEmail({
      email: EMAIL,
      code: nextCode(),
      scope: 'openid profile email',
    });
    return { id: claims?.sub };
  };
};

export default create;
