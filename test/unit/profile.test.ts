import { expect, test } from 'vitest';
import { toProfile } from '../../lib/profile.js';

test("an email user has Passport's normalized profile", () => {
  const claims = {
    sub: 'email|ada',
    nickname: 'ada',
    name: 'ada@example.com',
    picture: 'https://cdn.example.com/ada.png',
    email: 'ada@example.com',
    email_verified: true,
  };
  expect(toProfile(claims)).toStrictEqual({
    provider: 'auth0',
    id: 'email|ada',
    displayName: 'ada@example.com',
    username: 'ada',
    emails: [{ value: 'ada@example.com', verified: true }],
    photos: [{ value: 'https://cdn.example.com/ada.png' }],
    _json: claims,
  });
});

test('the profile of an SMS user has a phone number', () => {
  const claims = { sub: 'sms|ada', name: '+15555550100', phone_number: '+15555550100', phone_verified: true };
  expect(toProfile(claims)).toStrictEqual({
    provider: 'auth0',
    id: 'sms|ada',
    displayName: '+15555550100',
    emails: [],
    phoneNumbers: [{ value: '+15555550100', verified: true }],
    photos: [],
    _json: claims,
  });
});

test('a profile has the parts of the name', () => {
  const { name } = toProfile({ sub: 'x', given_name: 'Ada', middle_name: 'King', family_name: 'Lovelace' });
  expect(name).toStrictEqual({ givenName: 'Ada', middleName: 'King', familyName: 'Lovelace' });
  expect(toProfile({ sub: 'x', given_name: 'Ada', family_name: '' }).name).toStrictEqual({ givenName: 'Ada' });
});

test.each([
  [{ name: 'Ada', nickname: 'a', email: 'e@example.com', phone_number: '+1' }, 'Ada'],
  [{ name: '', nickname: 'a', email: 'e@example.com', phone_number: '+1' }, 'a'],
  [{ email: 'e@example.com', phone_number: '+1' }, 'e@example.com'],
  [{ phone_number: '+1' }, '+1'],
  [{}, 'the-sub'],
])('the display name of %j is %s', (claims, displayName) => {
  expect(toProfile({ sub: 'the-sub', ...claims })).toMatchObject({ displayName });
});

test.each([true, false, undefined, 'true', 1, null])(
  'email_verified: %j counts only if it is true',
  (email_verified) => {
    const verified = email_verified === true;
    const { emails } = toProfile({ sub: 'x', email: 'e@example.com', email_verified });
    expect(emails).toEqual([{ value: 'e@example.com', verified }]);
  },
);

test.each([
  [{ phone_number_verified: true }, true],
  [{ phone_verified: true }, true],
  [{ phone_number_verified: false, phone_verified: true }, false],
  [{ phone_verified: 'true' }, false],
  [{}, false],
])('a phone number with %j has verified: %j', (claims, verified) => {
  expect(toProfile({ sub: 'x', phone_number: '+1', ...claims }).phoneNumbers).toEqual([{ value: '+1', verified }]);
});

test('claims of the wrong type are left out of the profile, but for _json', () => {
  const claims = {
    sub: 'the-sub',
    name: { first: 'Ada' },
    nickname: ['ada'],
    email: 42,
    email_verified: true,
    phone_number: null,
    picture: { url: 'x' },
    given_name: true,
  };
  expect(toProfile(claims)).toStrictEqual({
    provider: 'auth0',
    id: 'the-sub',
    displayName: 'the-sub',
    emails: [],
    photos: [],
    _json: claims,
  });
});

test('reading a profile does not alter the claims', () => {
  const claims = Object.freeze({ sub: 'x', email: 'e@example.com', custom: Object.freeze({ roles: ['a'] }) });
  expect(toProfile(claims)._json).toEqual({ sub: 'x', email: 'e@example.com', custom: { roles: ['a'] } });
});
