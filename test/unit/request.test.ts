import { describe, expect, test } from 'vitest';
import { bodyOf, clientIP, isCrossSite, member, typedText } from '../../lib/request.js';

const withoutPrototype = (members: object) => Object.assign(Object.create(null) as object, members);

describe('a body', () => {
  const form = 'application/x-www-form-urlencoded';

  test.each<[string, Record<string, string>]>([
    ['a form', { 'content-type': form, 'content-length': '7' }],
    ['JSON', { 'content-type': 'Application/JSON; charset=utf-8', 'content-length': '7' }],
    ['JSON in chunks', { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }],
  ])('that no parser has read is an error that names the parser: %s', (_name, headers) => {
    expect(() => bodyOf({ headers })).toThrow(/req\.body.*express\.urlencoded\(\)/);
    expect(bodyOf({ headers, body: {} })).toEqual({});
  });

  test.each<[string, Record<string, string>]>([
    ['nothing at all', {}],
    ['an empty form', { 'content-type': form, 'content-length': '0' }],
    ['text', { 'content-type': 'text/plain', 'content-length': '7' }],
    ['parts', { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '7' }],
  ])('that is missing is none, for %s', (_name, headers) => {
    expect(bodyOf({ headers })).toBeUndefined();
  });
});

describe('a member', () => {
  test('is read off any object of its own', () => {
    expect(member({ otp: '1' }, 'otp')).toBe('1');
    expect(member(withoutPrototype({ otp: '1' }), 'otp')).toBe('1');
    expect(member(new URLSearchParams('otp=1'), 'otp')).toBeUndefined();
    expect(member(JSON.parse('{"__proto__":"own"}'), '__proto__')).toBe('own');
  });

  test.each([['toString'], ['constructor'], ['__proto__'], ['hasOwnProperty'], ['valueOf']])(
    'is not what a prototype brings: %s',
    (name) => {
      expect(member({}, name)).toBeUndefined();
      expect(member([], name)).toBeUndefined();
      expect(member(Object.create({ [name]: 'inherited' }), name)).toBeUndefined();
    },
  );

  test.each([[undefined], [null], ['text'], [42], [true], [Symbol('x')], [() => 1]])('is not read off %o', (source) => {
    expect(member(source, 'length')).toBeUndefined();
  });

  test('of an object with a hasOwnProperty of its own is read all the same', () => {
    expect(member({ otp: '1', hasOwnProperty: () => false }, 'otp')).toBe('1');
  });
});

describe('text that was typed', () => {
  const read = (value: unknown, maxLength = 10) => typedText({ field: value }, 'field', maxLength);

  test.each([
    ['123456', '123456'],
    [' 123 456 ', '123 456'],
    ['', ''],
    ['   ', ''],
    [undefined, ''],
    [null, ''],
    ['ü€𝄞', 'ü€𝄞'],
    ['1234567890', '1234567890'],
  ])('%j is %j', (value, text) => {
    expect(read(value)).toBe(text);
  });

  test.each([
    ['12345678901'],
    ['         1 '],
    [' '.repeat(300_000)],
    ['123\n456'],
    ['123456\u0000'],
    ['123\u200b456'],
    ['\ufeff123456'],
    ['\u202e654321'],
    ['\ue000'],
    ['\udead'],
    [['123456']],
    [['1', '2']],
    [[]],
    [{}],
    [{ 0: '1' }],
    [new String('123456')],
    [123456],
    [0],
    [false],
    [123456n],
  ])('%.40o is not', (value) => {
    expect(read(value)).toBeUndefined();
  });

  test.each([[undefined], [null], ['field=1'], [[]], [42]])('is missing in %j', (source) => {
    expect(typedText(source, 'field', 10)).toBe('');
  });
});

test.each([
  ['cross-site', true],
  ['same-site', false],
  ['same-origin', false],
  ['none', false],
  [undefined, false],
  ['', false],
])('Sec-Fetch-Site %j is cross-site: %j', (value, expected) => {
  expect(isCrossSite({ headers: { 'sec-fetch-site': value } })).toBe(expected);
});

test('the address is what the host says, and else what the socket says', () => {
  expect(clientIP({ headers: {}, ip: '8.8.8.8', socket: { remoteAddress: '9.9.9.9' } })).toBe('8.8.8.8');
  expect(clientIP({ headers: {}, socket: { remoteAddress: '9.9.9.9' } })).toBe('9.9.9.9');
  expect(clientIP({ headers: {}, socket: {} })).toBeUndefined();
  expect(clientIP({ headers: { 'x-forwarded-for': '8.8.8.8' } })).toBeUndefined();
});
