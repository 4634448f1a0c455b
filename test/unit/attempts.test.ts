import { describe, expect, test } from 'vitest';
import { PasswordlessError } from '../../lib/errors.js';
import { createAttempts } from '../../lib/flows/attempts.js';
import { failOrThrow, type Outcome } from '../../lib/outcome.js';
import { errorFrom, settled, shown } from '../support/errors.js';
import { deferred } from './deferred.js';

const done: Outcome = { action: 'success', user: { id: 1 }, info: { connection: 'email', method: 'code' } };

/** An attempt's steps, which count their calls; the exchange waits for `response`. */
function setUp() {
  const counts = { exchange: 0, spent: 0, signIn: 0 };
  const response = deferred<Record<string, unknown>>();
  const steps = {
    exchange: () => ((counts.exchange += 1), response.promise),
    failed: failOrThrow,
    spent: () => ((counts.spent += 1), Promise.resolve()),
    signIn: () => ((counts.signIn += 1), Promise.resolve(done)),
  };
  return { counts, steps, response, attempt: createAttempts() };
}

describe('two concurrent requests with one code', () => {
  test('share the exchange and the outcome, and each updates its own session', async () => {
    const { counts, steps, response, attempt } = setUp();
    const both = [attempt('key', steps), attempt('key', steps)];
    response.resolve({});
    expect(await Promise.all(both)).toEqual([done, done]);
    expect(counts).toEqual({ exchange: 1, spent: 2, signIn: 1 });
  });

  test('share the outcome even if the second comes while the first is being signed in', async () => {
    const { counts, steps, response, attempt } = setUp();
    const signedIn = deferred<Outcome>();
    const signIn = () => ((counts.signIn += 1), signedIn.promise);
    const first = attempt('key', { ...steps, signIn });
    response.resolve({});
    await settled();
    const second = attempt('key', { ...steps, signIn });
    await settled();
    signedIn.resolve(done);
    expect(await Promise.all([first, second])).toEqual([done, done]);
    expect(counts).toEqual({ exchange: 1, spent: 2, signIn: 1 });
  });

  test('share the outcome with a third that comes when only the first of them has finished', async () => {
    const { counts, steps, response, attempt } = setUp();
    const saved = deferred();
    const first = attempt('key', steps);
    const second = attempt('key', { ...steps, spent: () => saved.promise });
    response.resolve({});
    await first;
    const third = attempt('key', steps);
    saved.resolve();
    expect(await Promise.all([second, third])).toEqual([done, done]);
    expect(counts).toMatchObject({ exchange: 1, signIn: 1 });
  });

  test('share a failure', async () => {
    const { counts, steps, response, attempt } = setUp();
    const both = [attempt('key', steps), attempt('key', steps)];
    response.reject(new PasswordlessError('wrong_code'));
    expect(await Promise.all(both)).toMatchObject([{ info: { code: 'wrong_code' } }, { info: { code: 'wrong_code' } }]);
    expect(counts).toEqual({ exchange: 1, spent: 0, signIn: 0 });
  });

  test('share an error', async () => {
    const { steps, response, attempt } = setUp();
    const down = new PasswordlessError('timeout');
    const both = [attempt('key', steps), attempt('key', steps)].map((each) => errorFrom(() => each));
    response.reject(down);
    expect(await Promise.all(both)).toEqual([down, down]);
  });

  test("do not share an error of one request's session", async () => {
    const { counts, steps, response, attempt } = setUp();
    const down = new Error('the session store is down');
    const first = errorFrom(() => attempt('key', { ...steps, spent: () => Promise.reject(down) }));
    const second = attempt('key', steps);
    response.resolve({});
    expect([await first, await second]).toEqual([down, done]);
    expect(counts).toMatchObject({ exchange: 1, signIn: 1 });
  });
});

test('requests with different codes share nothing', async () => {
  const { counts, steps, response, attempt } = setUp();
  response.resolve({});
  await Promise.all([attempt('one', steps), attempt('other', steps)]);
  expect(counts).toEqual({ exchange: 2, spent: 2, signIn: 2 });
});

test.each([undefined, new PasswordlessError('wrong_code')])(
  'an attempt that has ended is not remembered (failure: %s)',
  async (failure) => {
    const { counts, steps, response, attempt } = setUp();
    if (failure) response.reject(failure);
    else response.resolve({});
    await attempt('key', steps);
    await attempt('key', steps);
    expect(counts.exchange).toBe(2);
  },
);

test('printing the attempts in progress shows no codes or tokens', async () => {
  const { steps, response, attempt } = setUp();
  const running = attempt('the-id 123456', steps);
  response.resolve({ access_token: 'the-access-token' });
  expect(shown(attempt)).not.toMatch(/123456|the-access-token/);
  await running;
});
