import { onTestFinished, test } from 'vitest';
import { fastifyHosts, stored } from './adapters/fastify.js';
import { expectToSignIn, setUpDocumented } from './documented.js';
import { createApp } from './recipes/fastify-app.js';
import { testHost } from './scenarios.js';

fastifyHosts.forEach(testHost);

test('the app of the documentation signs in', async () => {
  const { tenant, strategy } = await setUpDocumented();
  const app = createApp(strategy, stored());
  app.log.level = 'silent';
  onTestFinished(() => app.close());
  await expectToSignIn(await app.listen({ port: 0, host: '127.0.0.1' }), tenant);
});
