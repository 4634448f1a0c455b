import { setFlagsFromString } from 'node:v8';
import { createContext, runInContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createTurns } from '../../lib/transaction/turns.js';
import { settled } from '../support/errors.js';

test('what comes while another waits has its turn after that one, whatever has ended meanwhile', async () => {
  const inTurn = createTurns();
  const seen: string[] = [];
  const end = new Map<string, () => void>();
  const act = (name: string) =>
    inTurn('the-key', () => {
      seen.push(`${name} begins`);
      return new Promise<void>((resolve) => end.set(name, resolve)).then(() => void seen.push(`${name} ends`));
    });

  const first = act('first');
  const second = act('second');
  await settled();
  end.get('first')?.();
  await first;
  const third = act('third');
  await settled();
  end.get('second')?.();
  await second;
  await settled();
  end.get('third')?.();
  await third;
  expect(seen).toEqual([
    ...['first begins', 'first ends'],
    ...['second begins', 'second ends'],
    ...['third begins', 'third ends'],
  ]);
});

test('what has had its turn leaves nothing behind', async () => {
  setFlagsFromString('--expose-gc');
  const collect = runInContext('gc', createContext()) as () => void;
  const inTurn = createTurns();

  const left: WeakRef<object>[] = [];
  for (let key = 0; key < 100; key += 1) {
    left.push(new WeakRef(await inTurn(`key ${key}`, () => Promise.resolve({}))));
  }
  await settled();
  collect();
  // The newest may still be on the stack of the machine.
  expect(left.filter((each) => each.deref() !== undefined).length).toBeLessThanOrEqual(3);
  expect(await inTurn('key 0', () => Promise.resolve('again'))).toBe('again');
});
