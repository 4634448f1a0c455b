import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { RequestLike } from '../../lib/request.js';
import { type Action, ADDRESS, authenticate } from '../support/strategy.js';
import { answer, NONCE, PASSPORTS, request, routeOptions, STATE } from './arbitraries.js';
import { type Response, idToken } from '../support/hostile-auth0.js';
import { begin, session, setUp } from './logins.js';
import { expectNamedInTheDesign, goodSubject } from './wire.js';

/** Whether this, and no more, is what Passport was told. */
function expectOneAction(actions: Action[]): void {
  expect(actions).toHaveLength(1);
  const [[name, ...args] = []] = actions;
  if (name === 'fail') {
    expect(args).toHaveLength(2);
    expect(args[0]).toMatchObject({ code: expect.any(String) as string, message: expect.any(String) as string });
    expect(args[1]).toBeGreaterThanOrEqual(400);
  }
  if (name === 'error') expect(args[0]).toBeTruthy();
  if (name === 'redirect') expect(['/code', '/mfa']).toContain(args[0]);
}

const CODE = { method: 'POST', headers: {}, body: { otp: '123456' }, query: {}, ip: undefined };
const GOOD = { access_token: 'access', token_type: 'Bearer', expires_in: 60 };
const gives = (id_token: string): Response => ({ body: JSON.stringify({ ...GOOD, id_token }) });

/** Every action once, whatever chance brings. */
const LOGINS: [RequestLike, string, AuthenticateOptions, Response, boolean][] = [
  [CODE, 'code', { action: 'verify' }, gives(idToken()), false],
  [CODE, 'mfa', { action: 'verify' }, gives(idToken()), false],
  [{ ...CODE, method: 'GET', query: { state: STATE, code: 'c' } }, 'link', {}, gives(idToken({ nonce: NONCE })), false],
  [{ ...CODE, body: ADDRESS }, 'code', { action: 'start' }, {}, false],
  [{ ...CODE, body: ADDRESS }, 'code', { action: 'start', pendingRedirect: '/code' }, {}, false],
  [CODE, 'code', {}, { refused: new Error('down') }, false],
  [CODE, 'code', {}, { status: 403, body: '{"error":"invalid_grant"}' }, false],
];

/** A few seconds for the first of them; one that never answers fails with its seed, not with the test's time. */
const often = (numRuns: number) => ({ numRuns, timeout: 10_000 });

test('whatever comes in and whatever Auth0 says, one action is taken, and nobody gets in without a good ID token', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      request,
      session,
      routeOptions,
      answer,
      fc.boolean(),
      async (req, kind, options, next, fetchUserInfo) => {
        const app = setUp({ fetchUserInfo });
        const { session, state, nonce } = await begin(app, kind);
        const begun = app.auth0.sent.length;
        Object.assign(app.says, { next, nonce });
        const query =
          typeof req.query === 'object' && req.query !== null && 'state' in req.query && req.query.state === STATE
            ? { ...req.query, state }
            : req.query;

        const actions = await authenticate(app.strategy, { ...req, query, session }, options);

        expectOneAction(actions);
        for (const sent of app.auth0.sent) expectNamedInTheDesign(sent);
        expect(JSON.stringify(app.auth0.sent)).not.toContain(PASSPORTS);
        const [[name, user] = ['none']] = actions;
        seen.add(name);
        const asked = app.auth0.sent.findIndex(({ path }, at) => at >= begun && path === '/oauth/token');
        if (name === 'success') {
          const subject = goodSubject(app.auth0.responses[asked], req.method === 'GET' ? nonce : undefined);
          expect(subject).toBeTruthy();
          expect(user).toEqual({ id: subject });
        }
        // Only a start or a resend may let a request through that has no user.
        if (name === 'pass') expect(['start', 'resend']).toContain(options.action);
        expect(Object.keys(Object.prototype)).toEqual([]);
      },
    ),
    { ...often(3000), examples: LOGINS },
  );
  // The property would hold of a strategy that always fails, too.
  expect([...seen].sort()).toEqual(['error', 'fail', 'pass', 'redirect', 'success']);
});
