import { describe, expect, test } from 'vitest';
import { readNothing, readObject } from '../../lib/auth0/answers.js';
import { callbackRequest, codeRequest, keysRequest, startRequest, userInfoRequest } from '../../lib/auth0/endpoints.js';
import type { HttpRequest } from '../../lib/auth0/http.js';
import { readTokens } from '../../lib/auth0/tokens.js';
import { passwordlessErrorFrom } from '../support/errors.js';

const credentials = { client_id: 'the-client', client_secret: 'the-secret' };
const OTP_GRANT = 'http://auth0.com/oauth/grant-type/passwordless/otp';

const json = ({ body }: HttpRequest): unknown => JSON.parse(body ?? '');
const form = ({ body }: HttpRequest) => Object.fromEntries(new URLSearchParams(body));

describe('the five calls of an embedded login', () => {
  test('a code by email', () => {
    const identifier = { email: 'ada@example.com' };
    const request = startRequest(credentials, { connection: 'email', identifier, send: 'code' }, {});
    expect(request).toMatchObject({
      method: 'POST',
      path: '/passwordless/start',
      headers: { 'content-type': 'application/json' },
    });
    expect(json(request)).toStrictEqual({
      ...credentials,
      connection: 'email',
      email: 'ada@example.com',
      send: 'code',
    });
  });

  test('a link by email', () => {
    const link = {
      redirect_uri: 'https://app.example.com/login/callback',
      scope: 'openid profile email',
      state: 'the-state',
      nonce: 'the-nonce',
      audience: 'https://api.example.com',
      organization: 'org_1',
    };
    const identifier = { email: 'ada@example.com' };
    const request = startRequest(credentials, { connection: 'email', identifier, send: 'link', link }, {});
    expect(json(request)).toStrictEqual({
      ...credentials,
      connection: 'email',
      email: 'ada@example.com',
      send: 'link',
      authParams: { response_type: 'code', ...link },
    });
  });

  test('a code by SMS', () => {
    const identifier = { phone_number: '+15555550100' };
    const request = startRequest(credentials, { connection: 'sms', identifier, send: 'code' }, {});
    expect(json(request)).toStrictEqual({
      ...credentials,
      connection: 'sms',
      phone_number: '+15555550100',
      send: 'code',
    });
  });

  test.each([
    ['email', { email: 'ada+1@example.com' }, 'ada+1@example.com'],
    ['sms', { phone_number: '+15555550100' }, '+15555550100'],
  ])('the exchange of a code by %s', (connection, identifier, username) => {
    const params = {
      connection,
      identifier,
      otp: '012345',
      scope: 'openid email',
      audience: 'https://api.example.com',
    };
    const request = codeRequest(credentials, params, undefined);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/oauth/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    expect(form(request)).toStrictEqual({
      ...credentials,
      grant_type: OTP_GRANT,
      username,
      otp: '012345',
      realm: connection,
      scope: 'openid email',
      audience: 'https://api.example.com',
    });
  });
});

test('the exchange of a callback', () => {
  const request = callbackRequest(credentials, 'a code+/=&', 'https://app.example.com/cb?x=1&y=2');
  expect(request).toMatchObject({ method: 'POST', path: '/oauth/token' });
  expect(form(request)).toStrictEqual({
    ...credentials,
    grant_type: 'authorization_code',
    code: 'a code+/=&',
    redirect_uri: 'https://app.example.com/cb?x=1&y=2',
  });
});

test('userinfo and the keys are read by GET, without client credentials', () => {
  expect(userInfoRequest('the-token')).toStrictEqual({
    method: 'GET',
    path: '/userinfo',
    headers: { authorization: 'Bearer the-token' },
  });
  expect(keysRequest()).toStrictEqual({ method: 'GET', path: '/.well-known/jwks.json' });
});

test('what is not set is not sent', () => {
  const identifier = { email: 'ada@example.com' };
  const link = { redirect_uri: 'https://a.example', scope: 'openid', state: 's', nonce: 'n', audience: undefined };
  const start = startRequest(credentials, { connection: 'email', identifier, send: 'link', link }, {});
  expect(Object.keys((json(start) as { authParams: object }).authParams)).toEqual([
    'response_type',
    'redirect_uri',
    'scope',
    'state',
    'nonce',
  ]);
  expect(Object.keys(start.headers ?? {})).toEqual(['content-type']);
  const code = codeRequest(
    credentials,
    { connection: 'email', identifier, otp: '1', scope: 'openid', audience: undefined },
    undefined,
  );
  expect(form(code)).not.toHaveProperty('audience');
  expect(Object.keys(code.headers ?? {})).toEqual(['content-type']);
});

test("facts about the end user's request go as headers", () => {
  const identifier = { email: 'ada@example.com' };
  const endUser = { language: 'fr-CA', ip: '8.8.8.8' };
  const start = startRequest(credentials, { connection: 'email', identifier, send: 'code' }, endUser);
  expect(start.headers).toMatchObject({ 'x-request-language': 'fr-CA', 'auth0-forwarded-for': '8.8.8.8' });
  const code = codeRequest(credentials, { connection: 'email', identifier, otp: '1', scope: 'openid' }, '8.8.8.8');
  expect(code.headers).toMatchObject({ 'auth0-forwarded-for': '8.8.8.8' });
  expect(code.headers).not.toHaveProperty('x-request-language');
});

const response = (status: number, body: string) => ({ status, headers: {}, body });
const HTML = '<!doctype html><title>Blocked</title>';

describe('a start', () => {
  test.each([
    [200, '{"_id":"1","email":"ada@example.com","email_verified":true}'],
    [200, '{"_id":"1","phone_number":"+15555550100","phone_verified":true}'],
    [200, '{}'],
    [200, '[]'],
    [200, '"ok"'],
    [200, 'null'],
    [200, ''],
    [200, '\r\n'],
    [201, '{}'],
    [202, ''],
    [204, ''],
  ])('has succeeded with %i %j', (status, body) => {
    expect(() => {
      readNothing(response(status, body));
    }).not.toThrow();
  });

  test.each([
    [200, HTML],
    [200, '{"_id":'],
    [302, ''],
    [302, '{}'],
    [304, ''],
    [400, ''],
    [403, HTML],
    [500, ''],
    [502, HTML],
  ])('has not succeeded with %i %j', async (status, body) => {
    const error = await passwordlessErrorFrom(() => {
      readNothing(response(status, body));
    });
    expect(error).toMatchObject({ code: 'unexpected_response', status: 502 });
    expect(error.message).toContain(String(status));
  });

  test('says why Auth0 refused it', async () => {
    const error = await passwordlessErrorFrom(() => {
      readNothing(response(400, '{"error":"bad.email"}'));
    });
    expect(error).toMatchObject({ code: 'invalid_email' });
  });
});

describe('an answer that must be an object', () => {
  test('is that object', () => {
    expect(readObject(response(200, '{"a":[1]}'))).toEqual({ a: [1] });
  });

  test.each([
    [200, ''],
    [204, ''],
    [200, '[]'],
    [200, '[{"id_token":"x"}]'],
    [200, 'null'],
    [200, '"text"'],
    [200, '42'],
    [200, HTML],
    [200, '{"id_token":"x"'],
    [301, '{"id_token":"x"}'],
    [302, '{"id_token":"x"}'],
    [307, ''],
  ])('is not %i %j', async (status, body) => {
    expect(await passwordlessErrorFrom(() => readObject(response(status, body)))).toMatchObject({
      code: 'unexpected_response',
    });
  });

  test('shows nothing of a body it cannot read', async () => {
    const error = await passwordlessErrorFrom(() => readObject(response(200, '<p>ada@example.com')));
    expect(JSON.stringify(error) + (error.stack ?? '')).not.toContain('ada@');
  });
});

const body = { access_token: 'at', id_token: 'idt', token_type: 'Bearer', expires_in: 86_400 };

describe('tokens', () => {
  test('are read with everything that Auth0 may leave out', () => {
    expect(readTokens(body)).toStrictEqual({
      accessToken: 'at',
      idToken: 'idt',
      tokenType: 'Bearer',
      expiresIn: 86_400,
    });
    expect(readTokens({ ...body, refresh_token: 'rt', scope: 'openid' })).toStrictEqual({
      accessToken: 'at',
      idToken: 'idt',
      tokenType: 'Bearer',
      expiresIn: 86_400,
      refreshToken: 'rt',
      scope: 'openid',
    });
  });

  test('may have their lifetime as a string of digits', () => {
    expect(readTokens({ ...body, expires_in: '86400' })).toMatchObject({ expiresIn: 86_400 });
    expect(readTokens({ ...body, expires_in: 0 })).toMatchObject({ expiresIn: 0 });
  });

  test.each([[undefined], [null], [''], [[]], [[60]], [{}], [true], [-1], ['soon'], [' '], ['1e3'], [NaN], [Infinity]])(
    'are refused with expires_in %j',
    async (expires_in) => {
      expect(await passwordlessErrorFrom(() => readTokens({ ...body, expires_in }))).toMatchObject({
        code: 'unexpected_response',
      });
    },
  );

  test.each([
    ['access_token', undefined],
    ['access_token', null],
    ['access_token', 1],
    ['access_token', ['at']],
    ['token_type', undefined],
    ['token_type', {}],
    ['id_token', ['idt']],
    ['id_token', { a: 1 }],
    ['id_token', null],
  ])('are refused with %s %j', async (name, value) => {
    expect(await passwordlessErrorFrom(() => readTokens({ ...body, [name]: value }))).toMatchObject({
      code: 'unexpected_response',
      status: 502,
    });
  });

  test('may come without an ID token, as of a refresh', () => {
    const { id_token: _, ...withoutIDToken } = body;
    expect(readTokens(withoutIDToken)).not.toHaveProperty('idToken');
  });

  test('leave out a refresh token or a scope of the wrong type', () => {
    const tokens = readTokens({ ...body, refresh_token: 5, scope: ['openid'] });
    expect(tokens).not.toHaveProperty('refreshToken');
    expect(tokens).not.toHaveProperty('scope');
  });
});
