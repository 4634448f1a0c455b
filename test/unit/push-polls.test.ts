import { expect, onTestFinished, test, vi } from 'vitest';
import { PasswordlessError } from '../../lib/errors.js';
import { PushPolls } from '../../lib/flows/push-polls.js';
import { passwordlessErrorFrom } from '../support/errors.js';

function setUp() {
  vi.useFakeTimers({ toFake: ['Date'] });
  onTestFinished(() => void vi.useRealTimers());
  const polls = new PushPolls();
  const answers: unknown[] = [];
  let calls = 0;
  const poll = (id = 'a') =>
    polls.poll(id, () => {
      calls += 1;
      const answer = answers.shift() ?? new PasswordlessError('mfa_pending');
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    });
  return {
    answers,
    poll,
    calls: () => calls,
    retryAfter: async (id?: string) => {
      const error = await passwordlessErrorFrom(() => poll(id));
      expect(error).toMatchObject({ code: 'mfa_pending', status: 401 });
      return error.retryAfter;
    },
    pass: (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1000),
  };
}

test('an early poll is answered without a request to Auth0', async () => {
  const { calls, pass, retryAfter } = setUp();
  expect(await retryAfter()).toBe(5);
  expect(await retryAfter()).toBe(5);
  pass(3.5);
  expect(await retryAfter()).toBe(2);
  expect(calls()).toBe(1);
  pass(1.5);
  expect(await retryAfter()).toBe(5);
  expect(calls()).toBe(2);
});

test('there are at most 12 requests a minute, however often the app polls', async () => {
  const { calls, pass, retryAfter } = setUp();
  for (let tenths = 0; tenths < 600; tenths += 1) {
    await retryAfter();
    pass(0.1);
  }
  expect(calls()).toBe(12);
});

test('each slow_down makes the interval five seconds longer', async () => {
  const { answers, calls, pass, retryAfter } = setUp();
  const slowDown = () => new PasswordlessError('mfa_pending', undefined, { retryAfter: 5 });
  answers.push(slowDown(), slowDown());
  expect(await retryAfter()).toBe(10);
  pass(10);
  expect(await retryAfter()).toBe(15);
  pass(14);
  expect(await retryAfter()).toBe(1);
  pass(1);
  expect(await retryAfter()).toBe(15);
  expect(calls()).toBe(3);
});

test('logins do not wait for each other', async () => {
  const { calls, retryAfter } = setUp();
  await retryAfter('a');
  await retryAfter('b');
  expect(calls()).toBe(2);
});

test('a poll passes on the response, and any other error', async () => {
  const { answers, pass, poll } = setUp();
  answers.push(new PasswordlessError('transport_error'), { access_token: 'a' });
  await expect(poll()).rejects.toMatchObject({ code: 'transport_error' });
  pass(5);
  await expect(poll()).resolves.toEqual({ access_token: 'a' });
});

test('at most 10,000 logins are remembered, and the oldest is dropped first', async () => {
  const { calls, retryAfter } = setUp();
  for (let id = 0; id <= 10_000; id += 1) await retryAfter(String(id));
  await retryAfter('1');
  await retryAfter('10000');
  expect(calls()).toBe(10_001);
  await retryAfter('0');
  expect(calls()).toBe(10_002);
});
