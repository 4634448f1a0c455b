import { describe, expect, test } from 'vitest';
import { ADDRESS, authenticate, CODE, createStrategy, pendingSession, post, start } from '../support/strategy.js';

const [older, newer, other] = ['older', 'newer', 'other'].map((name) => `${name} secret of 32 bytes or more`) as [
  string,
  string,
  string,
];

/** What a login that was begun under one transactionSecret comes to under another. */
async function begunAndFinished(before: string | string[] | undefined, after: string | string[] | undefined) {
  const session = await pendingSession(createStrategy({ transactionSecret: before }));
  const [[name, info] = []] = await authenticate(createStrategy({ transactionSecret: after }), post(CODE, session));
  return name === 'success' ? name : (info as { code: string }).code;
}

describe('a transaction from before a rotation of transactionSecret', () => {
  test.each<[string, string | string[] | undefined, string | string[] | undefined, string]>([
    ['finishes, where the old one is still accepted', older, [newer, older], 'success'],
    ['finishes, after the old one was first of a list', [older], [newer, older], 'success'],
    ['finishes in a process that has the new one second', [newer, older], [older, newer], 'success'],
    [
      'finishes, where clientSecret was what it was derived from',
      undefined,
      [newer, 'a client secret of 32 bytes or more'],
      'success',
    ],
    ['is transaction_invalid, where none of them sealed it', older, [newer, other], 'transaction_invalid'],
    ['is transaction_invalid in a process that has only the old one', [newer, older], older, 'transaction_invalid'],
    ['is transaction_invalid, where the default took its place', older, undefined, 'transaction_invalid'],
  ])('%s', async (_what, before, after, outcome) => {
    expect(await begunAndFinished(before, after)).toBe(outcome);
  });

  test('is sealed with the newest secret from its next step on', async () => {
    const session = await pendingSession(createStrategy({ transactionSecret: older }));
    const both = createStrategy({ transactionSecret: [newer, older] });
    await authenticate(both, post({}, session), { action: 'resend' });
    const only = createStrategy({ transactionSecret: newer });
    const [[name] = []] = await authenticate(only, post(CODE, session));
    expect(name).toBe('success');
  });
});

test('a start replaces a transaction that no secret opens', async () => {
  const session = await pendingSession(createStrategy({ transactionSecret: older }));
  const strategy = createStrategy({ transactionSecret: newer });
  expect(await strategy.pending(post({}, session))).toBeUndefined();
  expect(await authenticate(strategy, post(ADDRESS, session), start)).toEqual([['pass']]);
  expect(await strategy.pending(post({}, session))).toMatchObject({ stage: 'code' });
});
