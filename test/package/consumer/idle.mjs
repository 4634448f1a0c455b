import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import 'passport-auth0-passwordless/testing';

// Nobody closes this one: an app that only starts and stops must end all the same.
new PasswordlessStrategy({ domain: 'acme.eu.auth0.com', clientID: 'id', clientSecret: 'secret' }, () => undefined);
