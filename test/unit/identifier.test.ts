import { describe, expect, test } from 'vitest';
import { normalizeIdentifier, readIdentifier } from '../../lib/flows/identifier.js';

const fields = {
  email: 'email',
  phoneNumber: 'phone_number',
  code: 'otp',
  recoveryCode: 'recovery_code',
  transaction: 'transaction',
};
const read = (body?: unknown) => readIdentifier({ headers: {}, body }, fields);

describe('an email address', () => {
  test.each([
    ['ada@example.com', 'ada@example.com'],
    ['  Ada.Lovelace@Example.COM\u00a0', 'ada.lovelace@example.com'],
    ['ada+login@mail.example.co.uk', 'ada+login@mail.example.co.uk'],
    ["o'brien_1!#$%&*/=?^`{|}~-@example.com", "o'brien_1!#$%&*/=?^`{|}~-@example.com"],
    ['用户@例子.世界', '用户@例子.世界'],
    ['ÄDA@BÜCHER.EXAMPLE', 'äda@bücher.example'],
    ['a@b.c', 'a@b.c'],
    ['ada\u200b@example.com\n', 'ada@example.com'],
    ['\u202eada@example.com', 'ada@example.com'],
    [`${'a'.repeat(308)}@example.com`, `${'a'.repeat(308)}@example.com`],
  ])('an email address may be typed as %j', (typed, email) => {
    expect(read({ email: typed })).toEqual({ email });
  });

  test.each<[string, unknown[]]>([
    ['without a local part or a domain', ['ada', '@example.com', 'ada@']],
    ['with a malformed domain', ['ada@example', 'ada@.com', 'ada@example..com', 'ada@example.com.', 'ada@[127.0.0.1]']],
    ['with two @', ['ada@@example.com', 'ada@eve@example.com']],
    ['with a space', ['ada lovelace@example.com', 'ada@exam ple.com']],
    ['of a list', ['ada@example.com,eve@example.com', 'ada@example.com;eve@example.com']],
    ['with a line break', ['ada@example.com\neve@example.com', 'ada@example.com\r\nBcc: eve@example.com']],
    ['with hidden syntax', ['ada\uff20eve@example.com', 'ada@example.com\uff0ceve']],
    ['with a hidden dot or @', ['ada@example\u2024com.example', 'ada\ufe6b@example.com']],
    ['in the syntax of a mail header or URL', ['Ada <ada@example.com>', '"ada"@example.com', 'mailto:ada@example.com']],
    ['with an escape or a comment', ['ada\\@example.com', 'ada(comment)@example.com']],
    ['with a control character', ['ada\u0000@example.com', 'ada\u007f@example.com', 'ada\ud800@example.com']],
    ['that is too long', [`${'a'.repeat(309)}@example.com`, `${' '.repeat(310)}ada@example.com`, 'a'.repeat(300_000)]],
    ['in a list', [['ada@example.com'], ['ada@example.com', 'eve@example.com'], []]],
    ['in an object', [{}, { toString: () => 'ada@example.com' }, { $ne: '' }, Buffer.from('ada@example.com')]],
    ['of another type', [42, true, false, 0]],
  ])('an email address %s is invalid', (_what, emails) => {
    for (const email of emails) expect(read({ email }), String(email)).toBe('invalid_email');
  });
});

describe('a phone number', () => {
  test.each([
    ['+442079460000', '+442079460000'],
    ['+44 20 7946 0000', '+442079460000'],
    ['+1 (555) 555-0100', '+15555550100'],
    ['+1.555.555.0100', '+15555550100'],
    ['+1 [555] 555\u20110100', '+15555550100'],
    ['+49\u00a0170\u20131234567', '+491701234567'],
    [' +1234567 ', '+1234567'],
    ['\u202a+44 20 7946 0000\u202c', '+442079460000'],
    ['\u2068+442079460000\u2069', '+442079460000'],
    ['\u200e+44 20 7946 0000\u200f\u061c', '+442079460000'],
    ['+123456789012345', '+123456789012345'],
    ['+44 20 7946 0000\r\n', '+442079460000'],
    ['+٤٤٢٠٧٩٤٦٠٠٠٠', '+442079460000'],
    ['＋４４（０）２０７９４６００００', '+442079460000'],
    ['+44 (0)20 7946 0000', '+442079460000'],
    ['+44(0) 20 7946 0000', '+442079460000'],
    ['+44 - [ 0 ] 20 7946 0000', '+442079460000'],
    ['+44\u221220\ufe587946\u20140000', '+442079460000'],
    ['+39 06 1234 5678', '+390612345678'],
    ['+1 (020) 555 0100', '+10205550100'],
  ])('a phone number may be typed as %j', (typed, phone_number) => {
    expect(read({ phone_number: typed })).toEqual({ phone_number });
  });

  test.each<[string, unknown[]]>([
    ['without a plus sign', ['442079460000', '004420794600', '(0)20 7946 0000', '1'.repeat(300_000)]],
    ['with a zero after the plus sign', ['+044207946000']],
    ['that is too short', ['+123456', '+']],
    ['that is too long', ['+1234567890123456', `+44207946${' '.repeat(320)}0000`]],
    ['with two plus signs', ['++442079460000', '+44+2079460000']],
    ['with other punctuation', ['+44/2079460000', 'tel:+442079460000', '+442079460000\u0000']],
    ['with letters', ['+44 20 7946 0000 ext. 5', '+44207946000O', '+44 (0)(0) 7946 x']],
    ['of a list', ['+442079460000\n+15555550100']],
    ['of another type', [442079460000, ['+442079460000'], {}, true]],
  ])('a phone number %s is invalid', (_what, numbers) => {
    for (const phone_number of numbers)
      expect(read({ phone_number }), String(phone_number)).toBe('invalid_phone_number');
  });
});

describe('a missing identifier', () => {
  test.each([
    [undefined],
    [null],
    [''],
    ['email=ada@example.com'],
    [[]],
    [['ada@example.com']],
    [42],
    [{}],
    [{ email: '' }],
    [{ email: '   ' }],
    [{ email: null }],
    [{ email: undefined, phone_number: null }],
    [{ email: '', phone_number: '' }],
    [{ Email: 'ada@example.com' }],
    [Object.create({ email: 'ada@example.com' }) as object],
  ])('an identifier is missing in the body %j', (body) => {
    expect(read(body)).toBe('identifier_missing');
  });

  test('an email address together with a phone number is refused as identifier_missing', () => {
    expect(read({ email: 'ada@example.com', phone_number: '+442079460000' })).toBe('identifier_missing');
  });
});

test('a form with both fields may leave one of them empty', () => {
  expect(read({ email: 'ada@example.com', phone_number: ' ' })).toEqual({ email: 'ada@example.com' });
  expect(read({ email: '', phone_number: '+442079460000' })).toEqual({ phone_number: '+442079460000' });
});

test('an invalid field next to a valid one is refused', () => {
  expect(read({ email: 'ada@example.com', phone_number: ['+442079460000'] })).toBe('invalid_phone_number');
  expect(read({ email: {}, phone_number: '+442079460000' })).toBe('invalid_email');
});

test('a body without a prototype is read like any other', () => {
  const body = Object.assign(Object.create(null) as object, { email: 'ada@example.com' });
  expect(read(body)).toEqual({ email: 'ada@example.com' });
});

test('an identifier is read from the fields that the app named', () => {
  const names = { ...fields, email: 'mail', phoneNumber: '__proto__' };
  expect(readIdentifier({ headers: {}, body: { mail: 'ada@example.com' } }, names)).toEqual({
    email: 'ada@example.com',
  });
  expect(readIdentifier({ headers: {}, body: { email: 'ada@example.com' } }, names)).toBe('identifier_missing');
});

describe('normalizeIdentifier', () => {
  test.each([
    [{ email: ' Ada@Example.COM\u200b' }, 'ada@example.com'],
    [{ phone_number: '+44 (0)20 7946 0000' }, '+442079460000'],
    [{ email: '', phone_number: '+442079460000' }, '+442079460000'],
    [{ email: 'ada' }, undefined],
    [{ email: 'ada@example.com', phone_number: '+442079460000' }, undefined],
    [{}, undefined],
    [undefined, undefined],
    ['ada@example.com', undefined],
  ])('normalizeIdentifier returns the identifier of %j as a start sends it: %j', (body, identifier) => {
    expect(normalizeIdentifier(body)).toBe(identifier);
  });

  test('normalizeIdentifier reads the fields that it is given', () => {
    expect(normalizeIdentifier({ mail: 'ADA@example.com' }, { email: 'mail' })).toBe('ada@example.com');
    expect(normalizeIdentifier({ phone: '+442079460000' }, { phoneNumber: 'phone' })).toBe('+442079460000');
  });
});
