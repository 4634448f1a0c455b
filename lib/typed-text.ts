import { member } from './request.js';

/**
 * Reads text that a person typed or pasted: without invisible characters, with the digits of any script as ASCII digits, and
 * trimmed; `''` if there is none. Returns undefined if it is not one string, is too long, or has control characters left.
 */
export function readTypedText(source: unknown, name: string, maxLength: number): string | undefined {
  const value = member(source, name) ?? '';
  if (typeof value !== 'string' || value.length > maxLength) return undefined;
  const text = value
    .replace(INVISIBLE, '')
    .replace(/\p{Nd}/gu, toASCIIDigit)
    .trim();
  return /\p{C}/u.test(text) ? undefined : text;
}

/** Zero-width spaces, direction marks and the like (Unicode's Default_Ignorable_Code_Point): people paste them unseen. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Unicode encodes the decimal digits of each script next to each other, from zero to nine. */
function toASCIIDigit(digit: string): string {
  if (digit <= '9') return digit;
  const codePoint = digit.codePointAt(0) ?? 0;
  let value = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(codePoint - value - 1))) value += 1;
  return String(value % 10);
}

const MAX_CODE_LENGTH = 64;

/** Reads a code of digits: `''` if there is none, undefined if it cannot be one. */
export function readOTP(source: unknown, name: string): string | undefined {
  return readCode(source, name, /^\d*$/);
}

/** Reads a recovery code, which has letters: `''` if there is none, undefined if it cannot be one. */
export function readRecoveryCode(source: unknown, name: string): string | undefined {
  return readCode(source, name, /^[\dA-Za-z]*$/);
}

/** Without the spaces and dashes that people type, or that a message has for legibility. */
function readCode(source: unknown, name: string, pattern: RegExp): string | undefined {
  const code = readTypedText(source, name, MAX_CODE_LENGTH)?.replace(SEPARATORS, '');
  return code !== undefined && pattern.test(code) ? code : undefined;
}

/** Spaces, and every dash: Unicode counts the minus sign as mathematics. */
const SEPARATORS = /[\s\p{Pd}\u2212]/gu;
