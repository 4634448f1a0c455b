import { importJWK, jwtVerify, type JWK } from 'jose';
import { Pool } from 'undici';
import { type CreateCandidate, nextCode } from '../candidate.js';
import { CLIENT_ID, CLIENT_SECRET, EMAIL } from '../stub-client.js';

/** The least that a login can be: one POST, the signature and the claims of the ID token checked, with a key imported once. */
const create: CreateCandidate = async (origin) => {
  const pool = new Pool(origin);
  const published = await pool.request({ method: 'GET', path: '/.well-known/jwks.json' });
  const { keys } = (await published.body.json()) as { keys: [JWK] };
  const key = await importJWK(keys[0], 'RS256');
  const expected = { issuer: `${origin}/`, audience: CLIENT_ID, algorithms: ['RS256'] };

  return async () => {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        username: EMAIL,
        realm: 'email',
        otp: nextCode(),
        scope: 'openid profile email',
      }).toString(),
    });
    if (statusCode !== 200) throw new Error(`/oauth/token: ${statusCode}`);
    const { id_token } = (await body.json()) as { id_token: string };
    const { payload } = await jwtVerify(id_token, key, expected);
    return { id: payload.sub };
  };
};

export default create;
