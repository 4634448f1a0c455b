import { describe, expect, test } from 'vitest';
import type { RefreshParams } from '../../lib/auth0/endpoints.js';
import { createRefreshes } from '../../lib/auth0/refreshes.js';
import type { TokenAnswer } from '../../lib/auth0/tokens.js';
import { errorFrom, settled } from '../support/errors.js';

interface Exchange {
  refreshToken: string;
  params: RefreshParams;
  /** With the refresh token that takes the place of this one, if any. */
  answer: (rotated?: string) => Promise<void>;
  fail: (error: Error) => Promise<void>;
}

const believed = (answer: TokenAnswer) => Promise.resolve({ ...answer, expiresAt: 0 });

/** What was asked of Auth0, in order, each to be answered at will. */
function setUp({ finish = believed } = {}) {
  const exchanges: Exchange[] = [];
  const refresh = createRefreshes({
    exchange: (refreshToken, params) =>
      new Promise((resolve, reject) => {
        const accessToken = `access ${exchanges.length + 1}`;
        const tokens = { accessToken, tokenType: 'Bearer', expiresIn: 60 };
        exchanges.push({
          refreshToken,
          params,
          answer: (rotated) => {
            resolve({ ...tokens, ...(rotated !== undefined && { refreshToken: rotated }) });
            return settled();
          },
          fail: (error) => {
            reject(error);
            return settled();
          },
        });
      }),
    finish,
  });
  const sent = () => exchanges.map(({ refreshToken, params }) => [refreshToken, params]);
  /** The exchange that is under way. */
  const last = () => {
    const exchange = exchanges.at(-1);
    if (!exchange) throw new Error('nothing was asked');
    return exchange;
  };
  return { refresh, exchanges, sent, last };
}

const none = { scope: undefined, audience: undefined };
const payments = { audience: 'https://payments.example.com' };

describe('two refreshes at once', () => {
  test('with the same token and parameters share one exchange', async () => {
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

  test('share a failure as well', async () => {
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
    ['parameters of the same text', { scope: 'x' }, { audience: 'x' }],
  ])('with other %s are two exchanges, the second with the token that the first brought', async (_what, one, other) => {
    const { refresh, sent, last } = setUp();
    const calls = [refresh('R1', one), refresh('R1', other)];
    await settled();
    expect(sent()).toEqual([['R1', { ...none, ...one }]]);
    await last().answer('R2');
    expect(sent().slice(1)).toEqual([['R2', { ...none, ...other }]]);
    await last().answer('R3');
    expect(await Promise.all(calls)).toMatchObject([{ accessToken: 'access 1' }, { accessToken: 'access 2' }]);
  });

  test('with other parameters both bring the newest refresh token, since the one between is spent', async () => {
    const { refresh, last, exchanges } = setUp();
    const calls = [refresh('R1', {}), refresh('R1', payments)];
    await settled();
    await last().answer('R2');
    await last().answer('R3');
    expect(await Promise.all(calls)).toMatchObject([{ refreshToken: 'R3' }, { refreshToken: 'R3' }]);
    // Whichever of them the app keeps, the next refresh is with the one that is good.
    void refresh('R3', {});
    await settled();
    expect(exchanges.map(({ refreshToken }) => refreshToken)).toEqual(['R1', 'R2', 'R3']);
  });

  test('with other parameters go on with the same token, where none took its place', async () => {
    const { refresh, sent, last } = setUp();
    const calls = [refresh('R1', {}), refresh('R1', payments)];
    await settled();
    await last().answer();
    await last().answer();
    expect(sent().map(([token]) => token)).toEqual(['R1', 'R1']);
    for (const tokens of await Promise.all(calls)) expect(tokens).not.toHaveProperty('refreshToken');
  });

  test('with other parameters are not stopped by a failure of the first', async () => {
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

  test('go on with the token that the first brought, where its ID token was refused', async () => {
    const error = new Error('id_token_invalid');
    const finish = (answer: TokenAnswer) =>
      answer.accessToken === 'access 1' ? Promise.reject(error) : believed(answer);
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

  test('of different users know nothing of each other', async () => {
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

describe('one after the other', () => {
  test('two refreshes are two exchanges: nothing is cached', async () => {
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

  test('a failure is not remembered', async () => {
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

  test('a failure is not remembered while another exchange of the token is under way', async () => {
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

  test('an exchange that throws at once is a failure like any other', async () => {
    const error = new Error('at once');
    const exchange = () => {
      throw error;
    };
    const refresh = createRefreshes({ exchange, finish: believed });
    expect(await errorFrom(() => refresh('R1', {}))).toBe(error);
    expect(await errorFrom(() => refresh('R1', {}))).toBe(error);
  });
});
