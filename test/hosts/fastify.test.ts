import cookie from '@fastify/cookie';
import secureSession from '@fastify/secure-session';
import session from '@fastify/session';
import { fastifyHost } from './adapters/fastify.js';
import { testHost } from './scenarios.js';
import { SlowStore } from './slow-store.js';

const secret = 'test'.repeat(8);

testHost(
  fastifyHost('Fastify, @fastify/session', 'store', (app) => {
    app.register(cookie);
    app.register(session, { secret, cookie: { secure: false }, store: new SlowStore() });
  }),
);

testHost(
  fastifyHost('Fastify, @fastify/secure-session', 'cookie', (app) => {
    app.register(secureSession, { key: Buffer.alloc(32, 1), cookie: { path: '/' } });
  }),
);
