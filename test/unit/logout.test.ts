import { expect, test } from 'vitest';
import { logoutURL } from '../../lib/auth0/logout.js';

const returnTo = 'https://app.example.com/bye?from=a b&x=1#end';

const urlFor = (options: object) =>
  new URL(logoutURL('https://acme.eu.auth0.com', 'the client', { returnTo, ...options }));

test('a logout without an ID token leads to /v2/logout, everything encoded', () => {
  expect(urlFor({}).href).toBe(
    'https://acme.eu.auth0.com/v2/logout?client_id=the+client&returnTo=https%3A%2F%2Fapp.example.com%2Fbye%3Ffrom%3Da+b%26x%3D1%23end',
  );
});

test.each([returnTo, 'https://a.example.com/?&federated&client_id=evil'])(
  'a logout with an ID token leads to /oidc/logout, and no value adds a parameter: %s',
  (post_logout_redirect_uri) => {
    const { origin, pathname, searchParams } = urlFor({ returnTo: post_logout_redirect_uri, idToken: 'a&b=c' });
    expect([origin, pathname]).toEqual(['https://acme.eu.auth0.com', '/oidc/logout']);
    expect([...searchParams]).toEqual([
      ['client_id', 'the client'],
      ['id_token_hint', 'a&b=c'],
      ['post_logout_redirect_uri', post_logout_redirect_uri],
    ]);
  },
);

test.each([{}, { idToken: 'a.b.c' }])('a logout is federated only if the app asks for it: %j', (options) => {
  expect(urlFor({ ...options, federated: true }).searchParams.get('federated')).toBe('');
  expect(urlFor({ ...options, federated: false }).searchParams.has('federated')).toBe(false);
});

test.each<[string, unknown[], RegExp]>([
  [
    'returnTo',
    ['', '/bye', '//evil.example.com', 'javascript:alert(1)', 'app.example.com', undefined, null, 7, {}],
    /^logoutURL: returnTo must be an absolute .*Allowed Logout URLs/,
  ],
  ['idToken', ['', ' ', null, 7, {}], /^logoutURL: idToken must be an ID token, or undefined/],
])('a logout with an invalid %s is a TypeError with the remedy', (option, values, remedy) => {
  for (const value of values) {
    expect(() => urlFor({ [option]: value })).toThrow(TypeError);
    expect(() => urlFor({ [option]: value })).toThrow(remedy);
  }
});
