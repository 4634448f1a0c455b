import { isPasswordlessError, type Tokens } from 'passport-auth0-passwordless';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ada, openApp, type Setup, setUp } from '../support/app.js';
import { errorFrom } from '../support/errors.js';

const api = 'https://api.example.com';

/** Ada, signed in, and the tokens that her app keeps. */
async function signedIn(setup: Setup = {}) {
  const got: Tokens[] = [];
  const app = await setUp({
    ...setup,
    strategy: { scope: 'openid profile email offline_access', ...setup.strategy },
    verify: (tokens, { id }) => {
      got.push(tokens);
      return Promise.resolve({ id });
    },
  });
  const agent = app.browser();
  await agent.post('/start').send({ email: ada });
  await agent.post('/code').send({ otp: app.code() });
  const [tokens] = got as [Tokens];
  const { refreshToken = '' } = tokens;
  return { ...app, agent, tokens, refreshToken, auth0: app.strategy.auth0 };
}

/** `code` of what a call rejected with. */
async function codeFrom(call: () => Promise<unknown>) {
  const error = await errorFrom(call);
  return isPasswordlessError(error) ? error.code : error;
}

describe('refresh', () => {
  test('returns new tokens, with a verified ID token for the same user', async () => {
    const { auth0, refreshToken, tokens } = await signedIn();
    const now = Math.floor(Date.now() / 1000);
    const refreshed = await auth0.refresh(refreshToken, { sub: tokens.claims.sub });
    expect(refreshed).toMatchObject({ tokenType: 'Bearer', scope: tokens.scope, claims: { sub: tokens.claims.sub } });
    expect(refreshed.accessToken).not.toBe(tokens.accessToken);
    expect(refreshed.refreshToken).not.toBe(refreshToken);
    expect(refreshed.expiresAt - refreshed.expiresIn).toBeGreaterThanOrEqual(now);
    expect((await auth0.userInfo(refreshed.accessToken)).sub).toBe(tokens.claims.sub);
  });

  test('requests fewer scopes, or another API', async () => {
    const { auth0, refreshToken, sent } = await signedIn();
    const { refreshToken: second = '', ...less } = await auth0.refresh(refreshToken, { scope: 'email' });
    expect(less).toMatchObject({ scope: 'email' });
    expect(less).not.toHaveProperty('idToken');
    expect(less).not.toHaveProperty('claims');
    await auth0.refresh(second, { audience: api });
    const asked = sent('/oauth/token').map(({ body }) => [body.scope, body.audience]);
    expect(asked.slice(1)).toEqual([
      ['email', undefined],
      [undefined, api],
    ]);
  });

  test('returns no refresh token if Auth0 does not rotate', async () => {
    const { auth0, refreshToken } = await signedIn({ tenant: { refreshTokenRotation: false } });
    expect(await auth0.refresh(refreshToken)).not.toHaveProperty('refreshToken');
    expect(await auth0.refresh(refreshToken)).toHaveProperty('accessToken');
  });

  test('of one token, concurrently, never uses it twice: for the same API or for several', async () => {
    const { auth0, refreshToken, sent } = await signedIn();
    const all = await Promise.all([
      ...[auth0.refresh(refreshToken), auth0.refresh(refreshToken)],
      ...[auth0.refresh(refreshToken, { audience: api }), auth0.refresh(refreshToken, { audience: `${api}/2` })],
    ]);
    expect(sent('/oauth/token')).toHaveLength(1 + 3);
    const [kept = '', ...others] = new Set(all.map((tokens) => tokens.refreshToken));
    expect(others).toEqual([]);
    expect(await auth0.refresh(kept)).toHaveProperty('refreshToken');
  });

  test('of a rotated token is access_denied, and so is its successor from then on', async () => {
    const { auth0, refreshToken } = await signedIn();
    const { refreshToken: newest = '' } = await auth0.refresh(refreshToken);
    expect(await codeFrom(() => auth0.refresh(refreshToken))).toBe('access_denied');
    expect(await codeFrom(() => auth0.refresh(newest))).toBe('access_denied');
  });

  test('does not use up the refresh token if the signing keys cannot be fetched', async () => {
    const { refreshToken, tenant, sent } = await signedIn();
    const { auth0 } = (await openApp(tenant)).strategy;
    const before = sent('/oauth/token').length;
    tenant.fault({ path: '/.well-known/jwks.json', respond: 'reset' });
    expect(await codeFrom(() => auth0.refresh(refreshToken))).toBe('transport_error');
    expect(sent('/oauth/token')).toHaveLength(before);
    expect(await auth0.refresh(refreshToken)).toHaveProperty('claims');
  });

  test('for another user than sub is subject_mismatch', async () => {
    const { auth0, refreshToken, tenant, tokens } = await signedIn();
    const { sub } = tokens.claims;
    for (const user of tenant.users) user.userID = 'email|somebody-else';
    const { refreshToken: second = '', claims } = await auth0.refresh(refreshToken);
    expect(claims?.sub).toBe('email|somebody-else');
    expect(await codeFrom(() => auth0.refresh(second, { sub }))).toBe('subject_mismatch');
  });

  test.each([undefined, null, '', ' ', 7])(
    'without a refresh token (%j) is a TypeError, and asks nobody',
    async (none) => {
      const { auth0, tenant } = await signedIn();
      const before = tenant.requests.length;
      for (const call of [() => auth0.refresh(none as string), () => auth0.revoke(none as string)]) {
        const error = await errorFrom(call);
        expect(error).toBeInstanceOf(TypeError);
        expect(String(error)).toContain('refreshToken is required');
      }
      expect(tenant.requests).toHaveLength(before);
    },
  );

  test.each([
    ['a made-up token', 'v1.made-up', 'access_denied'],
    ['a token with what ends a header', 'v1.a\r\nb: c', 'access_denied'],
    ['a token that would add a parameter', 'v1.a&scope=admin', 'access_denied'],
  ])('of %s is refused', async (_what, token, code) => {
    const { auth0, sent } = await signedIn();
    expect(await codeFrom(() => auth0.refresh(token))).toBe(code);
    expect(sent('/oauth/token').at(-1)?.body.scope).toBeUndefined();
  });

  test('of a blocked user is user_blocked; of a deleted user, access_denied', async () => {
    const { auth0, refreshToken, tenant } = await signedIn();
    for (const user of tenant.users) user.blocked = true;
    expect(await codeFrom(() => auth0.refresh(refreshToken))).toBe('user_blocked');
    tenant.users.splice(0);
    expect(await codeFrom(() => auth0.refresh(refreshToken))).toBe('access_denied');
  });
});

describe('revoke', () => {
  test('invalidates the refresh token', async () => {
    const { auth0, refreshToken } = await signedIn();
    await auth0.revoke(refreshToken);
    expect(await codeFrom(() => auth0.refresh(refreshToken))).toBe('access_denied');
  });

  test('of an invalid or unknown refresh token succeeds', async () => {
    const { auth0, refreshToken } = await signedIn();
    await auth0.revoke(refreshToken);
    await auth0.revoke(refreshToken);
    await expect(auth0.revoke('v1.made-up')).resolves.toBeUndefined();
  });

  test('with a wrong secret is a configuration_error', async () => {
    const { refreshToken, tenant } = await signedIn();
    const { strategy } = await setUp({ strategy: { domain: tenant.domain, clientSecret: 'another secret' } });
    expect(await codeFrom(() => strategy.auth0.revoke(refreshToken))).toBe('configuration_error');
  });
});

describe('userInfo', () => {
  test("returns the claims of the access token's user", async () => {
    const { auth0, tokens } = await signedIn();
    expect(await auth0.userInfo(tokens.accessToken)).toMatchObject({ sub: tokens.claims.sub, email: ada });
  });

  test.each(['made-up', 'a b'])('of a made-up access token (%j) is access_denied', async (token) => {
    const { auth0 } = await signedIn();
    expect(await errorFrom(() => auth0.userInfo(token))).toMatchObject({
      code: 'access_denied',
      message: expect.stringContaining('openid') as string,
    });
  });

  test('of an expired access token is access_denied', async () => {
    const { auth0, tenant, tokens } = await signedIn();
    tenant.clock.advance(86_401);
    expect(await codeFrom(() => auth0.userInfo(tokens.accessToken))).toBe('access_denied');
  });
});

describe('warmUp', () => {
  test('leaves the first login only its own requests', async () => {
    const { browser, code, strategy, tenant } = await setUp();
    await strategy.auth0.warmUp();
    expect(tenant.requests.map(({ path }) => path)).toEqual(['/.well-known/jwks.json']);
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
    expect(tenant.requests.slice(1).map(({ path }) => path)).toEqual(['/passwordless/start', '/oauth/token']);
  });

  test('rejects if it fails, and the first login fetches the keys', async () => {
    const { browser, code, strategy, tenant } = await setUp();
    tenant.fault({ path: '/.well-known/jwks.json', respond: 'reset' });
    expect(await codeFrom(() => strategy.auth0.warmUp())).toBe('transport_error');
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
  });

  test('fetches the newest keys, however new the cached ones are', async () => {
    const { strategy, sent } = await setUp();
    await Promise.all([strategy.auth0.warmUp(), strategy.auth0.warmUp()]);
    await strategy.auth0.warmUp();
    expect(sent('/.well-known/jwks.json')).toHaveLength(2);
  });
});

describe('close', () => {
  test('waits for calls in progress; a later call is a transport_error', async () => {
    const { auth0, tokens } = await signedIn();
    const call = auth0.userInfo(tokens.accessToken);
    await auth0.close();
    expect(await call).toMatchObject({ email: ada });
    await auth0.close();
    expect(await codeFrom(() => auth0.userInfo(tokens.accessToken))).toBe('transport_error');
  });

  test("leaves the app's own dispatcher open", async () => {
    const dispatcher = new Agent();
    onTestFinished(() => dispatcher.close());
    const close = vi.spyOn(dispatcher, 'close');
    const { auth0, tokens } = await signedIn({ strategy: { dispatcher } });
    await auth0.close();
    expect(close).not.toHaveBeenCalled();
    expect(await auth0.userInfo(tokens.accessToken)).toMatchObject({ email: ada });
  });
});
