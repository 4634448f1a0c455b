import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { epochSeconds } from '../../lib/time.js';
import { added, isLive, masked, randomID, removed, type Transaction } from '../../lib/transaction/transaction.js';

const NOW = 1_800_000_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 + 999 });
});
afterEach(() => {
  vi.useRealTimers();
});

function pending(id: string, stage: 'code' | 'link' = 'code', expiresAt = NOW + 600): Transaction {
  const identifier = { email: 'ada@example.com' };
  const base = { id, connection: 'email', identifier, scope: 'openid', sentAt: NOW, expiresAt };
  return stage === 'code' ? { ...base, stage } : { ...base, stage, nonce: 'n', callbackURL: 'https://a.example' };
}

const link = (id: string, expiresAt?: number) => pending(id, 'link', expiresAt);
const ids = (transactions: readonly Transaction[]) => transactions.map(({ id }) => id);

describe('one transaction', () => {
  test('a transaction is live until the second in which it expires', () => {
    expect(epochSeconds()).toBe(NOW);
    const live = [NOW + 1, NOW, NOW - 1].map((expiresAt) => isLive(pending('a', 'code', expiresAt)));
    expect(live).toEqual([true, false, false]);
  });

  test('the id of a transaction is random and safe in a URL', () => {
    const made = Array.from({ length: 1000 }, randomID);
    expect(new Set(made).size).toBe(1000);
    for (const id of made) expect(id).toMatch(/^[\w-]{32}$/);
  });
});

describe('the transactions of a browser', () => {
  test('a new code replaces the one before it', () => {
    expect(ids(added([pending('old')], pending('new')))).toEqual(['new']);
  });

  test('a browser keeps the newest three links', () => {
    expect(ids(added([link('1'), link('2'), link('3')], link('4')))).toEqual(['2', '3', '4']);
  });

  test('a browser keeps a code and its links in the order in which they were sent', () => {
    const all = ['1', '2', '3'].reduce<readonly Transaction[]>((kept, id) => added(kept, link(id)), [pending('code')]);
    expect(ids(all)).toEqual(['code', '1', '2', '3']);
    expect(ids(added(all, link('4')))).toEqual(['code', '2', '3', '4']);
    expect(ids(added(all, pending('newer')))).toEqual(['1', '2', '3', 'newer']);
  });

  test('expired transactions are dropped, and displace no other', () => {
    const expired = link('expired', NOW - 1);
    expect(ids(added([link('1'), link('2'), expired], link('3')))).toEqual(['1', '2', '3']);
    expect(ids(removed([expired, link('1'), link('2')], '2'))).toEqual(['1']);
  });

  test('a transaction that is added again comes last', () => {
    expect(ids(added([link('1'), link('2')], link('1')))).toEqual(['2', '1']);
  });

  test('the transaction with the given id is removed', () => {
    expect(ids(removed([pending('code'), link('1')], 'code'))).toEqual(['1']);
  });

  test('removing an unknown id returns the same list, so that nothing is written', () => {
    const before = [link('1'), link('expired', NOW - 1)];
    expect(removed(before, 'unknown')).toBe(before);
  });

  test('adding and removing do not alter the given list', () => {
    const before = Object.freeze([Object.freeze(link('1'))]);
    added(before, link('2'));
    removed(before, '1');
    expect(ids(before)).toEqual(['1']);
  });
});

test.each([
  [{ email: 'ada@example.com' }, 'a•••@example.com'],
  [{ email: 'a@example.com' }, 'a•••@example.com'],
  [{ email: '𝒜da@example.com' }, '𝒜•••@example.com'],
  [{ email: 'a@b@example.com' }, 'a•••@example.com'],
  [{ phone_number: '+442079460000' }, '+•••0000'],
  [{ phone_number: '+1234567' }, '+•••4567'],
])('the identifier %j is masked as %s', (identifier, shown) => {
  expect(masked(identifier)).toBe(shown);
});
