import session from 'express-session';
import type { RequestLike, TransactionStore } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { ada, setUp, setUpCode, setUpLink } from '../support/app.js';
import { sessionKey } from '../support/host.js';

/** A store that takes its time, as one across the network does. */
class SlowStore extends session.MemoryStore {
  readonly written: session.SessionData[] = [];

  override set(sid: string, data: session.SessionData, callback?: (error?: unknown) => void) {
    this.written.push(structuredClone(data));
    setTimeout(() => {
      super.set(sid, data, callback);
    }, 50);
  }
}

test('a login leaves no transaction in the session, not even with keepSessionInfo', async () => {
  const store = new SlowStore();
  const { agent, code } = await setUpCode({ store, route: { keepSessionInfo: true } });
  expect(store.written.at(-1)).toHaveProperty(sessionKey);
  await agent.post('/code').send({ otp: code() });
  expect(store.written.at(-1)).toHaveProperty('passport');
  expect(store.written.at(-1)).not.toHaveProperty(sessionKey);
});

test('the session holds no address, code, state or secret in the clear', async () => {
  const store = new SlowStore();
  const { tenant } = await setUpLink({ store });
  const link = new URL(tenant.inbox.latest(ada)?.link ?? '');
  const kept = JSON.stringify(store.written);
  for (const secret of [
    ada,
    link.searchParams.get('state') ?? '',
    link.searchParams.get('nonce') ?? '',
    tenant.clientSecret,
  ]) {
    expect(kept).not.toContain(secret);
  }
  expect(kept).toContain('eyJhbGciOiJkaXIi');
});

test('the error of a session store reaches the error handler unchanged', async () => {
  class FullStore extends session.MemoryStore {
    override set(_sid: string, _data: session.SessionData, callback?: (error?: unknown) => void) {
      callback?.(new Error('disk full'));
    }
  }
  const { browser } = await setUp({ store: new FullStore() });
  const response = await browser().post('/start').send({ email: ada });
  expect(response.status).toBe(500);
  expect(response.body).toEqual({ error: { message: 'disk full' } });
});

describe('a transaction', () => {
  /** A transaction store in memory, for one browser, that a test can look into. */
  function memory() {
    const kept: { value?: string | undefined } = {};
    const store: TransactionStore = {
      load: () => Promise.resolve(kept.value),
      save: (_req: RequestLike, value: string) => {
        kept.value = value;
      },
      clear: () => {
        kept.value = undefined;
      },
    };
    return { kept, store };
  }

  test('can live in a store of the app', async () => {
    const { kept, store } = memory();
    const { browser, code } = await setUp({ strategy: { store } });
    await browser().post('/start').send({ email: ada });
    expect(kept.value).toMatch(/^eyJ/);
    expect((await browser().post('/code').send({ otp: code() })).status).toBe(200);
    expect(kept.value).toBeUndefined();
  });

  test('is transaction_invalid if it was altered, and a new start replaces it', async () => {
    const { kept, store } = memory();
    const { browser, code, sent } = await setUp({ strategy: { store } });
    await browser().post('/start').send({ email: ada });
    kept.value = kept.value?.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    for (const path of ['/code', '/resend']) {
      const response = await browser().post(path).send({ otp: code() });
      expect(response).toMatchObject({ status: 403, body: { code: 'transaction_invalid' } });
    }
    const callback = await browser().get('/callback?state=a&code=b');
    expect(callback.body).toMatchObject({ code: 'transaction_invalid' });
    expect((await browser().get('/pending')).body).toEqual({ pending: null });
    expect(sent('/oauth/token')).toHaveLength(0);
    expect((await browser().post('/start').send({ email: ada })).status).toBe(200);
    expect((await browser().post('/code').send({ otp: code() })).status).toBe(200);
  });
});

test('without a session there is a configuration_error that names the middleware', async () => {
  const { strategy } = await setUp();
  await expect(strategy.pending({ headers: {} })).rejects.toMatchObject({
    code: 'configuration_error',
    message: expect.stringContaining('express-session') as string,
  });
});
