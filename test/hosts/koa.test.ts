import { expect, onTestFinished, test, vi } from 'vitest';
import { koaHosts } from './adapters/koa.js';
import { expectToSignIn, setUpDocumented } from './documented.js';
import { listening } from '../support/host.js';
import { createApp } from './recipes/koa-app.js';
import { testHost } from './scenarios.js';
import { koaStore } from './slow-stores.js';

koaHosts.forEach(testHost);

test('the app of the documentation signs in, and reports what no user can mend', async () => {
  const { tenant, strategy } = await setUpDocumented();
  const app = createApp(strategy, 'test', { store: koaStore() });
  const report = vi.fn();
  const { origin, close } = await listening(app.on('error', report).listen(0, '127.0.0.1'));
  onTestFinished(async () => {
    await close();
  });
  await expectToSignIn(origin, tenant);
  expect(report).toHaveBeenCalledExactlyOnceWith(
    expect.objectContaining({ code: 'configuration_error' }),
    expect.anything(),
  );
});
