import { describe, expect, test } from 'vitest';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { CLIENT, hostileAuth0, idToken } from '../support/hostile-auth0.js';
import { passwordlessErrorFrom } from '../support/errors.js';

/** Auth0, which answers a refresh with this ID token. */
function answering(id_token: unknown) {
  const answer = { access_token: 'the-access-token', token_type: 'Bearer', expires_in: 60, id_token };
  const dispatcher = hostileAuth0(() => ({ body: JSON.stringify(answer) }));
  return new PasswordlessStrategy({ ...CLIENT, idTokenSigningAlg: 'HS256', dispatcher }, async () => {}).auth0;
}

const sub = 'email|ada';

// OpenID Connect Core 1.0, section 12.2.
describe('the ID token of a refresh', () => {
  test.each<[string, object]>([
    ['of the same issuer, client and user', {}],
    ['with the nonce of the login, which nobody knows any more', { nonce: 'n-1' }],
    ['with the time of the login', { auth_time: 1 }],
  ])('is taken %s', async (_what, claims) => {
    expect(await answering(idToken(claims)).refresh('v1.token', { sub })).toMatchObject({ claims: { sub, ...claims } });
  });

  test.each<[string, string]>([
    ['of another issuer', idToken({ iss: 'https://evil.example.com/' })],
    ['for another client', idToken({ aud: 'another' })],
    ['that has expired', idToken({ exp: 1 })],
    ['from the future', idToken({ iat: 99_999_999_999 })],
    ['without a subject', idToken({ sub: '' })],
    ['that is not signed', idToken({}, { alg: 'none' })],
    ['signed with another key', idToken({}, {}, 'another secret of at least 32 bytes')],
  ])('is refused %s', async (_what, token) => {
    expect((await passwordlessErrorFrom(() => answering(token).refresh('v1.token'))).code).toBe('id_token_invalid');
  });

  test('is refused for another user, where the app says who is signed in', async () => {
    const call = () => answering(idToken({ sub: 'email|bob' })).refresh('v1.token', { sub });
    expect((await passwordlessErrorFrom(call)).code).toBe('subject_mismatch');
  });

  test('may be missing', async () => {
    const tokens = await answering(undefined).refresh('v1.token', { sub });
    expect(tokens).toMatchObject({ accessToken: 'the-access-token' });
    expect(tokens).not.toHaveProperty('claims');
  });

  test.each([null, 7, {}])('is no ID token: %j', async (token) => {
    expect((await passwordlessErrorFrom(() => answering(token).refresh('v1.token'))).code).toBe('unexpected_response');
  });
});
