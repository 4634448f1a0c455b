// For Jest as it comes: CommonJS, no transform of node_modules, no flags.
'use strict';

const library = require('passport-auth0-passwordless');
const testing = require('passport-auth0-passwordless/testing');
const { login } = require('./login.cjs');

test('the packed package signs a user in', async () => {
  expect(await login(library, testing)).toBe('ada@example.com');
});
