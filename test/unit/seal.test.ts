import { hkdfSync } from 'node:crypto';
import { compactDecrypt, CompactEncrypt } from 'jose';
import { describe, expect, test } from 'vitest';
import { createSeal } from '../../lib/transaction/seal.js';
import { shown } from '../support/errors.js';

const SECRET = 'a secret of 32 bytes or more, indeed';
const PURPOSE = 'a purpose';
const seal = createSeal([SECRET], PURPOSE);
const keyOf = (secret: string, purpose: string) => new Uint8Array(hkdfSync('sha256', secret, '', purpose, 32));

const texts = [
  ...['', 'x', '{"a":1}', 'ä€𝄞 \u0000 \u202e', 'ada@example.com'.repeat(5000)],
  JSON.stringify('\ud800 half a character'),
];

test.each(texts)('a sealed text is opened: %.20j', (text) => {
  expect(seal.open(seal.seal(text))).toBe(text);
});

test('a sealed text is a JWE that jose opens', async () => {
  for (const text of texts) {
    const { plaintext, protectedHeader } = await compactDecrypt(seal.seal(text), keyOf(SECRET, PURPOSE));
    expect(new TextDecoder().decode(plaintext)).toBe(text);
    expect(protectedHeader).toEqual({ alg: 'dir', enc: 'A256GCM' });
  }
});

test('a JWE of jose is opened', async () => {
  const jwe = await new CompactEncrypt(Buffer.from('from jose'))
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .encrypt(keyOf(SECRET, PURPOSE));
  expect(seal.open(jwe)).toBe('from jose');
});

test('a text is sealed differently each time, and is not readable', () => {
  const text = 'ada@example.com';
  const sealed = Array.from({ length: 100 }, () => seal.seal(text));
  expect(new Set(sealed.map((one) => one.split('.')[2])).size).toBe(100);
  for (const one of sealed) expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('ada');
});

describe('altered texts', () => {
  test('a sealed text with a flipped bit is not opened', () => {
    const sealed = seal.seal('{"sub":"ada"}');
    for (let at = 0; at < sealed.length; at += 1) {
      for (let bit = 0; bit < 8; bit += 1) {
        const flipped = String.fromCharCode(sealed.charCodeAt(at) ^ (1 << bit));
        expect(seal.open(sealed.slice(0, at) + flipped + sealed.slice(at + 1)), `${at}, bit ${bit}`).toBeUndefined();
      }
    }
  });

  test('a sealed text that lost or gained a character is not opened', () => {
    const sealed = seal.seal('{"sub":"ada"}');
    for (let at = 0; at <= sealed.length; at += 1) {
      if (at < sealed.length) expect(seal.open(sealed.slice(0, at) + sealed.slice(at + 1))).toBeUndefined();
      for (const extra of ['A', '=', '.', ' ', '\n', '\u0000', 'ü']) {
        expect(seal.open(sealed.slice(0, at) + extra + sealed.slice(at))).toBeUndefined();
      }
    }
  });

  test('a text combined from two sealed ones is not opened', () => {
    const [one, other] = [seal.seal('{"sub":"ada"}').split('.'), seal.seal('{"sub":"eve"}').split('.')];
    for (const part of [2, 3, 4]) {
      expect(seal.open(one.map((text, at) => (at === part ? other[at] : text)).join('.'))).toBeUndefined();
    }
  });

  test('a sealed text with a shortened tag is not opened', () => {
    const [header, key, iv, ciphertext, tag = ''] = seal.seal('x').split('.');
    for (const bytes of [0, 4, 8, 12, 15]) {
      const short = Buffer.from(tag, 'base64url').subarray(0, bytes).toString('base64url');
      expect(seal.open([header, key, iv, ciphertext, short].join('.'))).toBeUndefined();
    }
  });

  test('a sealed text with another header is not opened', async () => {
    const key = keyOf(SECRET, PURPOSE);
    for (const header of [
      { alg: 'dir', enc: 'A256GCM', typ: 'JWT' },
      { enc: 'A256GCM', alg: 'dir' },
    ]) {
      const jwe = new CompactEncrypt(Buffer.from('x')).setProtectedHeader(header);
      expect(seal.open(await jwe.encrypt(key))).toBeUndefined();
    }
  });

  test('a text sealed with another secret or for another purpose is not opened', () => {
    expect(seal.open(createSeal([`${SECRET}!`], PURPOSE).seal('x'))).toBeUndefined();
    expect(seal.open(createSeal([SECRET], `${PURPOSE}!`).seal('x'))).toBeUndefined();
  });

  const garbage = ['', '.', '....', '.....', 'abc', 'a.b.c.d.e', '{}', 'null', '\u0000', '🦆.🦆.🦆.🦆.🦆'];

  test.each([...garbage, '.'.repeat(300_000)])('garbage is not opened: %.20j', (text) => {
    expect(seal.open(text)).toBeUndefined();
  });
});

describe('with several secrets', () => {
  const [old, middle, newest] = ['old', 'middle', 'newest'].map((word) => word.repeat(12)) as [string, string, string];
  const rotated = createSeal([newest, middle, old], PURPOSE);

  test('the first secret seals', () => {
    const sealed = rotated.seal('x');
    expect(createSeal([newest], PURPOSE).open(sealed)).toBe('x');
    expect(createSeal([middle, old], PURPOSE).open(sealed)).toBeUndefined();
  });

  test.each([old, middle, newest])('every secret opens: %s', (secret) => {
    expect(rotated.open(createSeal([secret], PURPOSE).seal('x'))).toBe('x');
  });
});

test('a seal without a secret is a TypeError', () => {
  expect(() => createSeal([], PURPOSE)).toThrow(new TypeError('A seal needs a secret.'));
});

test('printing a seal does not show its secret', () => {
  expect(shown(seal)).not.toContain(SECRET);
});
