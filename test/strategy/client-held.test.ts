import { describe, expect, test } from 'vitest';
import { hostileAuth0 } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, post, start } from '../support/strategy.js';

const JSON_BODY = { 'content-type': 'application/json' };

/** A client that was told to prove a second factor, and the strategy with which it does. */
async function atSecondFactor(session?: object) {
  const answers = {
    status: 403,
    body: { error: 'mfa_required', error_description: '', mfa_token: 'a-token' } as object,
  };
  const strategy = createStrategy({ store: 'client', dispatcher: hostileAuth0({ '/oauth/token': () => answers }) });
  const request = (body: object) => ({ ...post(body, undefined, JSON_BODY), session });
  const begun = request(ADDRESS);
  await authenticate(strategy, begun, start);
  const { transaction } = (await strategy.pending(begun)) ?? {};
  const [action] = await authenticate(strategy, request({ ...CODE, transaction }));
  return { action, answers, request, strategy };
}

describe('a login that the client holds', () => {
  test('is found if the app keeps the raw body as req.raw', async () => {
    const strategy = createStrategy({ store: 'client' });
    const request = { ...post(ADDRESS, undefined, JSON_BODY), raw: Buffer.from('{}') };
    expect(await authenticate(strategy, request, start)).toEqual([['pass']]);
    expect(await strategy.pending(request)).toMatchObject({ stage: 'code' });
  });

  test("is found by the handler of a request that returns new headers each time, as Fastify's does", async () => {
    const strategy = createStrategy({ store: 'client' });
    const raw = { headers: JSON_BODY };
    const request = {
      ...post(ADDRESS, undefined),
      raw,
      get headers() {
        return { ...raw.headers };
      },
    };
    await authenticate(strategy, request, start);
    expect(await strategy.pending(request)).toMatchObject({ stage: 'code' });
  });

  test('reaches the second factor without a session', async () => {
    const { action } = await atSecondFactor();
    expect(action).toMatchObject(['fail', { code: 'mfa_required', transaction: expect.any(String) as string }, 401]);
  });

  test('leaves an existing session alone', async () => {
    const untouched = () => {
      throw new Error('The session was touched.');
    };
    const { action } = await atSecondFactor({ save: untouched, regenerate: untouched });
    expect(action).toMatchObject(['fail', { code: 'mfa_required' }, 401]);
  });

  test('is not returned once it has expired', async () => {
    const { action, answers, request, strategy } = await atSecondFactor();
    const { transaction } = action?.[1] as { transaction: string };
    Object.assign(answers, {
      status: 401,
      body: { error: 'expired_token', error_description: 'mfa_token is expired' },
    });
    const [expired] = await authenticate(strategy, request({ ...CODE, transaction }));
    expect(expired).toMatchObject(['fail', { code: 'mfa_expired' }, 401]);
    expect(expired?.[1]).not.toHaveProperty('transaction');
  });
});
