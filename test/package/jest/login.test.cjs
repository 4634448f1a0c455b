// Jest as it comes: CommonJS, no transform of node_modules, no flags.

const library = require('passport-auth0-passwordless');
const testing = require('passport-auth0-passwordless/testing');

test('the packed package signs a user in', async () => {
  const tenant = await testing.startLocalTenant();
  const { domain, clientID, clientSecret } = tenant;
  const strategy = new library.PasswordlessStrategy(
    { domain, clientID, clientSecret },
    async (_tokens, profile) => profile,
  );
  const session = {};
  const request = (options, body) =>
    new Promise((resolve, reject) => {
      const actions = { success: resolve, fail: reject, redirect: reject, pass: resolve, error: reject };
      const instance = Object.assign(Object.create(strategy), actions);
      instance.authenticate({ method: 'POST', headers: {}, body, session }, options);
    });

  await request(library.start(), { email: 'ada@example.com' });
  const user = await request(library.verify(), { otp: tenant.inbox.latest('ada@example.com').code });
  expect(user.emails).toEqual([{ value: 'ada@example.com', verified: true }]);

  await strategy.auth0.close();
  await tenant.close();
});
