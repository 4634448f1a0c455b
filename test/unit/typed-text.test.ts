import { describe, expect, test } from 'vitest';
import { readOTP, readRecoveryCode, readTypedText } from '../../lib/typed-text.js';

const text = (value: unknown, maxLength = 10) => readTypedText({ field: value }, 'field', maxLength);
const otp = (value: unknown) => readOTP({ otp: value }, 'otp');
const recoveryCode = (value: unknown) => readRecoveryCode({ code: value }, 'code');

describe('typed text', () => {
  test.each([
    ['123456', '123456'],
    [' 123 456 ', '123 456'],
    ['abc\r\n', 'abc'],
    ['\tabc', 'abc'],
    ['a\u200bbc\u200b', 'abc'],
    ['\u202aabc\u202c', 'abc'],
    ['\ufeffabc\u00ad', 'abc'],
    ['ü€𝄞', 'ü€𝄞'],
    ['', ''],
    ['   ', ''],
    [undefined, ''],
    [null, ''],
    ['1234567890', '1234567890'],
  ])('%j is read as %j', (value, expected) => {
    expect(text(value)).toBe(expected);
  });

  test.each([
    ['٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['۰۱۲۳۴۵۶۷۸۹', '0123456789'],
    ['０１２３４５６７８９', '0123456789'],
    ['०१२३४५६७८९', '0123456789'],
    ['𝟎𝟗𝟘𝟡𝟢𝟫', '090909'],
  ])('has the digits of any script as ASCII digits: %s', (value, expected) => {
    expect(text(value, 40)).toBe(expected);
  });

  test.each([
    [42],
    [true],
    [['123']],
    [{}],
    [{ toString: () => '1' }],
    ['12345678901'],
    ['a\u0000b'],
    ['a\nb'],
    ['\ud800'],
  ])('is undefined for %j', (value) => {
    expect(text(value)).toBeUndefined();
  });
});

describe('a code', () => {
  test.each([
    ['123456', '123456'],
    ['123 456', '123456'],
    ['123-456', '123456'],
    ['123\u2010\u2013\u2014\u2212\ufe58456', '123456'],
    ['123\u00a0456\t', '123456'],
    ['123456\n', '123456'],
    ['\u200e123456\u200b', '123456'],
    ['١٢٣٤٥٦', '123456'],
    ['１２３４５６', '123456'],
    ['', ''],
    ['1'.repeat(64), '1'.repeat(64)],
  ])('%j is read as %j', (value, expected) => {
    expect(otp(value)).toBe(expected);
  });

  test.each(['Your code is 123456', '12345a', '12.3456', '123456?', '²³', '1'.repeat(65), 123456, ['123456']])(
    'cannot be %j',
    (value) => {
      expect(otp(value)).toBeUndefined();
    },
  );
});

describe('a recovery code', () => {
  test.each([
    ['ABCD EFGH', 'ABCDEFGH'],
    ['abcd-2345', 'abcd2345'],
    ['ABCD٢', 'ABCD2'],
    ['', ''],
  ])('%j is read as %j', (value, expected) => {
    expect(recoveryCode(value)).toBe(expected);
  });

  test.each(['ABCD.', 'ÄBCD', 'A'.repeat(65), 7])('cannot be %j', (value) => {
    expect(recoveryCode(value)).toBeUndefined();
  });
});
