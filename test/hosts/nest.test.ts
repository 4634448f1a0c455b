import session from 'express-session';
import { nestHost } from './adapters/nest.js';
import { testHost } from './scenarios.js';
import { SlowStore } from './slow-store.js';

testHost(
  nestHost('Nest 11, express-session', () => [
    session({ secret: 'test', resave: false, saveUninitialized: false, store: new SlowStore() }),
  ]),
);
