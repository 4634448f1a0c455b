import { Passport } from 'passport';
import { PasswordlessStrategy, type RequestLike, start, verify } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { hostileAuth0 } from '../support/hostile-auth0.js';

// The five calls of Auth0's guide to embedded passwordless login, as they leave the process.

const phone = '+12025550123';
const email = 'ada@example.com';

async function call(body: object, options: { then?: object; send?: 'code' | 'link' } = {}) {
  const auth0 = hostileAuth0({ '/oauth/token': () => ({ status: 403, body: { error: 'invalid_grant' } }) });
  const strategy = new PasswordlessStrategy(
    {
      domain: await auth0.listen(),
      clientID: 'the-client',
      clientSecret: 'the-secret',
      callbackURL: 'https://app.example.com/callback',
      audience: 'your-api-audience',
      ...(options.send && { send: options.send }),
    },
    () => Promise.resolve({}),
  );
  const passport = new Passport();
  passport.use(strategy);
  const session = {};
  const authenticate = (req: Partial<RequestLike>, route: object) =>
    new Promise((resolve, reject) => {
      const answered = (error: unknown, _user: unknown, info: unknown) => {
        if (error) reject(error);
        else resolve(info);
      };
      const handler = passport.authenticate('auth0-passwordless', route, answered) as (...args: unknown[]) => void;
      handler({ method: 'POST', headers: {}, session, ...req }, {}, resolve);
    });
  await authenticate({ body }, start());
  if (options.then) await authenticate({ body: options.then }, verify());
  await strategy.auth0.close();
  return auth0.sent;
}

const client = { client_id: 'the-client', client_secret: 'the-secret' };

describe('POST /passwordless/start', () => {
  test('sends a code by email', async () => {
    const [request] = await call({ email });
    expect(request).toMatchObject({ method: 'POST', path: '/passwordless/start' });
    expect(request?.headers).toMatchObject({ 'content-type': 'application/json', accept: 'application/json' });
    expect(JSON.parse(request?.body ?? '')).toEqual({ ...client, connection: 'email', email, send: 'code' });
  });

  test('sends a link by email, with all that its callback needs', async () => {
    const [request] = await call({ email }, { send: 'link' });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ...client,
      connection: 'email',
      email,
      send: 'link',
      authParams: {
        response_type: 'code',
        redirect_uri: 'https://app.example.com/callback',
        scope: 'openid profile email',
        audience: 'your-api-audience',
        state: expect.stringMatching(/^[\w-]{32}$/) as string,
        nonce: expect.stringMatching(/^[\w-]{32}$/) as string,
      },
    });
  });

  test('sends a code by SMS', async () => {
    const [request] = await call({ phone_number: phone });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      ...client,
      connection: 'sms',
      phone_number: phone,
      send: 'code',
    });
  });
});

describe('POST /oauth/token', () => {
  test.each([
    ['email', { email }, email],
    ['sms', { phone_number: phone }, phone],
  ])('exchanges a code of %s', async (realm, body, username) => {
    const [, request] = await call(body, { then: { otp: '123456' } });
    expect(request).toMatchObject({ method: 'POST', path: '/oauth/token' });
    expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(Object.fromEntries(new URLSearchParams(request?.body ?? ''))).toEqual({
      ...client,
      grant_type: 'http://auth0.com/oauth/grant-type/passwordless/otp',
      username,
      otp: '123456',
      realm,
      audience: 'your-api-audience',
      scope: 'openid profile email',
    });
  });
});

test('every call names this package, and nothing else of the machine than the version of Node', async () => {
  const requests = await call({ email }, { then: { otp: '123456' } });
  expect(requests).toHaveLength(2);
  for (const { headers } of requests) {
    const sent = JSON.parse(Buffer.from(String(headers['auth0-client']), 'base64').toString()) as unknown;
    expect(sent).toEqual({
      name: 'passport-auth0-passwordless',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
      env: { node: process.versions.node },
    });
  }
});
