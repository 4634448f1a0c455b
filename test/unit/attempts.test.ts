import { describe, expect, test } from 'vitest';
import { PasswordlessError } from '../../lib/errors.js';
import { createAttempts } from '../../lib/flows/attempts.js';
import { failOrThrow, type Outcome } from '../../lib/outcome.js';
import { errorFrom, settled, shown } from '../support/errors.js';

const done: Outcome = { action: 'success', user: { id: 1 }, info: { connection: 'email', method: 'code' } };

/** Steps that count how often they are taken; the exchange waits for `answer`. */
function counted() {
  const counts = { exchange: 0, spent: 0, signIn: 0 };
  let answer: (response: object | Error) => void = () => undefined;
  const response = new Promise<Record<string, unknown>>((resolve, reject) => {
    answer = (value) => {
      if (value instanceof Error) reject(value);
      else resolve({ ...value });
    };
  });
  const steps = {
    exchange: () => ((counts.exchange += 1), response),
    failed: failOrThrow,
    spent: () => ((counts.spent += 1), Promise.resolve()),
    signIn: () => ((counts.signIn += 1), Promise.resolve(done)),
  };
  return {
    counts,
    steps,
    answer: (value: object | Error) => {
      answer(value);
    },
  };
}

describe('two requests with one code', () => {
  test('share exchange and outcome, and each tidies its own session', async () => {
    const share = createAttempts();
    const { counts, steps, answer } = counted();
    const both = [share('key', steps), share('key', steps)];
    answer({});
    expect(await Promise.all(both)).toEqual([done, done]);
    expect(counts).toEqual({ exchange: 1, spent: 2, signIn: 1 });
  });

  test('share it even where the second comes while the first is being signed in', async () => {
    const share = createAttempts();
    const { counts, steps, answer } = counted();
    let finish: (outcome: Outcome) => void = () => undefined;
    const signIn = () => (
      (counts.signIn += 1),
      new Promise<Outcome>((resolve) => {
        finish = resolve;
      })
    );
    const first = share('key', { ...steps, signIn });
    answer({});
    await settled();
    const second = share('key', { ...steps, signIn });
    await settled();
    finish(done);
    expect(await Promise.all([first, second])).toEqual([done, done]);
    expect(counts).toEqual({ exchange: 1, spent: 2, signIn: 1 });
  });

  test('share it with a third, which comes when the first of them is done', async () => {
    const share = createAttempts();
    const { counts, steps, answer } = counted();
    let go: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => {
      go = resolve;
    });
    const first = share('key', steps);
    const second = share('key', { ...steps, spent: () => waits });
    answer({});
    await first;
    const third = share('key', steps);
    go();
    expect(await Promise.all([second, third])).toEqual([done, done]);
    expect(counts).toMatchObject({ exchange: 1, signIn: 1 });
  });

  test('share a failure', async () => {
    const share = createAttempts();
    const { counts, steps, answer } = counted();
    const both = [share('key', steps), share('key', steps)];
    answer(new PasswordlessError('wrong_code'));
    expect(await Promise.all(both)).toMatchObject([{ info: { code: 'wrong_code' } }, { info: { code: 'wrong_code' } }]);
    expect(counts).toEqual({ exchange: 1, spent: 0, signIn: 0 });
  });

  test('share an error', async () => {
    const share = createAttempts();
    const { steps, answer } = counted();
    const down = new PasswordlessError('timeout');
    const both = [share('key', steps), share('key', steps)].map((one) => errorFrom(() => one));
    answer(down);
    expect(await Promise.all(both)).toEqual([down, down]);
  });

  test('do not share the fault of one session', async () => {
    const share = createAttempts();
    const { counts, steps, answer } = counted();
    const down = new Error('the session store is down');
    const first = errorFrom(() => share('key', { ...steps, spent: () => Promise.reject(down) }));
    const second = share('key', steps);
    answer({});
    expect([await first, await second]).toEqual([down, done]);
    expect(counts).toMatchObject({ exchange: 1, signIn: 1 });
  });
});

test('requests with different keys share nothing', async () => {
  const share = createAttempts();
  const { counts, steps, answer } = counted();
  answer({});
  await Promise.all([share('one', steps), share('other', steps)]);
  expect(counts).toEqual({ exchange: 2, spent: 2, signIn: 2 });
});

test.each<[string, object | Error]>([
  ['a login', {}],
  ['a failure', new PasswordlessError('wrong_code')],
])('nothing is remembered after %s', async (_what, response) => {
  const share = createAttempts();
  const { counts, steps, answer } = counted();
  answer(response);
  await share('key', steps);
  await share('key', steps);
  expect(counts.exchange).toBe(2);
});

test('no log shows the codes and tokens of the attempts under way', async () => {
  const share = createAttempts();
  const { steps, answer } = counted();
  const attempt = share('the-id 123456', steps);
  answer({ access_token: 'the-access-token' });
  expect(shown(share)).not.toMatch(/123456|the-access-token/);
  await attempt;
});
