import { describe, expect, test } from 'vitest';
import { readNothing, readObject } from '../../lib/auth0/answers.js';
import { callbackRequest, codeRequest, keysRequest, startRequest, userInfoRequest } from '../../lib/auth0/endpoints.js';
import type { HttpRequest } from '../../lib/auth0/http.js';
import { readTokens } from '../../lib/auth0/tokens.js';
import { passwordlessErrorFrom } from '../support/errors.js';

const credentials = { client_id: 'the-client', client_secret: 'the-secret' };
const email = { email: 'ada@example.com' };
const sms = { phone_number: '+15555550100' };

const json = ({ body }: HttpRequest): unknown => JSON.parse(body ?? '');
const form = ({ body }: HttpRequest) => Object.fromEntries(new URLSearchParams(body));

describe('requests to Auth0', () => {
  test.each([
    ['email', email],
    ['sms', sms],
  ])('a start by %s asks for a code', (connection, identifier) => {
    const request = startRequest(credentials, { connection, identifier, send: 'code' }, {});
    expect(request).toMatchObject({
      method: 'POST',
      path: '/passwordless/start',
      headers: { 'content-type': 'application/json' },
    });
    expect(json(request)).toStrictEqual({ ...credentials, connection, ...identifier, send: 'code' });
    expect(Object.keys(request.headers ?? {})).toEqual(['content-type']);
  });

  test.each([
    { audience: 'https://api.example.com', organization: 'org_1' },
    { audience: undefined, organization: undefined },
  ])('a start of a link carries the parameters that are set: %j', (optional) => {
    const link = { redirect_uri: 'https://app.example.com/cb', scope: 'openid', state: 's', nonce: 'n', ...optional };
    const request = startRequest(credentials, { connection: 'email', identifier: email, send: 'link', link }, {});
    const authParams = JSON.parse(JSON.stringify({ response_type: 'code', ...link })) as object;
    expect(json(request)).toStrictEqual({ ...credentials, connection: 'email', ...email, send: 'link', authParams });
  });

  test.each([
    ['email', { email: 'ada+1@example.com' }, 'ada+1@example.com', { audience: 'https://api.example.com' }],
    ['sms', sms, '+15555550100', {}],
  ])('a code sent by %s is exchanged with its identifier', (connection, identifier, username, audience) => {
    const params = { connection, identifier, otp: '012345', scope: 'openid email', audience: undefined, ...audience };
    const request = codeRequest(credentials, params, undefined);
    expect(request).toMatchObject({ method: 'POST', path: '/oauth/token' });
    expect(request.headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' });
    expect(form(request)).toStrictEqual({
      ...credentials,
      grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
      username,
      otp: '012345',
      realm: connection,
      scope: 'openid email',
      ...audience,
    });
  });

  test("the code of a link's callback is exchanged with the redirect URI", () => {
    const request = callbackRequest(credentials, 'a code+/=&', 'https://app.example.com/cb?x=1&y=2');
    expect(request).toMatchObject({ method: 'POST', path: '/oauth/token' });
    expect(form(request)).toStrictEqual({
      ...credentials,
      grant_type: 'authorization_code',
      code: 'a code+/=&',
      redirect_uri: 'https://app.example.com/cb?x=1&y=2',
    });
  });

  test('userinfo and keys are read by GET, without client authentication', () => {
    expect(userInfoRequest('the-token')).toStrictEqual({
      method: 'GET',
      path: '/userinfo',
      headers: { authorization: 'Bearer the-token' },
    });
    expect(keysRequest()).toStrictEqual({ method: 'GET', path: '/.well-known/jwks.json' });
  });

  test("the end user's language and address are sent as headers", () => {
    const endUser = { language: 'fr-CA', ip: '8.8.8.8' };
    const start = startRequest(credentials, { connection: 'email', identifier: email, send: 'code' }, endUser);
    expect(start.headers).toMatchObject({ 'x-request-language': 'fr-CA', 'auth0-forwarded-for': '8.8.8.8' });
    const params = { connection: 'email', identifier: email, otp: '1', scope: 'openid' };
    const { headers } = codeRequest(credentials, params, '8.8.8.8');
    expect(headers).toMatchObject({ 'auth0-forwarded-for': '8.8.8.8' });
    expect(headers).not.toHaveProperty('x-request-language');
  });
});

const response = (status: number, body: string) => ({ status, headers: {}, body });
const HTML = '<!doctype html><title>Blocked</title>';

describe('responses without a result', () => {
  test.each([
    [200, ['{"_id":"1","email":"ada@example.com"}', '{}', '[]', '"ok"', 'null', '', '\r\n']],
    [201, ['{}']],
    [202, ['']],
    [204, ['']],
  ])('a start has succeeded with status %i and JSON or no body', (status, bodies) => {
    for (const body of bodies) {
      expect(() => {
        readNothing(response(status, body));
      }, body).not.toThrow();
    }
  });

  test.each([
    [200, [HTML, '{"_id":']],
    [302, ['', '{}']],
    [304, ['']],
    [400, ['']],
    [403, [HTML]],
    [500, ['']],
    [502, [HTML]],
  ])('a start with status %i and %j is an unexpected_response that names the status', async (status, bodies) => {
    for (const body of bodies) {
      const error = await passwordlessErrorFrom(() => {
        readNothing(response(status, body));
      });
      expect(error).toMatchObject({ code: 'unexpected_response', status: 502 });
      expect(error.message).toContain(String(status));
    }
  });

  test('a start that Auth0 refused has its reason', async () => {
    const error = await passwordlessErrorFrom(() => {
      readNothing(response(400, '{"error":"bad.email"}'));
    });
    expect(error).toMatchObject({ code: 'invalid_email' });
  });
});

describe('responses with an object', () => {
  test('a response with a JSON object is read as that', () => {
    expect(readObject(response(200, '{"a":[1]}'))).toEqual({ a: [1] });
  });

  test.each([
    [200, ['', '[]', '[{"id_token":"x"}]', 'null', '"text"', '42', HTML, '{"id_token":"x"']],
    [204, ['']],
    [301, ['{"id_token":"x"}']],
    [302, ['{"id_token":"x"}']],
    [307, ['']],
  ])('a response with status %i and no object is an unexpected_response: %j', async (status, bodies) => {
    for (const body of bodies) {
      const error = await passwordlessErrorFrom(() => readObject(response(status, body)));
      expect(error.code, body).toBe('unexpected_response');
    }
  });

  test('the error of an unreadable body shows nothing of it', async () => {
    const error = await passwordlessErrorFrom(() => readObject(response(200, '<p>ada@example.com')));
    expect(JSON.stringify(error) + (error.stack ?? '')).not.toContain('ada@');
  });
});

describe('tokens', () => {
  const body = { access_token: 'at', id_token: 'idt', token_type: 'Bearer', expires_in: 86_400 };
  const tokens = { accessToken: 'at', idToken: 'idt', tokenType: 'Bearer', expiresIn: 86_400 };
  const { id_token: _, ...withoutIDToken } = body;
  const { idToken: _idToken, ...noIDToken } = tokens;

  test.each<[string, object, object]>([
    ['no more than they must have', body, tokens],
    ['a refresh token', { ...body, refresh_token: 'rt' }, { ...tokens, refreshToken: 'rt' }],
    ['a scope', { ...body, scope: 'openid' }, { ...tokens, scope: 'openid' }],
    ['a refresh token and a scope of the wrong type', { ...body, refresh_token: 5, scope: ['openid'] }, tokens],
    ['no ID token, as after a refresh', withoutIDToken, noIDToken],
    ['their lifetime as a string of digits', { ...body, expires_in: '86400' }, tokens],
    ['a lifetime of 0', { ...body, expires_in: 0 }, { ...tokens, expiresIn: 0 }],
  ])('tokens may have %s', (_what, given, expected) => {
    expect(readTokens({ ...given })).toStrictEqual(expected);
  });

  test.each<[string, unknown[]]>([
    ['expires_in', [undefined, null, '', [], [60], {}, true, -1, 'soon', ' ', '1e3', NaN, Infinity]],
    ['access_token', [undefined, null, 1, ['at']]],
    ['token_type', [undefined, {}]],
    ['id_token', [['idt'], { a: 1 }, null]],
  ])('tokens with a malformed %s are an unexpected_response', async (name, values) => {
    for (const value of values) {
      const error = await passwordlessErrorFrom(() => readTokens({ ...body, [name]: value }));
      expect(error).toMatchObject({ code: 'unexpected_response', status: 502 });
    }
  });
});
