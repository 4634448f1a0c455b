import express5, { type Handler } from 'express';
import express4 from 'express-4';
import cookieSession from 'cookie-session';
import session from 'express-session';
import { expressHost } from './adapters/express.js';
import { forPassport } from './recipes/cookie-session.js';
import { testHost } from './scenarios.js';
import { SlowStore } from './slow-store.js';

const stored = (): Handler[] => [
  session({ secret: 'test', resave: false, saveUninitialized: false, store: new SlowStore() }),
];

const inCookie = (): Handler[] => [cookieSession({ secret: 'test' }), forPassport];

testHost(expressHost('Express 5, express-session', express5, 'store', stored));
testHost(expressHost('Express 4, express-session', express4, 'store', stored));
testHost(expressHost('Express 5, cookie-session', express5, 'cookie', inCookie));
