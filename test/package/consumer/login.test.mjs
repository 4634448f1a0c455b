// For Vitest as it comes.
import * as library from 'passport-auth0-passwordless';
import * as testing from 'passport-auth0-passwordless/testing';
import { expect, test } from 'vitest';
import { login } from './login.cjs';

test('the packed package signs a user in', async () => {
  expect(await login(library, testing)).toBe('ada@example.com');
});
