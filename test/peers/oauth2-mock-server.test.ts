import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { type MutableResponse, type MutableToken, OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { callbackOf } from '../support/app.js';
import { browse, clientID, clientSecret, startFront } from './front.js';

// Theirs: the authorization code, the token endpoint, the keys, /userinfo. Ours: the stub that "mails" the link.
describe('against oauth2-mock-server', () => {
  let front: Awaited<ReturnType<typeof startFront>>;
  let service: OAuth2Service;

  beforeAll(async () => {
    front = await startFront();
    const issuer = new OAuth2Issuer();
    issuer.url = `${front.origin}/`;
    await issuer.keys.generate('RS256');
    service = new OAuth2Service(issuer, {
      token: '/oauth/token',
      jwks: '/.well-known/jwks.json',
      userinfo: '/userinfo',
      authorize: '/authorize',
    });
    front.setPeer(service.requestHandler);
  });

  afterEach(() => {
    service.removeAllListeners();
  });

  afterAll(() => front.close());

  /** Asks for a link, opens it at the peer, and comes back. */
  async function signIn(strategy: Parameters<typeof browse>[1] = {}) {
    const browser = await browse(front.origin, strategy);
    await browser.post('/link').send({ email: 'ada@example.com' }).expect(200);
    const { headers } = await fetch(front.link(), { redirect: 'manual' });
    const response = await browser.get(callbackOf(headers.get('location')));
    return { response, user: (await browser.get('/me')).body.user as unknown };
  }

  /** Lets the peer sign an ID token with other claims; its access token stays as it is. */
  function forge(claims: (payload: MutableToken['payload']) => void) {
    service.on('beforeTokenSigning', ({ payload }: MutableToken) => {
      if (payload.aud === clientID) claims(payload);
    });
  }

  /** Answers with another ID token than the peer's. */
  function replaceIDToken(make: (idToken: string) => string) {
    service.on('beforeResponse', ({ body }: MutableResponse) => {
      if (body !== '') body.id_token = make(String(body.id_token));
    });
  }

  test('a link signs in', async () => {
    const { response, user } = await signIn();
    expect(response.status).toBe(200);
    expect(response.body.info).toEqual({ connection: 'email', method: 'link' });
    expect(user).toEqual({ id: 'johndoe', name: 'johndoe' });
  });

  test('a list as audience is taken with an azp of this client', async () => {
    forge((payload) => Object.assign(payload, { aud: [clientID, 'another'], azp: clientID }));
    expect((await signIn()).user).toEqual({ id: 'johndoe', name: 'johndoe' });
  });

  test('/userinfo adds to the profile', async () => {
    service.on('beforeUserinfo', ({ body }: MutableResponse) => Object.assign(body, { name: 'John Doe' }));
    expect((await signIn({ fetchUserInfo: true })).user).toEqual({ id: 'johndoe', name: 'John Doe' });
  });

  test('/userinfo about somebody else is refused', async () => {
    service.on('beforeUserinfo', ({ body }: MutableResponse) => Object.assign(body, { sub: 'mallory' }));
    const { response, user } = await signIn({ fetchUserInfo: true });
    expect(response.body.error).toMatchObject({ code: 'unexpected_response', status: 502 });
    expect(user).toBeNull();
  });

  const now = () => Math.floor(Date.now() / 1000);
  test.each<[string, object, RegExp]>([
    ['another audience', { aud: 'another-client' }, /"aud"/],
    ['a list of audiences without azp', { aud: [clientID, 'another'] }, /"azp"/],
    ['the azp of another client', { azp: 'another-client' }, /"azp"/],
    ['another issuer', { iss: 'https://evil.example/' }, /"iss"/],
    ['no issuer', { iss: undefined }, /"iss"/],
    ['an exp that is over', { exp: now() - 3600, iat: now() - 7200 }, /"exp"/],
    ['an iat to come', { iat: now() + 3600, exp: now() + 7200 }, /"iat"/],
    ['another nonce', { nonce: 'another' }, /another "nonce"/],
    ['no nonce', { nonce: undefined }, /another "nonce"/],
    ['no sub', { sub: undefined }, /"sub"/],
  ])('an ID token with %s is refused', async (_name, claims, reason) => {
    forge((payload) => Object.assign(payload, claims));
    await expectRefused(reason);
  });

  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
  const payloadOf = (token: string) => token.split('.')[1] ?? '';

  test('an ID token with alg none is refused', async () => {
    replaceIDToken((token) => `${encode({ alg: 'none', typ: 'JWT' })}.${payloadOf(token)}.`);
    await expectRefused(/"alg"/);
  });

  test('an ID token signed by the client secret in place of a key is refused', async () => {
    replaceIDToken((token) => {
      const input = `${encode({ alg: 'HS256', typ: 'JWT' })}.${payloadOf(token)}`;
      return `${input}.${createHmac('sha256', clientSecret).update(input).digest('base64url')}`;
    });
    await expectRefused(/"alg"/);
  });

  test.each([
    ['that claims to be the published one', publishedKid],
    ['that is not published', () => 'unknown'],
  ])('an ID token of another key %s is refused', async (_name, kid) => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    replaceIDToken((token) => {
      const input = `${encode({ alg: 'RS256', typ: 'JWT', kid: kid(token) })}.${payloadOf(token)}`;
      return `${input}.${createSign('sha256').update(input).sign(privateKey, 'base64url')}`;
    });
    await expectRefused(/signature|no applicable key/);
  });

  test('an answer without an ID token is refused', async () => {
    service.on('beforeResponse', ({ body }: MutableResponse) => {
      if (body !== '') delete body.id_token;
    });
    const { response, user } = await signIn();
    expect(response.body.error).toMatchObject({ code: 'unexpected_response', status: 502 });
    expect(user).toBeNull();
  });

  test.each([
    [400, { error: 'invalid_grant' }, 'wrong_code'],
    [401, { error: 'invalid_client' }, 'configuration_error'],
    [429, { error: 'too_many_requests' }, 'rate_limited'],
    [503, {}, 'unexpected_response'],
  ])('a token endpoint that answers %i %o is a %s', async (statusCode, body, code) => {
    service.on('beforeResponse', (answer: MutableResponse) => Object.assign(answer, { statusCode, body }));
    const { response, user } = await signIn();
    expect(response.body.error ?? response.body).toMatchObject({ code });
    expect(user).toBeNull();
  });

  async function expectRefused(reason: RegExp) {
    const { response, user } = await signIn();
    expect(response.status).toBe(502);
    expect(response.body.error).toMatchObject({ code: 'id_token_invalid', message: expect.stringMatching(reason) });
    expect(user).toBeNull();
  }
});

function publishedKid(token: string): string {
  const header = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as { kid: string };
  return header.kid;
}
