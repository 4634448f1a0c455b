'use strict';

const { Passport } = require('passport');

/** One login by code against the local tenant, through Passport and without a host. Resolves to the user's address. */
exports.login = async function login({ PasswordlessStrategy, start, verify }, { startLocalTenant }) {
  const tenant = await startLocalTenant();
  const { domain, clientID, clientSecret } = tenant;
  const strategy = new PasswordlessStrategy({ domain, clientID, clientSecret }, async (_tokens, profile) => profile);
  const passport = new Passport().use(strategy);
  const session = {};

  /** Resolves to the user, or to nothing where the route's own handler is to answer. */
  const post = (options, body) =>
    new Promise((resolve, reject) => {
      const answer = (error, user, info) => (user ? resolve(user) : reject(error ?? new Error(info.message)));
      const handler = passport.authenticate(strategy.name, options, answer);
      handler({ method: 'POST', headers: {}, body, session }, {}, resolve);
    });

  await post(start(), { email: 'ada@example.com' });
  const user = await post(verify(), { otp: tenant.inbox.latest('ada@example.com').code });
  await strategy.auth0.close();
  await tenant.close();
  return user.emails[0].value;
};
