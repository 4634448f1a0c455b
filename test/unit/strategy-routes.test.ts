import { describe, expect, test } from 'vitest';
import { isPasswordlessError } from '../../lib/errors.js';
import { ADDRESS, auth0, authenticate, CODE, createStrategy, pendingSession, post, start } from './harness.js';

describe('the action', () => {
  test.each([['login'], ['Start'], [''], ['toString'], ['__proto__']])(
    '%j is a configuration_error',
    async (action) => {
      const [[name, error] = [], ...more] = await authenticate(createStrategy(), post(ADDRESS), {
        action: action as 'start',
      });
      expect(name).toBe('error');
      expect(isPasswordlessError(error) && error).toMatchObject({ code: 'configuration_error', status: 500 });
      expect(more).toEqual([]);
    },
  );

  test('is verify where none is named, so that no route lets anybody through by mistake', async () => {
    expect(await authenticate(createStrategy(), post(ADDRESS))).toMatchObject([
      ['fail', { code: 'transaction_missing' }, 403],
    ]);
  });

  test.each([
    ...['HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'post', undefined].map((method) => ['verify', method] as const),
    ...['GET', 'HEAD', 'PUT', 'DELETE', undefined].map((method) => ['start', method] as const),
    ...['GET', 'HEAD', 'PUT', 'DELETE', undefined].map((method) => ['resend', method] as const),
  ])('%s does not take %s, and calls nobody', async (action, method) => {
    const dispatcher = auth0();
    const req = { ...post({ ...ADDRESS, ...CODE }), method, query: { state: 's', code: 'c' } };
    expect(await authenticate(createStrategy({ dispatcher }), req, { action })).toMatchObject([
      ['fail', { code: 'method_not_allowed' }, 405],
    ]);
    expect(dispatcher.paths).toEqual([]);
  });
});

describe('a request that another site sends', () => {
  const crossSite = { 'sec-fetch-site': 'cross-site' };

  test.each(['start', 'resend', 'verify'] as const)('is refused by %s', async (action) => {
    const dispatcher = auth0();
    const strategy = createStrategy({ dispatcher });
    const session = await pendingSession(strategy);
    const before = JSON.stringify(session);
    expect(await authenticate(strategy, post({ ...ADDRESS, ...CODE }, session, crossSite), { action })).toMatchObject([
      ['fail', { code: 'cross_site_request' }, 403],
    ]);
    expect(dispatcher.paths).toEqual(['/passwordless/start']);
    expect(JSON.stringify(session)).toBe(before);
  });

  test('is how a link comes back from a mail', async () => {
    const req = { method: 'GET', headers: crossSite, query: { state: 's', code: 'c' }, session: {} };
    expect(await authenticate(createStrategy(), req)).toMatchObject([['fail', { code: 'link_opened_elsewhere' }, 403]]);
  });

  test.each(['same-origin', 'same-site', 'none'])('is another thing than %s', async (site) => {
    const req = post(ADDRESS, {}, { 'sec-fetch-site': site });
    expect(await authenticate(createStrategy(), req, start)).toEqual([['pass']]);
  });

  test('is taken where the app allows it', async () => {
    const strategy = createStrategy({ allowCrossSite: true });
    expect(await authenticate(strategy, post(ADDRESS, {}, crossSite), start)).toEqual([['pass']]);
  });
});
