import { describe, expect, test } from 'vitest';
import { ada, setUp, type Setup } from '../../support/app.js';
import type { Host } from '../../support/host.js';

const user = { name: ada };

/** An app whose clients hold the pending login, and a client that keeps no cookies: each request is from a new one. */
async function openForClients(host: Host, setup: Setup = {}) {
  const app = await setUp({ host, ...setup, strategy: { store: 'client', ...setup.strategy } });
  const post = (path: string, body: object) => app.browser().post(path).send(body);
  return { ...app, post };
}

export function clientHeldScenarios(host: Host) {
  describe('a login that the client holds', () => {
    test('is a code, wrong and then right', async () => {
      const { post, code } = await openForClients(host);
      const { body: started } = await post('/start', { email: ada });
      const { transaction } = started.pending;
      expect(started).toEqual({
        pending: expect.objectContaining({ stage: 'code', to: 'a•••@example.com', transaction: expect.any(String) }),
      });
      const wrong = await post('/code', { transaction, otp: '000000' });
      expect([wrong.status, wrong.body]).toMatchObject([401, { code: 'wrong_code', transaction }]);
      const signedIn = await post('/code', { transaction: wrong.body.transaction, otp: code() });
      expect(signedIn.body).toMatchObject({ user, info: { connection: 'email', method: 'code' } });
    });

    test('can be sent again', async () => {
      const { post, code } = await openForClients(host);
      const { body: started } = await post('/start', { email: ada });
      const { body: again } = await post('/resend', { transaction: started.pending.transaction });
      const { transaction } = again.pending;
      expect(transaction).not.toBe(started.pending.transaction);
      expect((await post('/code', { transaction, otp: code() })).body).toMatchObject({ user });
    });

    test('goes on to a second factor, each answer of which carries what comes next', async () => {
      const users = [{ email: ada, factors: [{ type: 'push' as const }] }];
      const { post, code, tenant } = await openForClients(host, { tenant: { mfa: 'always', users } });
      const { body: started } = await post('/start', { email: ada });
      const required = await post('/code', { transaction: started.pending.transaction, otp: code() });
      expect([required.status, required.body]).toMatchObject([401, { code: 'mfa_required' }]);
      const { body: list } = await post('/mfa/list', { transaction: required.body.transaction });
      const { body: challenge } = await post('/mfa/challenge', {
        transaction: required.body.transaction,
        authenticator_id: list[0].id,
      });
      expect(challenge).toMatchObject({ channel: 'push', prompt: false });
      const { transaction } = challenge;
      expect((await post('/mfa', { transaction })).body).toMatchObject({ code: 'mfa_pending', transaction });
      tenant.rejectPush(ada);
      const early = await post('/mfa', { transaction });
      expect(early.body).toMatchObject({ code: 'mfa_pending' });
    });

    test('is enrolled for a second factor, whose first code signs in', async () => {
      const { post, code, tenant } = await openForClients(host, { tenant: { mfa: 'always', mfaFactors: ['otp'] } });
      const { body: started } = await post('/start', { email: ada });
      const { body: required } = await post('/code', { transaction: started.pending.transaction, otp: code() });
      const { body: enrolled } = await post('/mfa/enroll', { transaction: required.transaction, type: 'otp' });
      const signedIn = await post('/mfa', { transaction: enrolled.transaction, otp: tenant.totp(ada) });
      expect(signedIn.body).toMatchObject({ user, info: { mfa: { factor: 'otp' } } });
    });

    test('is refused in a form, which another site can send', async () => {
      const { browser } = await openForClients(host);
      const failure = { code: 'cross_site_request', message: expect.stringContaining('JSON') as string };
      for (const path of ['/start', '/resend', '/code', '/mfa']) {
        const { status, body } = await browser().post(path).type('form').send({ email: ada });
        expect([path, status, body]).toEqual([path, 403, failure]);
      }
      for (const path of ['/mfa/list', '/mfa/challenge', '/mfa/enroll']) {
        const { status, body } = await browser().post(path).type('form').send({ type: 'otp' });
        expect([path, status, body]).toMatchObject([path, 403, { error: failure }]);
      }
    });

    test('is no link, and no redirect: the errors say what to do', async () => {
      const { post, reached } = await openForClients(host);
      for (const [path, remedy] of [
        ['/link', 'send a code'],
        ['/pages/start', 'answer with JSON'],
        ['/pages/code', 'answer with JSON'],
      ] as const) {
        const { status, body } = await post(path, { email: ada });
        const message = expect.stringContaining(remedy) as string;
        expect([status, body]).toMatchObject([500, { error: { code: 'configuration_error', message } }]);
      }
      expect(reached).toEqual([]);
    });

    test.each([
      ['none', undefined, 'transaction_missing'],
      ['one that is altered', 'eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..a.b.c', 'transaction_invalid'],
      ['a list', ['a'], 'transaction_invalid'],
    ])('is refused with %s', async (_name, transaction, code) => {
      const { post } = await openForClients(host);
      const { status, body } = await post('/code', { transaction, otp: '123456' });
      expect([status, body]).toEqual([403, { code, message: expect.any(String) }]);
    });
  });
}
