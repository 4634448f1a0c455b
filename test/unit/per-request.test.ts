import { expect, test } from 'vitest';
import { resolve, resolveText, scopeText } from '../../lib/per-request.js';
import { isWebURL } from '../../lib/values.js';
import { passwordlessErrorFrom } from '../support/errors.js';

const req = (over: object = {}) => ({ headers: {}, ...over });

test('an option of a route may be a value or a function of the request', () => {
  expect(resolve(5, req())).toBe(5);
  expect(resolve(({ method }) => method, req({ method: 'POST' }))).toBe('POST');
  expect(resolveText('audience', undefined, req())).toBeUndefined();
  expect(resolveText('audience', 'x', req())).toBe('x');
});

test.each([[null], [''], [' '], [1], [{}], [['x']], [Promise.resolve('x')]])(
  'a text option that is or returns %j is a configuration_error that names it',
  async (value) => {
    for (const option of [value, () => value]) {
      const error = await passwordlessErrorFrom(() => resolveText('audience', option as string, req()));
      expect(error).toMatchObject({ code: 'configuration_error' });
      expect(error.message).toContain('audience');
    }
  },
);

test.each([
  ['openid', 'openid'],
  [['openid'], 'openid'],
  ['email', undefined],
  [undefined, undefined],
  [null, undefined],
  [{ includes: () => true }, undefined],
])('the scopes %j are read as %j', (scope, text) => {
  expect(scopeText(scope)).toBe(text);
});

test.each([
  ['https://a.example/cb', true],
  ['HTTP://127.0.0.1:3000', true],
  ['//a.example', false],
  [' https://a.example', false],
  ['data:text/html,x', false],
])('isWebURL(%j) is %j', (url, expected) => {
  expect(isWebURL(url)).toBe(expected);
});
