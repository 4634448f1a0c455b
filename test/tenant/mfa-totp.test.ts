import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { expect, test } from 'vitest';
import { base32, matchingStep, stepAt, totp } from '../../lib/testing/mfa/totp.js';

const secret = base32(Buffer.from('12345678901234567890'));

test('writes base32 as RFC 4648 does', () => {
  const vectors = {
    '': '',
    f: 'MY',
    fo: 'MZXQ',
    foo: 'MZXW6',
    foob: 'MZXW6YQ',
    fooba: 'MZXW6YTB',
    foobar: 'MZXW6YTBOI',
  };
  for (const [text, encoded] of Object.entries(vectors)) expect(base32(Buffer.from(text))).toBe(encoded);
});

// RFC 6238, appendix B, the rows of SHA-1. They have eight digits, of which six-digit codes are the last.
test.each([
  [59, '94287082'],
  [1111111109, '07081804'],
  [1111111111, '14050471'],
  [1234567890, '89005924'],
  [2000000000, '69279037'],
  [20000000000, '65353130'],
])('knows the code of second %i', (seconds, code) => {
  expect(totp(secret, stepAt(seconds))).toBe(code.slice(2));
});

test('agrees with otpauth on secrets of every length and times of every size', () => {
  for (let length = 10; length <= 40; length += 1) {
    const bytes = randomBytes(length);
    const encoded = base32(bytes);
    expect(encoded).toBe(new Secret({ buffer: new Uint8Array(bytes).buffer }).base32);
    const seconds = bytes.readUInt32BE(0);
    expect(totp(encoded, stepAt(seconds))).toBe(new TOTP({ secret: encoded }).generate({ timestamp: seconds * 1000 }));
  }
});

test('takes a secret in lower case, with blanks and with padding', () => {
  expect(totp(`${secret.toLowerCase().replace(/(.{4})/g, '$1 ')}====`, 1)).toBe('287082');
});

test('finds the step of a code one step off, and not further', () => {
  const step = stepAt(1_000_000_020);
  const offsets = [-2, -1, 0, 1, 2];
  expect(offsets.map((offset) => matchingStep(secret, totp(secret, step + offset), 1_000_000_020))).toEqual([
    undefined,
    step - 1,
    step,
    step + 1,
    undefined,
  ]);
});
