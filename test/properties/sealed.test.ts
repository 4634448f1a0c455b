import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RequestLike } from '../../lib/request.js';
import { hostileAuth0 } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, post, serverSession, start } from '../support/strategy.js';
import { passwordlessErrorFrom } from '../support/errors.js';
import { anyText } from './arbitraries.js';

const KEY = 'auth0-passwordless:acme.eu.auth0.com';
const STAGES = ['code', 'link', 'mfa'] as const;

/** The sealed transaction of a login at this stage. */
async function sealedAt(stage: (typeof STAGES)[number]): Promise<string> {
  const required = { status: 403, body: { error: 'mfa_required', mfa_token: 'the-mfa-token' } };
  const dispatcher = hostileAuth0(stage === 'mfa' ? { '/oauth/token': () => required } : {});
  const strategy = createStrategy({ dispatcher, callbackURL: 'https://app.example.com/callback' });
  const session: Record<string, unknown> = serverSession();
  await authenticate(strategy, post(ADDRESS, session), { ...start, send: stage === 'link' ? 'link' : 'code' });
  if (stage === 'mfa') await authenticate(strategy, post(CODE, session));
  return String(session[KEY]);
}

/** One change to a string, at a place given as a part of its length. */
const change = fc.oneof(
  fc.record({ flip: fc.nat(7) }),
  fc.record({ cut: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ insert: anyText({ minLength: 1 }) }),
  fc.record({ endsIn: anyText({ minLength: 1 }) }),
  fc.record({ becomes: anyText() }),
);
const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

function changed(sealed: string, how: Partial<Record<string, unknown>>, where: number): string {
  const at = Math.floor(where * sealed.length);
  const [before, after] = [sealed.slice(0, at), sealed.slice(at)];
  if ('flip' in how)
    return before + String.fromCharCode(after.charCodeAt(0) ^ (1 << Number(how.flip))) + after.slice(1);
  if ('cut' in how) return before + after.slice(Number(how.cut));
  if ('insert' in how) return before + String(how.insert) + after;
  return 'endsIn' in how ? sealed + String(how.endsIn) : String(how.becomes);
}

test('an altered transaction is transaction_invalid at every step, without a call to Auth0', async () => {
  const sealed = Object.fromEntries(await Promise.all(STAGES.map(async (stage) => [stage, await sealedAt(stage)])));
  const dispatcher = hostileAuth0();
  const strategy = createStrategy({ dispatcher });
  const invalid = { code: 'transaction_invalid', status: 403 };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...STAGES), change, place, async (stage, how, where) => {
      const value = changed(String(sealed[stage]), how, where);
      fc.pre(value !== sealed[stage]);
      const req = (over: Partial<RequestLike> = {}) => ({ ...post(CODE, { [KEY]: value }), ...over });

      const callback = { method: 'GET', query: { state: 'a', code: 'b' } };
      for (const [request, options] of [[req()], [req(callback)], [req(), { action: 'resend' }]] as const) {
        expect(await authenticate(strategy, request, options)).toMatchObject([['fail', { code: invalid.code }, 403]]);
      }
      for (const act of [
        () => strategy.mfa.list(req()),
        () => strategy.mfa.challenge(req(), { authenticatorId: 'a' }),
        () => strategy.mfa.enroll(req(), { type: 'otp' }),
      ]) {
        expect(await passwordlessErrorFrom(act)).toMatchObject(invalid);
      }
      expect(await strategy.pending(req())).toBeUndefined();
      expect(dispatcher.paths()).toEqual([]);
    }),
    { numRuns: 500, timeout: 10_000 },
  );
});

test('the same transactions are accepted unaltered', async () => {
  for (const stage of STAGES) {
    const session = { [KEY]: await sealedAt(stage) };
    expect(await createStrategy().pending({ headers: {}, session })).toMatchObject({ stage });
  }
});
