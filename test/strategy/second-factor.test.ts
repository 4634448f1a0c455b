import { describe, expect, test } from 'vitest';
import { mfaRequired } from '../../lib/flows/mfa-required.js';
import { bodyOf, hostileAuth0, tokens } from '../support/hostile-auth0.js';
import { authenticate, createStrategy, post, serverSession } from '../support/strategy.js';
import { passwordlessErrorFrom } from '../support/errors.js';

const mfa = { action: 'verify', stage: 'mfa' } as const;
const phone = { id: 'sms|1', authenticator_type: 'oob', oob_channel: 'sms', active: true };
const push = { id: 'push|1', authenticator_type: 'oob', oob_channel: 'auth0', active: true };
const factors = (...types: string[]) => types.map((type) => ({ type }));

/** A session whose second factor is pending, of those that Auth0 allows. */
async function required(allowed?: object[]) {
  const body = { error: 'mfa_required', mfa_token: 'the-mfa-token', mfa_requirements: { challenge: allowed } };
  let isFirst = true;
  const dispatcher = hostileAuth0({
    '/oauth/token': () => {
      if (!isFirst) return { body: tokens() };
      isFirst = false;
      return { status: 403, body };
    },
    '/mfa/authenticators': () => ({ body: [phone, push] }),
    '/mfa/challenge': () => ({
      body: { challenge_type: 'oob', oob_code: 'the-oob-code', ...(asksForCode && { binding_method: 'prompt' }) },
    }),
  });
  let asksForCode = false;
  const strategy = createStrategy({ dispatcher });
  const session = serverSession();
  const error = await passwordlessErrorFrom(() => strategy.auth0.refresh('a-refresh-token'));
  await strategy.mfa.begin(post({}, session), error, { sub: 'email|ada' });
  return {
    /** The bodies of the exchanges after the first. */
    proofs: () =>
      dispatcher.sent
        .filter(({ path }) => path === '/oauth/token')
        .slice(1)
        .map(bodyOf),
    challenge: (authenticatorId: string) => {
      asksForCode = authenticatorId === phone.id;
      return strategy.mfa.challenge(post({}, session), { authenticatorId });
    },
    list: () => strategy.mfa.list(post({}, session)),
    verify: async (typed: object) => (await authenticate(strategy, post(typed, session), mfa))[0],
  };
}

const failure = (code: string) => ['fail', expect.objectContaining({ code }), expect.any(Number)];

describe('a second factor', () => {
  test.each([
    ['a code that is no text', { otp: ['1', '2'] }],
    ['a code that is no text, beside a recovery code', { otp: ['1', '2'], recovery_code: 'ABCD' }],
    ['a recovery code that is no text', { recovery_code: ['1', '2'] }],
    ['a recovery code that is no text, beside a code', { otp: '123456', recovery_code: ['1', '2'] }],
  ])('that is %s is code_missing, even if a push was sent', async (_what, typed) => {
    const { challenge, proofs, verify } = await required();
    await challenge(push.id);
    expect(await verify(typed)).toEqual(failure('code_missing'));
    expect(proofs()).toEqual([]);
  });

  test('that was texted is code_missing until one is typed', async () => {
    const { challenge, proofs, verify } = await required();
    await challenge(phone.id);
    expect(await verify({})).toEqual(failure('code_missing'));
    expect(proofs()).toEqual([]);
  });

  test.each([
    ['otp', { otp: '123456' }],
    ['recovery-code', { recovery_code: 'ABCD' }],
  ])(
    'that Auth0 does not allow, %s, is refused, even after the challenge of one that it allows',
    async (_factor, typed) => {
      const { challenge, proofs, verify } = await required(factors('push-notification'));
      expect(await verify(typed)).toEqual(failure('invalid_factor'));
      await challenge(push.id);
      expect(await verify(typed)).toEqual(failure('invalid_factor'));
      expect(proofs()).toEqual([]);
    },
  );

  test.each([
    ['otp', { otp: '123456' }],
    ['recovery-code', { recovery_code: 'ABCD' }],
  ])('that Auth0 allows, %s, is exchanged', async (factor, typed) => {
    const { proofs, verify } = await required(factors(factor));
    expect(await verify(typed)).toEqual(['success', { id: 'email|ada' }, { stepUp: true, mfa: { factor } }]);
    expect(proofs()).toEqual([expect.objectContaining(typed)]);
  });

  test('is listed and challenged only if Auth0 allows it for this login', async () => {
    const { challenge, list } = await required(factors('push-notification'));
    expect(await list()).toMatchObject([{ id: push.id }]);
    await expect(challenge(phone.id)).rejects.toMatchObject({ code: 'invalid_factor' });
  });

  test('that redirects is mfa_required in the diagnostics', () => {
    const transaction = {
      id: 'id',
      stage: 'mfa',
      mfaToken: 't',
      login: { sub: 's' },
      sentAt: 0,
      expiresAt: 0,
    } as const;
    const outcome = mfaRequired(transaction, { mfaRedirect: '/login/mfa' });
    expect(outcome).toEqual({ action: 'redirect', url: '/login/mfa', code: 'mfa_required' });
  });
});
