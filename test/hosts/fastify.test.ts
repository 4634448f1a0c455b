import cookie from '@fastify/cookie';
import secureSession from '@fastify/secure-session';
import session from '@fastify/session';
import { onTestFinished, test } from 'vitest';
import { fastifyHost } from './adapters/fastify.js';
import { expectToSignIn, setUpDocumented } from './documented.js';
import { createApp } from './recipes/fastify-app.js';
import { testHost } from './scenarios.js';
import { SlowStore } from './slow-store.js';

const sessions = () => ({ secret: 'test'.repeat(8), cookie: { secure: false }, store: new SlowStore() });

testHost(
  fastifyHost('Fastify, @fastify/session', 'store', (app) => {
    app.register(cookie);
    app.register(session, { ...sessions(), rolling: false, saveUninitialized: false });
  }),
);

testHost(
  fastifyHost('Fastify, @fastify/secure-session', 'cookie', (app) => {
    app.register(secureSession, { key: Buffer.alloc(32, 1), cookie: { path: '/' } });
  }),
);

test('the app of the documentation signs in', async () => {
  const { tenant, strategy } = await setUpDocumented();
  const app = createApp(strategy, sessions());
  app.log.level = 'silent';
  onTestFinished(() => app.close());
  await expectToSignIn(await app.listen({ port: 0, host: '127.0.0.1' }), tenant);
});
