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
  const base = {
    id,
    connection: 'email',
    identifier: { email: 'ada@example.com' },
    scope: 'openid',
    sentAt: NOW,
    expiresAt,
  };
  return stage === 'code' ? { ...base, stage } : { ...base, stage, nonce: 'n', callbackURL: 'https://a.example' };
}

const link = (id: string, expiresAt?: number) => pending(id, 'link', expiresAt);
const ids = (transactions: readonly Transaction[]) => transactions.map(({ id }) => id);

describe('a pending login', () => {
  test('lives until the second in which it expires', () => {
    expect(epochSeconds()).toBe(NOW);
    expect(isLive(pending('a', 'code', NOW + 1))).toBe(true);
    expect(isLive(pending('a', 'code', NOW))).toBe(false);
    expect(isLive(pending('a', 'code', NOW - 1))).toBe(false);
  });

  test('has an id that cannot be guessed and fits into a URL', () => {
    const made = Array.from({ length: 1000 }, randomID);
    expect(new Set(made).size).toBe(1000);
    for (const id of made) expect(id).toMatch(/^[\w-]{32}$/);
  });
});

describe('of the pending logins', () => {
  test('the newest code takes the place of the one before it', () => {
    expect(ids(added([pending('old')], pending('new')))).toEqual(['new']);
  });

  test('the newest three links stay', () => {
    expect(ids(added([link('1'), link('2'), link('3')], link('4')))).toEqual(['2', '3', '4']);
  });

  test('a code stays beside the links, and all in the order in which they were sent', () => {
    const all = ['1', '2', '3'].reduce<readonly Transaction[]>((kept, id) => added(kept, link(id)), [pending('code')]);
    expect(ids(all)).toEqual(['code', '1', '2', '3']);
    expect(ids(added(all, link('4')))).toEqual(['code', '2', '3', '4']);
    expect(ids(added(all, pending('newer')))).toEqual(['1', '2', '3', 'newer']);
  });

  test('those that are over are dropped, and cost no other its place', () => {
    const over = link('over', NOW - 1);
    expect(ids(added([link('1'), link('2'), over], link('3')))).toEqual(['1', '2', '3']);
    expect(ids(removed([over, link('1'), link('2')], '2'))).toEqual(['1']);
  });

  test('one that is added again comes last', () => {
    expect(ids(added([link('1'), link('2')], link('1')))).toEqual(['2', '1']);
  });

  test('the one that is named is removed', () => {
    expect(ids(removed([pending('code'), link('1')], 'code'))).toEqual(['1']);
  });

  test('what holds none of the name stays the very same, so that nobody writes it', () => {
    const before = [link('1'), link('over', NOW - 1)];
    expect(removed(before, 'unknown')).toBe(before);
  });

  test('none is altered', () => {
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
])('%j is shown as %s', (identifier, shown) => {
  expect(masked(identifier)).toBe(shown);
});
