import { describe, expect, test } from 'vitest';
import { bodyOf, clientIP, isCrossSite, member, readParameter } from '../../lib/request.js';

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

  test.each([
    ['multipart/form-data; boundary=x', /multer/],
    ['text/plain', /send application\/x-www-form-urlencoded or application\/json/],
    [undefined, /send application\/x-www-form-urlencoded or application\/json/],
  ])('of the type %s that no parser has read is an error that says what to do', (type, remedy) => {
    expect(() => bodyOf({ headers: { 'content-type': type, 'content-length': '7' } })).toThrow(remedy);
  });

  test.each<[string, Record<string, string>]>([
    ['nothing at all', {}],
    ['an empty form', { 'content-type': form, 'content-length': '0' }],
  ])('that is missing is undefined, for %s', (_name, headers) => {
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

describe('a query parameter', () => {
  test.each([
    ['abc', 'abc'],
    [' abc ', 'abc'],
    ['x'.repeat(2048), 'x'.repeat(2048)],
    ['x'.repeat(2049), ''],
    ['a\u0000b', ''],
    ['a\u200bb', ''],
    [['a', 'b'], ''],
    [{ a: 'b' }, ''],
    [7, ''],
    [undefined, ''],
  ])('%j is read as %j', (value, expected) => {
    expect(readParameter({ state: value }, 'state')).toBe(expected);
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
