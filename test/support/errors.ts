import { inspect } from 'node:util';
import { isPasswordlessError, type PasswordlessError } from '../../lib/errors.js';

/** The error that `act` throws or rejects with; fails the test where there is none. */
export async function errorFrom(act: () => unknown): Promise<unknown> {
  try {
    await act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

/** The same, where it must be an error of the package. */
export async function passwordlessErrorFrom(act: () => unknown): Promise<PasswordlessError> {
  const error = await errorFrom(act);
  if (!isPasswordlessError(error)) throw new Error('not a PasswordlessError', { cause: error });
  return error;
}

/** Everything that a log could come to hold of `value`: all of `util.inspect`, JSON, and of errors text and stack. */
export function shown(value: unknown): string {
  const texts = [
    inspect(value, { showHidden: true, depth: Infinity, maxStringLength: Infinity }),
    JSON.stringify(value),
  ];
  for (let error = value; error instanceof Error; error = error.cause) texts.push(String(error), error.stack ?? '');
  return texts.join('\n');
}

/** Lets everything that is ready run; no test waits for an amount of time. */
export function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
