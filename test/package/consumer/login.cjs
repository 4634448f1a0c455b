'use strict';

const assert = require('node:assert/strict');

/**
 * One login by code against the local tenant, with nothing but the two entry points of the package: what any host does,
 * without a host. Resolves to what Passport would get.
 */
exports.login = async function login({ PasswordlessStrategy, start, verify }, { startLocalTenant }) {
  const tenant = await startLocalTenant();
  const { domain, clientID, clientSecret } = tenant;
  const strategy = new PasswordlessStrategy({ domain, clientID, clientSecret }, async (tokens, profile) => profile);
  const session = {};

  const request = (options, body) =>
    new Promise((resolve, reject) => {
      Object.assign(Object.create(strategy), {
        success: (user, info) => resolve({ action: 'success', user, info }),
        fail: (info) => resolve({ action: 'fail', info }),
        redirect: (url) => resolve({ action: 'redirect', url }),
        pass: () => resolve({ action: 'pass' }),
        error: reject,
      }).authenticate({ method: 'POST', headers: {}, body, session }, options);
    });

  assert.deepEqual(await request(start(), { email: 'ada@example.com' }), { action: 'pass' });
  const { code } = tenant.inbox.latest('ada@example.com');
  const outcome = await request(verify(), { otp: code });
  await strategy.auth0.close();
  await tenant.close();
  assert.equal(outcome.user?.emails[0].value, 'ada@example.com');
  return outcome;
};
