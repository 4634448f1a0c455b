import type { AnyOptions } from './options.js';
import { isText } from './values.js';

type OptionName = keyof AnyOptions;

/** Checks of the strategy's options: each throws a `TypeError` that names the option and the remedy. */
export function check(valid: boolean, option: string, remedy: string): asserts valid {
  if (!valid) throw new TypeError(`PasswordlessStrategy: ${option} ${remedy}.`);
}

export function text(options: AnyOptions, name: OptionName): string | undefined {
  const value: unknown = options[name];
  check(value === undefined || isText(value), name, 'must be a non-empty string');
  return value;
}

export function flag(options: AnyOptions, name: OptionName): boolean | undefined {
  const value: unknown = options[name];
  check(value === undefined || typeof value === 'boolean', name, 'must be a boolean');
  return value;
}

/** The longest time that a timer of Node waits; anything over it fires at once. */
const MAX_AMOUNT = 2 ** 31 - 1;

export function amount(options: AnyOptions, name: OptionName, unit: string, min = 0): number | undefined {
  const value: unknown = options[name];
  const valid = value === undefined || (typeof value === 'number' && value >= min && value <= MAX_AMOUNT);
  check(valid, name, `must be a number of ${unit}, from ${min} to ${MAX_AMOUNT}`);
  return value;
}

export function oneOf<const V>(options: AnyOptions, name: OptionName, values: readonly V[]): V | undefined {
  const value = options[name] as V | undefined;
  check(value === undefined || values.includes(value), name, `must be one of ${values.join(', ')}`);
  return value;
}
