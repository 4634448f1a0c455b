import { describe, expect, test } from 'vitest';
import { FAILURES } from '../../lib/errors.js';
import type { MessageContext, StrategyOptions } from '../../lib/options.js';
import type { VerifyFunction } from '../../lib/verify.js';
import { ADDRESS, authenticate, CODE, createStrategy, pendingSession, post, start } from '../support/strategy.js';
import { errorFrom } from '../support/errors.js';

type Messages = NonNullable<StrategyOptions['messages']>;

/** What a start without an address fails with. */
async function failure(messages: unknown) {
  const [[name, said] = []] = await authenticate(
    createStrategy({ messages: messages as Messages }),
    post({}, {}),
    start,
  );
  return [name, said] as [string, { code?: string; message?: unknown }];
}

/** What a code fails with that `verify` refuses. */
async function refusal(info: object | string | undefined, messages: Messages) {
  const verify: VerifyFunction = (_tokens, _profile, done) => {
    done(null, false, info);
  };
  const strategy = createStrategy({ messages }, verify);
  const [action] = await authenticate(strategy, post(CODE, await pendingSession(strategy)));
  return action;
}

const english = FAILURES.identifier_missing[1];

test('messages receives code, request and failure, and returns the message', async () => {
  const asked: [string, MessageContext][] = [];
  const strategy = createStrategy({
    messages: (code, context) => {
      asked.push([code, context]);
      return 'Bitte Adresse eingeben.';
    },
  });
  const req = post({}, {});
  expect(await authenticate(strategy, req, start)).toEqual([
    ['fail', { code: 'identifier_missing', message: 'Bitte Adresse eingeben.' }, 400],
  ]);
  expect(asked).toEqual([['identifier_missing', { req, info: { code: 'identifier_missing', message: english } }]]);
  expect(asked[0]?.[1].req).toBe(req);
});

test.each([undefined, null, '', false, 0])(
  'where it returns nothing (%j), the English message stays',
  async (nothing) => {
    expect(await failure(() => nothing)).toEqual(['fail', { code: 'identifier_missing', message: english }]);
  },
);

test.each<[string, unknown]>([
  ['a promise', Promise.resolve('später')],
  ['a number', 7],
  ['an object', { de: 'Nein' }],
  ['a list', ['Nein']],
  ['true', true],
])('messages that returns %s is a configuration_error that says what to return', async (_what, garbage) => {
  const [name, error] = await failure(() => garbage);
  expect([name, error.code, error.message]).toEqual([
    'error',
    'configuration_error',
    'The option messages must return a string or undefined, and no promise.',
  ]);
});

test('what messages throws reaches the error handler unchanged', async () => {
  const boom = new Error('boom');
  const messages = () => {
    throw boom;
  };
  expect(await failure(messages)).toEqual(['error', boom]);
  const strategy = createStrategy({ messages });
  expect(await errorFrom(() => strategy.mfa.list(post({}, {})))).toBe(boom);
});

test('messages that fails leaves the transaction as it was', async () => {
  const state = { isBroken: true };
  const strategy = createStrategy({
    messages: () => {
      if (state.isBroken) throw new Error('boom');
      return undefined;
    },
  });
  const session = await pendingSession(strategy);
  expect(await authenticate(strategy, post({}, session))).toMatchObject([['error', { message: 'boom' }]]);
  expect(await authenticate(strategy, post(CODE, session))).toMatchObject([['success', { id: 'email|ada' }, {}]]);
});

test('messages also words the errors of strategy.mfa', async () => {
  const strategy = createStrategy({ messages: (code) => `Nein: ${code}` });
  expect(await errorFrom(() => strategy.mfa.list(post({}, {})))).toMatchObject({
    code: 'transaction_missing',
    status: 403,
    message: 'Nein: transaction_missing',
  });
});

test('messages is not called for an error that no user can fix', async () => {
  const strategy = createStrategy({ messages: (code) => `Nein: ${code}` });
  const [[name, error] = []] = await authenticate(strategy, post(ADDRESS, {}), { action: 'x' as 'start' });
  expect([name, (error as Error).message]).toEqual(['error', expect.stringMatching(/^The option action/)]);
});

describe('the failure of a user whom verify refuses', () => {
  const messages: Messages = (code) => `Nein: ${code}`;

  test('keeps the message of verify', async () => {
    expect(await refusal('Not you.', messages)).toEqual(['fail', { code: 'refused', message: 'Not you.' }, 401]);
    expect(await refusal({ message: 'Not you.' }, messages)).toEqual([
      'fail',
      { code: 'refused', message: 'Not you.' },
      401,
    ]);
  });

  test('keeps the message of verify, whatever its code', async () => {
    for (const code of ['staff_only', 'wrong_code', '__proto__']) {
      expect(await refusal({ code, message: 'Not you.' }, messages)).toEqual([
        'fail',
        { code, message: 'Not you.' },
        401,
      ]);
    }
  });

  test('has the message of messages if verify gives none', async () => {
    expect(await refusal(undefined, messages)).toEqual(['fail', { code: 'refused', message: 'Nein: refused' }, 401]);
    expect(await refusal({ reason: 'x' }, messages)).toEqual([
      'fail',
      { code: 'refused', message: 'Nein: refused', reason: 'x' },
      401,
    ]);
  });
});
