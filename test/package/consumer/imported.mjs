import * as library from 'passport-auth0-passwordless';
import * as testing from 'passport-auth0-passwordless/testing';
import { login } from './login.cjs';

const user = await login(library, testing);
console.log(JSON.stringify({ library: Object.keys(library).sort(), testing: Object.keys(testing), user }));
