import { describe, expect, test } from 'vitest';
import { logoutURL } from '../../lib/auth0/logout.js';

const returnTo = 'https://app.example.com/bye?from=a b&x=1#end';

const urlFor = (options: object) =>
  new URL(logoutURL('https://acme.eu.auth0.com', 'the client', { returnTo, ...options }));

test('a logout without an ID token leads to /v2/logout, everything encoded', () => {
  expect(logoutURL('https://acme.eu.auth0.com', 'the client', { returnTo })).toBe(
    'https://acme.eu.auth0.com/v2/logout?client_id=the+client&returnTo=https%3A%2F%2Fapp.example.com%2Fbye%3Ffrom%3Da+b%26x%3D1%23end',
  );
});

test('a logout with an ID token leads to /oidc/logout', () => {
  const { origin, pathname, searchParams } = urlFor({ idToken: 'a.b.c' });
  expect([origin, pathname]).toEqual(['https://acme.eu.auth0.com', '/oidc/logout']);
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: 'the client',
    id_token_hint: 'a.b.c',
    post_logout_redirect_uri: returnTo,
  });
});

test.each([{}, { idToken: 'a.b.c' }])('a federated logout says so: %j', (options) => {
  expect(urlFor({ ...options, federated: true }).searchParams.get('federated')).toBe('');
  expect(urlFor({ ...options, federated: false }).searchParams.has('federated')).toBe(false);
});

test('what stands in a value adds no parameter', () => {
  const { searchParams } = urlFor({ returnTo: 'https://a.example.com/?&federated&client_id=evil', idToken: 'a&b=c' });
  expect([...searchParams.keys()]).toEqual(['client_id', 'id_token_hint', 'post_logout_redirect_uri']);
});

describe('a TypeError with the remedy', () => {
  test.each(['', '/bye', '//evil.example.com', 'javascript:alert(1)', 'app.example.com', undefined, null, 7, {}])(
    'comes of returnTo %j',
    (bad) => {
      expect(() => urlFor({ returnTo: bad })).toThrow(TypeError);
      expect(() => urlFor({ returnTo: bad })).toThrow(/^logoutURL: returnTo must be an absolute .*Allowed Logout URLs/);
    },
  );

  test.each(['', ' ', null, 7, {}])('comes of idToken %j, which no user would be signed out by', (bad) => {
    expect(() => urlFor({ idToken: bad })).toThrow(/^logoutURL: idToken must be an ID token, or undefined/);
  });
});
