import { expect, test } from 'vitest';
import type { Factor } from 'passport-auth0-passwordless/testing';
import { ada, challenge, idOf, mfaTenant, mfaToken, phone, refusal } from './mfa-support.js';
import { statusAndBody } from './support.js';

const oobCode = expect.stringMatching(/^Fe26\.2\*/) as string;

test.each<['sms' | 'voice' | 'email', string]>([
  ['sms', phone],
  ['voice', phone],
  ['email', ada],
])('sends a code by %s', async (type, to) => {
  const tenant = await mfaTenant([{ type }]);
  const token = await mfaToken(tenant);
  const authenticator_id = await idOf(tenant, token, type);
  expect(await statusAndBody(challenge(tenant, token, { challenge_type: 'oob', authenticator_id }))).toEqual([
    200,
    { challenge_type: 'oob', oob_code: oobCode, binding_method: 'prompt' },
  ]);
  const code = expect.stringMatching(/^\d{6}$/) as string;
  expect(tenant.inbox.messages.at(-1)).toEqual({ channel: type, to, code, at: expect.any(Number) as number });
});

test('sends a push, which asks for no code', async () => {
  const tenant = await mfaTenant([{ type: 'push' }]);
  const token = await mfaToken(tenant);
  const sent = tenant.inbox.messages.length;
  const authenticator_id = await idOf(tenant, token, 'push');
  const { body } = await challenge(tenant, token, { challenge_type: 'oob', authenticator_id });
  expect(body).toEqual({ challenge_type: 'oob', oob_code: oobCode });
  expect(tenant.inbox.messages).toHaveLength(sent);
});

test('has nothing to send to an authenticator app', async () => {
  const tenant = await mfaTenant([{ type: 'otp' }]);
  const { body } = await challenge(tenant, await mfaToken(tenant), { challenge_type: 'otp' });
  expect(body).toEqual({ challenge_type: 'otp' });
});

test('picks the first authenticator of the types that the client can do', async () => {
  const tenant = await mfaTenant([{ type: 'recovery-code' }, { type: 'otp' }, { type: 'sms' }]);
  const token = await mfaToken(tenant);
  for (const [challenge_type, expected] of [
    [undefined, 'otp'],
    ['oob otp', 'otp'],
    ['oob', 'oob'],
  ]) {
    expect((await challenge(tenant, token, { challenge_type })).body.challenge_type).toBe(expected);
  }
});

test('says that the user has to enrol first', async () => {
  const tenant = await mfaTenant([{ type: 'otp', active: false }]);
  const { status, body } = await challenge(tenant, await mfaToken(tenant));
  expect([status, body.error]).toEqual([400, 'association_required']);
});

test.each<[string, Factor, { challenge_type?: string; authenticator_id?: string }]>([
  ['a type the user has nothing of', { type: 'otp' }, { challenge_type: 'push' }],
  [
    'a type that the authenticator is not',
    { type: 'otp', id: 'mine' },
    { challenge_type: 'oob', authenticator_id: 'mine' },
  ],
  ['a recovery code', { type: 'recovery-code', id: 'mine' }, { authenticator_id: 'mine' }],
])('refuses %s', async (_, factor, body) => {
  const tenant = await mfaTenant([factor]);
  expect(refusal(await challenge(tenant, await mfaToken(tenant), body))).toEqual([
    401,
    'unsupported_challenge_type',
    `User does not have any enrolled authenticator with the supported challenge type (${body.challenge_type ?? 'oob otp'})`,
  ]);
});

test('refuses an authenticator that is unknown or not active', async () => {
  const tenant = await mfaTenant([{ type: 'otp' }, { type: 'sms', id: 'sms|dev_off', active: false }]);
  const token = await mfaToken(tenant);
  for (const authenticator_id of ['sms|dev_none', 'sms|dev_off']) {
    const { status, body } = await challenge(tenant, token, { authenticator_id });
    expect([status, body.error]).toEqual([400, 'invalid_request']);
  }
  expect(tenant.inbox.latest(phone)).toBeUndefined();
});

test.each([
  ['a wrong secret', { client_secret: 'wrong' }],
  ['no secret', { client_secret: undefined }],
  ['an unknown client', { client_id: 'nobody' }],
])('refuses %s', async (_, override) => {
  const tenant = await mfaTenant([{ type: 'sms' }]);
  const answer = await challenge(tenant, await mfaToken(tenant), override);
  expect(refusal(answer)).toEqual([401, 'access_denied', 'Unauthorized']);
  expect(tenant.inbox.latest(phone)).toBeUndefined();
});

test('refuses a token that is missing, made up, another client’s or expired', async () => {
  const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
  const tenant = await mfaTenant([{ type: 'otp' }], { clients });
  const token = await mfaToken(tenant);
  expect(refusal(await challenge(tenant, token, { mfa_token: undefined }))).toEqual([
    400,
    'invalid_request',
    'Missing required parameter: mfa_token',
  ]);
  expect(refusal(await challenge(tenant, 'Fe26.2**x'))).toEqual([403, 'invalid_grant', 'Malformed mfa_token']);
  expect(refusal(await challenge(tenant, token, { client_id: 'two' }))).toEqual([
    400,
    'invalid_request',
    'mfa_token not issued to this client',
  ]);
  tenant.clock.advance(300);
  expect(refusal(await challenge(tenant, token))).toEqual([401, 'expired_token', 'mfa_token is expired']);
});

test.each<[Factor['type'], number, string, number]>([
  ['sms', 10, 'too_many_sms', 3600],
  ['voice', 10, 'too_many_sms', 3600],
  ['email', 20, 'too_many_requests', 60],
  ['push', 5, 'too_many_requests', 12],
])('sends by %s %i times, and then waits', async (type, limit, error, wait) => {
  const tenant = await mfaTenant([{ type }], { mfaTokenTTL: 10_000 });
  const token = await mfaToken(tenant);
  for (let i = 0; i < limit; i += 1) expect((await challenge(tenant, token)).status).toBe(200);
  const { status, headers, body } = await challenge(tenant, token);
  expect([status, body.error]).toEqual([429, error]);
  expect(Number(headers['retry-after'])).toBeGreaterThan(wait - 2);
  expect(Number(headers['retry-after'])).toBeLessThanOrEqual(wait);
  tenant.clock.advance(wait);
  expect((await challenge(tenant, token)).status).toBe(200);
  expect((await challenge(tenant, token)).status).toBe(429);
});
