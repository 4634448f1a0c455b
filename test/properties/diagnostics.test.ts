import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFailureCode, PasswordlessError } from '../../lib/errors.js';
import { diagnostics } from '../support/diagnostics.js';
import { CLIENT, idToken } from '../support/hostile-auth0.js';
import { ADDRESS, CODE } from '../support/strategy.js';
import { type Login, login, run, setUp } from './logins.js';

const ERRORS = ['configuration_error', 'transport_error', 'timeout', 'unexpected_response', 'id_token_invalid'];

type Check = (value: unknown) => boolean;

const oneOf =
  (...values: unknown[]): Check =>
  (value) =>
    values.includes(value);
const isCode: Check = (value) => ERRORS.includes(String(value)) || isFailureCode(value as 'refused');
const isDuration: Check = (value) => typeof value === 'number' && value >= 0;
const isStatus: Check = (value) => Number.isInteger(value) && Number(value) >= 100 && Number(value) < 600;

/** All members that a message may have, and the values of each. */
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
    if (!members[name]?.(value)) throw new Error(`${name} is no member or value of the list: ${String(value)}`);
  }
}

const posts = (body: object) => ({ method: 'POST', headers: {}, body, query: {}, ip: '8.8.8.8' });
const tokens = JSON.stringify({ access_token: 'a', token_type: 'Bearer', expires_in: 60, id_token: idToken() });

/** Each outcome once, whatever chance generates. */
const LOGINS: [Login, boolean][] = [
  [[posts(CODE), 'code', {}, { body: tokens }], true],
  [[posts(CODE), 'mfa', {}, { body: tokens }], false],
  [[posts(ADDRESS), 'code', { action: 'start' }, {}], false],
  [[posts(ADDRESS), 'code', { action: 'start', pendingRedirect: '/code' }, {}], false],
  [[posts(CODE), 'code', {}, { refused: new Error('ada@example.com') }], false],
  [[posts(CODE), 'code', {}, { status: 403, body: '{"error":"invalid_grant"}' }], false],
];

test('whatever a request and Auth0 say, diagnostics publish nothing but the listed members', async () => {
  const { outcomes, requests } = diagnostics();
  const seen = new Set<string>();
  await fc.assert(
    fc.asyncProperty(login, fc.boolean(), async (login, accepts) => {
      // The result of verify is the app's own, and may hold an address.
      const info = { code: 'ada@example.com', connection: 'ada@example.com', mfa: { factor: '8.8.8.8' } };
      const app = setUp({}, (profile) => [accepts ? { id: profile.id } : undefined, info]);
      await run(app, login, () => {
        outcomes.length = 0;
        requests.length = 0;
      });

      expect(outcomes).toHaveLength(1);
      const [, , { connection }] = login;
      for (const message of outcomes) {
        seen.add(message.outcome);
        expectOnly(message, { ...OUTCOME, connection: oneOf('email', 'sms', connection) });
      }
      for (const [, message] of requests) expectOnly(message, REQUEST);
    }),
    { numRuns: 1000, timeout: 10_000, examples: LOGINS },
  );
  expect([...seen].sort()).toEqual(['error', 'fail', 'pass', 'redirect', 'success']);
});
