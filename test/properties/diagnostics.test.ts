import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import { isFailureCode, PasswordlessError } from '../../lib/errors.js';
import type { RequestLike } from '../../lib/request.js';
import { diagnostics } from '../support/diagnostics.js';
import { authenticate } from '../support/strategy.js';
import { answer, request, routeOptions, STATE } from './arbitraries.js';
import { type Response, CLIENT, idToken } from '../support/hostile-auth0.js';
import { begin, session, setUp } from './logins.js';

const ERRORS = ['configuration_error', 'transport_error', 'timeout', 'unexpected_response', 'id_token_invalid'];

type Check = (value: unknown) => boolean;

const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const isCode: Check = (value) => ERRORS.includes(String(value)) || isFailureCode(value as 'refused');
const isDuration: Check = (value) => typeof value === 'number' && value >= 0;
const isStatus: Check = (value) => Number.isInteger(value) && Number(value) >= 100 && Number(value) < 600;

/** All that a message may hold, member by member: what stands in none of these lists has no way out. */
const OUTCOME: Record<string, Check> = {
  strategy: oneOf('auth0-passwordless'),
  action: oneOf('start', 'resend', 'verify', 'login'),
  outcome: oneOf('success', 'fail', 'redirect', 'pass', 'error'),
  duration: isDuration,
  code: isCode,
  status: isStatus,
  method: oneOf('code', 'link'),
  connection: oneOf('email', 'sms'),
  factor: oneOf('otp', 'sms', 'voice', 'email', 'push', 'recovery-code'),
  stepUp: oneOf(true),
};

const REQUEST: Record<string, Check> = {
  method: oneOf('GET', 'POST', 'DELETE'),
  origin: oneOf(`https://${CLIENT.domain}`),
  endpoint: oneOf('/passwordless/start', '/oauth/token', '/userinfo', '/mfa/authenticators', '/mfa/challenge'),
  duration: isDuration,
  status: isStatus,
  code: isCode,
  requestId: (value) => /^[\da-f]{8,64}$/i.test(String(value)),
  result: oneOf(undefined),
  error: (value) =>
    value instanceof PasswordlessError
      ? value.cause === undefined && value.description === undefined
      : (value as Error).message === 'The call failed.',
};

function expectOnly(message: object, members: Record<string, Check>): void {
  for (const [name, value] of Object.entries(message)) {
    if (!members[name]?.(value)) throw new Error(`${name} is none that a message may hold: ${String(value)}`);
  }
}

const CODE = { method: 'POST', headers: {}, body: { otp: '123456' }, query: {}, ip: '8.8.8.8' };
const tokens = JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: idToken() });

/** Each outcome once, whatever chance brings. */
const LOGINS: [RequestLike, string, AuthenticateOptions, Response, boolean][] = [
  [CODE, 'code', {}, { body: tokens }, true],
  [CODE, 'mfa', {}, { body: tokens }, false],
  [{ ...CODE, body: { email: 'ada@example.com' } }, 'code', { action: 'start' }, {}, false],
  [{ ...CODE, body: { email: 'ada@example.com' } }, 'code', { action: 'start', pendingRedirect: '/code' }, {}, false],
  [CODE, 'code', {}, { refused: new Error('ada@example.com') }, false],
  [CODE, 'code', {}, { status: 403, body: '{"error":"invalid_grant"}' }, false],
];

test('whatever comes in and whatever Auth0 says, no message of diagnostics holds more than its few words and numbers', async () => {
  const { outcomes, requests } = diagnostics();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      request,
      session,
      routeOptions,
      answer,
      fc.boolean(),
      async (req, kind, options, next, isVerbose) => {
        // What verify says is the app's own, and an address may be in it.
        const said = { code: 'ada@example.com', connection: 'ada@example.com', mfa: { factor: '8.8.8.8' } };
        const app = setUp({}, (profile) => [isVerbose ? { id: profile.id } : undefined, said]);
        const { session, state, nonce } = await begin(app, kind);
        outcomes.length = 0;
        requests.length = 0;
        Object.assign(app.says, { next, nonce });
        const { query } = req as { query?: { state?: unknown } };
        const own = query?.state === STATE ? { ...query, state } : query;

        await authenticate(app.strategy, { ...req, query: own, session }, options);

        expect(outcomes).toHaveLength(1);
        for (const message of outcomes) {
          seen.add(message.outcome);
          expectOnly(message, { ...OUTCOME, connection: oneOf('email', 'sms', options.connection) });
        }
        for (const [, message] of requests) expectOnly(message, REQUEST);
      },
    ),
    { numRuns: 1000, timeout: 10_000, examples: LOGINS },
  );
  expect([...seen].sort()).toEqual(['error', 'fail', 'pass', 'redirect', 'success']);
});
