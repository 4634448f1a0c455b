import fc from 'fast-check';
import { expect, test } from 'vitest';
import { idToken, type Response } from '../support/hostile-auth0.js';
import { type Action, ADDRESS, CODE } from '../support/strategy.js';
import { NONCE, PASSPORTS, STATE } from './arbitraries.js';
import { type Login, login, run, setUp } from './logins.js';
import { expectNamedInTheDesign, validSubject } from './wire.js';

/** Fails unless Passport was told this one action, and told it in full. */
function expectOneAction(actions: Action[]): void {
  expect(actions).toHaveLength(1);
  const [[name, first, ...rest] = ['none']] = actions;
  if (name === 'fail') {
    expect(first).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string });
    expect(rest).toHaveLength(1);
    expect(rest[0]).toBeGreaterThanOrEqual(400);
  }
  if (name === 'error') expect(first).toBeTruthy();
  if (name === 'redirect') expect(['/code', '/mfa']).toContain(first);
}

const posts = (body: object) => ({ method: 'POST', headers: {}, body, query: {}, ip: undefined });
const callback = { ...posts({}), method: 'GET', query: { state: STATE, code: 'c' } };
const responds = (id_token: string): Response => ({
  body: JSON.stringify({ access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token }),
});

/** Every action once, whatever chance generates. */
const LOGINS: Login[] = [
  [posts(CODE), 'code', { action: 'verify' }, responds(idToken())],
  [posts(CODE), 'mfa', { action: 'verify' }, responds(idToken())],
  [callback, 'link', {}, responds(idToken({ nonce: NONCE }))],
  [posts(ADDRESS), 'code', { action: 'start' }, {}],
  [posts(ADDRESS), 'code', { action: 'start', pendingRedirect: '/code' }, {}],
  [posts(CODE), 'code', {}, { refused: new Error('down') }],
  [posts(CODE), 'code', {}, { status: 403, body: '{"error":"invalid_grant"}' }],
];

test('any request and any response lead to one action, and only a valid ID token signs a user in', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(login, fc.boolean(), async (login, fetchUserInfo) => {
      const app = setUp({ fetchUserInfo });
      const { actions, nonce, begun } = await run(app, login);
      const { sent, responses } = app.auth0;
      const [{ method }, , { action }] = login;

      expectOneAction(actions);
      for (const each of sent) expectNamedInTheDesign(each);
      expect(JSON.stringify(sent)).not.toContain(PASSPORTS);
      const [[name, user] = ['none']] = actions;
      seen.add(name);
      if (name === 'success') {
        const exchange = sent.findIndex(({ path }, at) => at >= begun && path === '/oauth/token');
        const subject = validSubject(responses[exchange], method === 'GET' ? nonce : undefined);
        expect(subject).toBeTruthy();
        expect(user).toEqual({ id: subject });
      }
      // Only a start or a resend may let a request through that has no user.
      if (name === 'pass') expect(['start', 'resend']).toContain(action);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    // A run that never ends fails with its seed, not with the test's time.
    { numRuns: 3000, timeout: 10_000, examples: LOGINS.map((each) => [each, false]) },
  );
  // The property would also hold for a strategy that always fails.
  expect([...seen].sort()).toEqual(['error', 'fail', 'pass', 'redirect', 'success']);
});
