import { AsyncLocalStorage } from 'node:async_hooks';
import { channel, tracingChannel } from 'node:diagnostics_channel';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { traced } from '../../lib/auth0/tracing.js';
import { PasswordlessError } from '../../lib/errors.js';
import { diagnostics, listenTo, OUTCOME, REQUEST } from '../support/diagnostics.js';
import { dispatcherOf } from '../support/dispatcher.js';
import { hostileAuth0 } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, pendingSession, post, start } from '../support/strategy.js';
import { errorFrom, settled } from '../support/errors.js';

const duration = expect.any(Number) as number;
const base = { strategy: 'auth0-passwordless', duration };
const message = () => ({ method: 'POST', origin: 'https://acme.eu.auth0.com', endpoint: '/oauth/token' });

/** Errors that nothing catches, in place of Vitest's own count of them. */
function uncaught(): unknown[] {
  const errors: unknown[] = [];
  const [event, others] = ['uncaughtException', process.listeners('uncaughtException')] as const;
  process.removeAllListeners(event);
  process.on(event, (error) => errors.push(error));
  onTestFinished(() => {
    process.removeAllListeners(event);
    for (const each of others) process.on(event, each);
  });
  return errors;
}

describe('the outcome of a request', () => {
  test.each<[string, object, object, object]>([
    ['what lets a request through', ADDRESS, start, { action: 'start', outcome: 'pass' }],
    ['a redirect', ADDRESS, { ...start, pendingRedirect: '/code' }, { action: 'start', outcome: 'redirect' }],
    ['a failure', {}, start, { action: 'start', outcome: 'fail', code: 'identifier_missing', status: 400 }],
    [
      'a failure of the default action',
      CODE,
      {},
      { action: 'verify', outcome: 'fail', code: 'transaction_missing', status: 403 },
    ],
    [
      'an error',
      CODE,
      { stage: 'x' },
      { action: 'verify', outcome: 'error', code: 'configuration_error', status: 500 },
    ],
    [
      "an error of the app's",
      ADDRESS,
      {
        ...start,
        appState: () => {
          throw new Error('ada@example.com');
        },
      },
      { action: 'start', outcome: 'error' },
    ],
  ])('is published once: %s', async (_what, body, options, expected) => {
    const { outcomes } = diagnostics();
    await authenticate(createStrategy(), post(body, {}), options);
    expect(outcomes).toEqual([{ ...base, ...expected }]);
  });

  test("is published before Passport's success, and not again if that throws", async () => {
    const strategy = createStrategy();
    const session = await pendingSession(strategy);
    const { outcomes } = diagnostics();
    const order: unknown[] = [];
    listenTo(OUTCOME, () => order.push('published'));
    await authenticate(strategy, post(CODE, session), {}, (name) => {
      order.push(name);
      if (name === 'success') throw new Error('boom');
    });
    expect(order).toEqual(['published', 'success', 'error']);
    expect(outcomes).toEqual([{ ...base, action: 'verify', outcome: 'success', method: 'code', connection: 'email' }]);
  });

  test('is published for a redirect to the second factor, with its code', async () => {
    const required = () => ({ status: 403, body: { error: 'mfa_required', mfa_token: 'the-mfa-token' } });
    const strategy = createStrategy({ dispatcher: hostileAuth0({ '/oauth/token': required }) });
    const session = await pendingSession(strategy);
    const { outcomes } = diagnostics();
    const save = (done: () => void) => {
      done();
    };
    await authenticate(strategy, post(CODE, { ...session, save }), { mfaRedirect: '/mfa' });
    expect(outcomes).toEqual([{ ...base, action: 'verify', outcome: 'redirect', code: 'mfa_required' }]);
  });

  test('has our code for a refused user, whatever verify says', async () => {
    const strategy = createStrategy({}, (_tokens, _profile, done) => {
      done(null, false, { code: 'ada@example.com', message: 'ada@example.com' });
    });
    const session = await pendingSession(strategy);
    const { outcomes } = diagnostics();
    await authenticate(strategy, post(CODE, session));
    expect(outcomes).toEqual([{ ...base, action: 'verify', outcome: 'fail', code: 'refused', status: 401 }]);
  });
});

describe('a call to Auth0', () => {
  test('is traced from start to end, with its result', async () => {
    const { requests } = diagnostics();
    await authenticate(createStrategy(), post(ADDRESS, {}), start);
    expect(requests.map(([phase]) => phase)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
    const [[, said] = []] = requests;
    expect(said).toEqual({ ...message(), endpoint: '/passwordless/start', duration, status: 200, result: undefined });
  });

  test('that fails is traced with its code, and nothing else of the error', async () => {
    const { requests } = diagnostics();
    const cause = new Error('ada@example.com');
    const error = new PasswordlessError('transport_error', 'ada@example.com', { cause });
    expect(await errorFrom(() => traced(message(), () => Promise.reject(error)))).toBe(error);
    expect(requests.map(([phase]) => phase)).toEqual(['start', 'end', 'error', 'asyncStart', 'asyncEnd']);
    const [, said] = requests.at(-1) ?? [];
    expect(said).toMatchObject({
      code: 'transport_error',
      error: { code: 'transport_error', message: 'transport_error' },
    });
    expect(said?.error).not.toHaveProperty('cause');
  });

  test("that fails with an error of the app's own is traced without its details", async () => {
    const { requests } = diagnostics();
    const error = new Error('ada@example.com');
    expect(await errorFrom(() => traced(message(), () => Promise.reject(error)))).toBe(error);
    const [, said] = requests.at(-1) ?? [];
    expect(said).toEqual({ ...message(), duration, error: new Error('The call failed.') });
  });

  test('works without a subscriber', async () => {
    const said = message();
    expect(await traced(said, () => Promise.resolve(7))).toBe(7);
    expect(said).toEqual(message());
  });

  test('runs in the context that a tracer has bound', async () => {
    const spans = new AsyncLocalStorage<string>();
    const { start: began } = tracingChannel<unknown, object>('passport-auth0-passwordless:request');
    began.bindStore(spans, () => 'span');
    onTestFinished(() => {
      began.unbindStore(spans);
    });
    expect(await traced(message(), () => Promise.resolve(spans.getStore()))).toBe('span');
  });

  test.each([
    ['as Auth0 has them', '8f1c2d3e4b5a69788f1c', true],
    ['of other characters', 'ada@example.com', false],
    ['with something before them', 'ada 8f1c2d3e4b5a6978', false],
    ['with something after them', '8f1c2d3e4b5a6978 ada', false],
    ['as a list', ['8f1c2d3e4b5a6978'], false],
  ])('is traced with request ids %s', async (_what, requestId, isTold) => {
    const { requests } = diagnostics();
    const request = () =>
      Promise.resolve({ statusCode: 200, headers: { 'x-auth0-requestid': requestId }, body: [Buffer.from('{}')] });
    await authenticate(createStrategy({ dispatcher: dispatcherOf(request) }), post(ADDRESS, {}), start);
    expect(requests.at(-1)?.[1].requestId).toBe(isTold ? requestId : undefined);
  });
});

test.each([OUTCOME, ...['start', 'end', 'asyncStart', 'asyncEnd'].map((phase) => `${REQUEST}:${phase}`)])(
  'a subscriber that throws breaks no login: %s',
  async (name) => {
    const errors = uncaught();
    const boom = new Error('boom');
    listenTo(name, () => {
      throw boom;
    });
    const strategy = createStrategy();
    const session = await pendingSession(strategy);
    expect(await authenticate(strategy, post(CODE, session))).toMatchObject([['success', { id: 'email|ada' }, {}]]);
    await settled();
    // It is Node's to report, as it does for every channel.
    expect(errors.length).toBeGreaterThan(0);
    expect(new Set(errors)).toEqual(new Set([boom]));
  },
);

test('without a subscriber, no message is built', async () => {
  const publish = vi.spyOn(channel(OUTCOME), 'publish');
  onTestFinished(() => {
    publish.mockRestore();
  });
  await authenticate(createStrategy(), post(ADDRESS, {}), start);
  expect(publish).not.toHaveBeenCalled();
});
