import * as client from 'openid-client';
import { type CreateCandidate, nextCode } from '../candidate.js';
import { CLIENT_ID, CLIENT_SECRET, EMAIL } from '../stub-client.js';

/** With the check of the ID token's signature, which it leaves out unless it is asked to. */
const create: CreateCandidate = async (origin) => {
  const config = await client.discovery(new URL(origin), CLIENT_ID, undefined, client.ClientSecretPost(CLIENT_SECRET));
  client.enableNonRepudiationChecks(config);
  return async () => {
    const tokens = await client.genericGrantRequest(config, 'http://auth0.com/oauth/grant-type/passwordless/otp', {
      username: EMAIL,
      realm: 'email',
      otp: nextCode(),
      scope: 'openid profile email',
    });
    return { id: tokens.claims()?.sub };
  };
};

export default create;
