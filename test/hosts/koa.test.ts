import { setTimeout } from 'node:timers/promises';
import type { CreateSessionOptions } from 'koa-session';
import { expect, onTestFinished, test, vi } from 'vitest';
import { koaHost } from './adapters/koa.js';
import { expectToSignIn, setUpDocumented } from './documented.js';
import { listening } from './host.js';
import { createApp } from './recipes/koa-app.js';
import { testHost } from './scenarios.js';

/** Asynchronous, as those across the network are. */
function slowStore(): NonNullable<CreateSessionOptions['store']> {
  const sessions = new Map<string, string>();
  return {
    async get(key) {
      await setTimeout(5);
      return JSON.parse(sessions.get(key) ?? 'null') as unknown;
    },
    async set(key, session) {
      const text = JSON.stringify(session);
      await setTimeout(15);
      sessions.set(key, text);
    },
    async destroy(key) {
      await setTimeout(5);
      sessions.delete(key);
    },
  };
}

testHost(koaHost('Koa, koa-session with a store', slowStore));
testHost(koaHost('Koa, koa-session in a cookie'));

test('the app of the documentation signs in, and reports what no user can mend', async () => {
  const { tenant, strategy } = await setUpDocumented();
  const app = createApp(strategy, 'test', { store: slowStore() });
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
