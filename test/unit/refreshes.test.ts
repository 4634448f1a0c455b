import { describe, expect, test } from 'vitest';
import type { RefreshParams } from '../../lib/auth0/endpoints.js';
import { createRefreshes } from '../../lib/auth0/refreshes.js';
import type { TokenAnswer } from '../../lib/auth0/tokens.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import { errorFrom, passwordlessErrorFrom, settled } from '../support/errors.js';
import { CLIENT, hostileAuth0, idToken } from '../support/hostile-auth0.js';
import { deferred } from './deferred.js';

interface Exchange {
  refreshToken: string;
  params: RefreshParams;
  /** `rotated` is the refresh token that replaces this one, if any. */
  answer: (rotated?: string) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

const verified = (answer: TokenAnswer) => Promise.resolve({ ...answer, expiresAt: 0 });

/** Refreshes, and the exchanges with Auth0 in order, which the test answers. */
function setUp({ finish = verified } = {}) {
  const exchanges: Exchange[] = [];
  const refresh = createRefreshes({
    exchange: (refreshToken, params) => {
      const response = deferred<TokenAnswer>();
      const accessToken = `access ${exchanges.length + 1}`;
      exchanges.push({
        refreshToken,
        params,
        answer: (rotated) => {
          const rotation = rotated === undefined ? {} : { refreshToken: rotated };
          response.resolve({ accessToken, tokenType: 'Bearer', expiresIn: 60, ...rotation });
          return settled();
        },
        fail: (error) => {
          response.reject(error);
          return settled();
        },
      });
      return response.promise;
    },
    finish,
  });
  const sent = () => exchanges.map(({ refreshToken, params }) => [refreshToken, params]);
  /** The exchange in progress. */
  const last = () => {
    const exchange = exchanges.at(-1);
    if (!exchange) throw new Error('nothing was asked');
    return exchange;
  };
  return { refresh, exchanges, sent, last };
}

const none = { scope: undefined, audience: undefined };
const payments = { audience: 'https://payments.example.com' };

describe('concurrent refreshes', () => {
  test('concurrent refreshes with the same token and parameters share one exchange', async () => {
    const { refresh, sent, last } = setUp();
    const both = Promise.all([refresh('R1', {}), refresh('R1', {})]);
    await settled();
    expect(sent()).toEqual([['R1', none]]);
    await last().answer('R2');
    expect(await both).toMatchObject([
      { accessToken: 'access 1', refreshToken: 'R2' },
      { accessToken: 'access 1', refreshToken: 'R2' },
    ]);
  });

  test('concurrent refreshes share a failure', async () => {
    const { refresh, last, exchanges } = setUp();
    const both = [refresh('R1', {}), refresh('R1', {})].map((call) => errorFrom(() => call));
    await settled();
    const error = new Error('down');
    await last().fail(error);
    expect(await Promise.all(both)).toEqual([error, error]);
    expect(exchanges).toHaveLength(1);
  });

  test.each<[string, RefreshParams, RefreshParams]>([
    ['audiences', {}, payments],
    ['scopes', { scope: 'openid' }, { scope: 'openid email' }],
    ['parameters with the same value', { scope: 'x' }, { audience: 'x' }],
  ])('refreshes with different %s are two exchanges, the second with the rotated token', async (_what, one, other) => {
    const { refresh, sent, last } = setUp();
    const calls = [refresh('R1', one), refresh('R1', other)];
    await settled();
    expect(sent()).toEqual([['R1', { ...none, ...one }]]);
    await last().answer('R2');
    expect(sent().slice(1)).toEqual([['R2', { ...none, ...other }]]);
    await last().answer('R3');
    expect(await Promise.all(calls)).toMatchObject([{ accessToken: 'access 1' }, { accessToken: 'access 2' }]);
  });

  test('refreshes with different parameters both return the newest refresh token', async () => {
    const { refresh, last, exchanges } = setUp();
    const calls = [refresh('R1', {}), refresh('R1', payments)];
    await settled();
    await last().answer('R2');
    await last().answer('R3');
    expect(await Promise.all(calls)).toMatchObject([{ refreshToken: 'R3' }, { refreshToken: 'R3' }]);
    // Whichever result the app keeps, its next refresh uses the valid token.
    void refresh('R3', {});
    await settled();
    expect(exchanges.map(({ refreshToken }) => refreshToken)).toEqual(['R1', 'R2', 'R3']);
  });

  test('refreshes with different parameters both use the first token if Auth0 does not rotate it', async () => {
    const { refresh, sent, last } = setUp();
    const calls = [refresh('R1', {}), refresh('R1', payments)];
    await settled();
    await last().answer();
    await last().answer();
    expect(sent().map(([token]) => token)).toEqual(['R1', 'R1']);
    for (const tokens of await Promise.all(calls)) expect(tokens).not.toHaveProperty('refreshToken');
  });

  test('a refresh goes on after the one before it, with other parameters, has failed', async () => {
    const { refresh, sent, last } = setUp();
    const first = errorFrom(() => refresh('R1', payments));
    const second = refresh('R1', {});
    await settled();
    const error = new Error('mfa_required');
    await last().fail(error);
    expect(await first).toBe(error);
    expect(sent().slice(1)).toEqual([['R1', none]]);
    await last().answer('R2');
    expect(await second).toMatchObject({ refreshToken: 'R2' });
  });

  test('a refresh uses the rotated token of one before it whose ID token was rejected', async () => {
    const error = new Error('id_token_invalid');
    const finish = (answer: TokenAnswer) =>
      answer.accessToken === 'access 1' ? Promise.reject(error) : verified(answer);
    const { refresh, sent, last } = setUp({ finish });
    const first = errorFrom(() => refresh('R1', {}));
    const second = refresh('R1', payments);
    await settled();
    await last().answer('R2');
    expect(await first).toBe(error);
    expect(sent().map(([token]) => token)).toEqual(['R1', 'R2']);
    await last().answer('R3');
    expect(await second).toMatchObject({ refreshToken: 'R3' });
  });

  test('refreshes with different tokens do not wait for each other', async () => {
    const { refresh, sent, exchanges } = setUp();
    const calls = [refresh('R1', {}), refresh('S1', {})];
    await settled();
    expect(sent()).toEqual([
      ['R1', none],
      ['S1', none],
    ]);
    await exchanges[1]?.answer('S2');
    expect(await calls[1]).toMatchObject({ refreshToken: 'S2' });
    await exchanges[0]?.answer('R2');
    expect(await calls[0]).toMatchObject({ refreshToken: 'R2' });
  });
});

describe('consecutive refreshes', () => {
  test('consecutive refreshes are two exchanges, as nothing is cached', async () => {
    const { refresh, sent, last } = setUp();
    for (const token of ['R1', 'R2']) {
      const call = refresh(token, {});
      await settled();
      await last().answer(token === 'R1' ? 'R2' : 'R3');
      await call;
    }
    expect(sent()).toEqual([
      ['R1', none],
      ['R2', none],
    ]);
  });

  test('a failed refresh can be repeated', async () => {
    const { refresh, last } = setUp();
    const failed = errorFrom(() => refresh('R1', {}));
    await settled();
    await last().fail(new Error('down'));
    await failed;
    const again = refresh('R1', {});
    await settled();
    await last().answer();
    expect(await again).toMatchObject({ accessToken: 'access 2' });
  });

  test('a failed refresh can be repeated while another exchange of the token is in progress', async () => {
    const { refresh, exchanges, last } = setUp();
    const failed = errorFrom(() => refresh('R1', {}));
    const other = refresh('R1', payments);
    await settled();
    await last().fail(new Error('down'));
    await failed;
    const again = refresh('R1', {});
    await settled();
    expect(exchanges).toHaveLength(2);
    await last().answer('R2');
    expect(exchanges[2]).toMatchObject({ refreshToken: 'R2', params: none });
    await last().answer('R3');
    expect(await Promise.all([other, again])).toMatchObject([{ refreshToken: 'R3' }, { accessToken: 'access 3' }]);
  });

  test('an exchange that throws synchronously fails like any other', async () => {
    const error = new Error('synchronous');
    const exchange = () => {
      throw error;
    };
    const refresh = createRefreshes({ exchange, finish: verified });
    expect(await errorFrom(() => refresh('R1', {}))).toBe(error);
    expect(await errorFrom(() => refresh('R1', {}))).toBe(error);
  });
});

// OpenID Connect Core 1.0, section 12.2. Signature and claims are verified as in id-token.test.ts.
describe('the ID token of a refresh', () => {
  const sub = 'email|ada';

  /** Refreshes for Ada with an Auth0 that answers with this ID token. */
  function refresh(id_token: unknown, params?: { sub: string }) {
    const body = { access_token: 'the-access-token', token_type: 'Bearer', expires_in: 60, id_token };
    const dispatcher = hostileAuth0(() => ({ body }));
    const options = { ...CLIENT, idTokenSigningAlg: 'HS256', dispatcher } as const;
    return new PasswordlessStrategy(options, async () => {}).auth0.refresh('v1.token', params);
  }

  test.each<[string, object]>([
    ['its issuer, client and user alone', {}],
    ['the nonce of the login, which nobody remembers', { nonce: 'n-1' }],
    ['the time of the login', { auth_time: 1 }],
  ])('a refreshed ID token is accepted with %s', async (_what, claims) => {
    expect(await refresh(idToken(claims), { sub })).toMatchObject({ claims: { sub, ...claims } });
  });

  test.each<[string, string]>([
    ['of another issuer', idToken({ iss: 'https://evil.example.com/' })],
    ['for another client', idToken({ aud: 'another' })],
    ['signed with another key', idToken({}, {}, 'another secret of at least 32 bytes')],
  ])('a refreshed ID token %s is rejected', async (_what, token) => {
    expect((await passwordlessErrorFrom(() => refresh(token))).code).toBe('id_token_invalid');
  });

  test('a refreshed ID token of another user than the one who is signed in is rejected', async () => {
    const call = () => refresh(idToken({ sub: 'email|bob' }), { sub });
    expect((await passwordlessErrorFrom(call)).code).toBe('subject_mismatch');
  });

  test('a refresh may return no ID token', async () => {
    const tokens = await refresh(undefined, { sub });
    expect(tokens).toMatchObject({ accessToken: 'the-access-token' });
    expect(tokens).not.toHaveProperty('claims');
  });

  test.each([null, 7, {}])('a refresh that returns the ID token %j is an unexpected_response', async (token) => {
    expect((await passwordlessErrorFrom(() => refresh(token))).code).toBe('unexpected_response');
  });
});
