import { expect, test } from 'vitest';
import { append, remember } from '../../lib/testing/bounded.js';

test('forgets the oldest entry of a full map; one that is set again is new', () => {
  const map = new Map<string, number>();
  remember(map, 'a', 1, 2);
  remember(map, 'b', 2, 2);
  remember(map, 'a', 3, 2);
  expect([...map.keys()]).toEqual(['b', 'a']);
  remember(map, 'c', 4, 2);
  expect([...map]).toEqual([
    ['a', 3],
    ['c', 4],
  ]);
});

test('forgets the oldest items of a full array, also those that others put there', () => {
  const array = [1, 2, 3, 4];
  append(array, 5, 3);
  expect(array).toEqual([3, 4, 5]);
});
