'use strict';

const library = require('passport-auth0-passwordless');
const testing = require('passport-auth0-passwordless/testing');
const { login } = require('./login.cjs');

login(library, testing).then((user) => {
  console.log(JSON.stringify({ library: Object.keys(library).sort(), testing: Object.keys(testing), user }));
});
