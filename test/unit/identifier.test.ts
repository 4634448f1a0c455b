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
  ])('%s is taken', (typed, email) => {
    expect(read({ email: typed })).toEqual({ email });
  });

  test.each([
    ['ada'],
    ['@example.com'],
    ['ada@'],
    ['ada@example'],
    ['ada@@example.com'],
    ['ada@eve@example.com'],
    ['ada@.com'],
    ['ada@example..com'],
    ['ada@example.com.'],
    ['ada lovelace@example.com'],
    ['ada@exam ple.com'],
    ['ada@example.com,eve@example.com'],
    ['ada@example.com;eve@example.com'],
    ['ada@example.com\neve@example.com'],
    ['ada\uff20eve@example.com'],
    ['ada@example.com\uff0ceve'],
    ['ada@example\u2024com.example'],
    ['ada\ufe6b@example.com'],
    ['ada@example.com\r\nBcc: eve@example.com'],
    ['Ada <ada@example.com>'],
    ['"ada"@example.com'],
    ['mailto:ada@example.com'],
    ['ada@[127.0.0.1]'],
    ['ada\\@example.com'],
    ['ada(comment)@example.com'],
    ['ada\u0000@example.com'],
    ['ada\u007f@example.com'],
    ['ada\ud800@example.com'],
    [`${'a'.repeat(309)}@example.com`],
    [`${' '.repeat(310)}ada@example.com`],
    ['a'.repeat(300_000)],
    [['ada@example.com']],
    [['ada@example.com', 'eve@example.com']],
    [[]],
    [{}],
    [{ toString: () => 'ada@example.com' }],
    [{ $ne: '' }],
    [42],
    [true],
    [false],
    [0],
    [Buffer.from('ada@example.com')],
  ])('%.40j is not one', (email) => {
    expect(read({ email })).toBe('invalid_email');
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
  ])('%s is taken', (typed, phone_number) => {
    expect(read({ phone_number: typed })).toEqual({ phone_number });
  });

  test.each([
    ['442079460000'],
    ['004420794600'],
    ['+044207946000'],
    ['+123456'],
    ['+1234567890123456'],
    ['++442079460000'],
    ['+44+2079460000'],
    ['+44 20 7946 0000 ext. 5'],
    ['+44/2079460000'],
    ['(0)20 7946 0000'],
    ['+44 (0)(0) 7946 x'],
    ['tel:+442079460000'],
    ['+44207946000O'],
    ['+'],
    ['+442079460000\u0000'],
    ['+442079460000\n+15555550100'],
    [`+44207946${' '.repeat(320)}0000`],
    ['1'.repeat(300_000)],
    [442079460000],
    [['+442079460000']],
    [{}],
    [true],
  ])('%.40j is not one', (phone_number) => {
    expect(read({ phone_number })).toBe('invalid_phone_number');
  });
});

describe('an address is missing', () => {
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
  ])('in the body %j', (body) => {
    expect(read(body)).toBe('identifier_missing');
  });

  test('when there are two of them, since nobody can say which is meant', () => {
    expect(read({ email: 'ada@example.com', phone_number: '+442079460000' })).toBe('identifier_missing');
  });
});

test('a form with two fields may leave one of them empty', () => {
  expect(read({ email: 'ada@example.com', phone_number: ' ' })).toEqual({ email: 'ada@example.com' });
  expect(read({ email: '', phone_number: '+442079460000' })).toEqual({ phone_number: '+442079460000' });
});

test('a bad field beside a good one is refused', () => {
  expect(read({ email: 'ada@example.com', phone_number: ['+442079460000'] })).toBe('invalid_phone_number');
  expect(read({ email: {}, phone_number: '+442079460000' })).toBe('invalid_email');
});

test('a body without prototype is read like any other', () => {
  const body = Object.assign(Object.create(null) as object, { email: 'ada@example.com' });
  expect(read(body)).toEqual({ email: 'ada@example.com' });
});

test('the fields have the names that the app gave them', () => {
  const names = {
    email: 'mail',
    phoneNumber: '__proto__',
    code: 'otp',
    recoveryCode: 'recovery_code',
    transaction: 'transaction',
  };
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
  ])('returns the identifier of %j as a start sends it: %j', (body, identifier) => {
    expect(normalizeIdentifier(body)).toBe(identifier);
  });

  test('reads the fields that it is given', () => {
    expect(normalizeIdentifier({ mail: 'ADA@example.com' }, { email: 'mail' })).toBe('ada@example.com');
    expect(normalizeIdentifier({ phone: '+442079460000' }, { phoneNumber: 'phone' })).toBe('+442079460000');
  });
});
