import Strategy from 'passport-auth0';
import { type CreateCandidate, throughPassport } from '../candidate.js';
import { CLIENT_ID, CLIENT_SECRET, NONCE } from '../stub-client.js';

/** Its callback, with `state` as it is by default and the scope `openid`: it checks the claims of the ID token. */
const create: CreateCandidate = (origin) => {
  const strategy = new Strategy(
    {
      domain: new URL(origin).host,
      clientID: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      callbackURL: 'https://app.example/callback',
    },
    (_accessToken, _refreshToken, _params, profile, done) => {
      done(null, { id: profile.id });
    },
  );
  const callback = throughPassport(strategy);
  const session = () => ({
    'oauth2:localhost': { state: 'a-state' },
    authParams: { scope: 'openid profile email', nonce: NONCE },
  });
  const query = { code: 'a-code', state: 'a-state' };
  return () => callback({ method: 'GET', url: '/callback', headers: {}, query, session: session() });
};

export default create;
