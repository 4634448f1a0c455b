import { generateKeyPairSync } from 'node:crypto';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { acceptLanguage, type OutcomeMessage, type RequestMessage } from 'passport-auth0-passwordless';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ada, setUp } from '../../support/app.js';
import type { Host } from '../../support/host.js';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

export function otherWays(host: Host) {
  describe('other ways', () => {
    test('a client that authenticates by a key', async () => {
      const clientID = 'the-client';
      const app = await setUp({
        host,
        tenant: { clients: [{ clientID, publicKeys: [publicKey.export({ type: 'spki', format: 'pem' }) as string] }] },
        strategy: {
          clientSecret: undefined,
          clientAssertionSigningKey: privateKey,
          transactionSecret: 'a secret of thirty-two bytes or more',
        },
      });
      const browser = app.browser();
      await browser.post('/start').send({ email: ada });
      const signedIn = await browser.post('/code').send({ otp: app.code() });
      expect(signedIn.body).toMatchObject({ user: { name: ada } });
    });

    test('a user of a database connection', async () => {
      const app = await setUp({
        host,
        tenant: {
          connections: [{ name: 'users', strategy: 'auth0', otp: true }],
          users: [{ email: ada, userID: 'auth0|ada', connection: 'users' }],
        },
        verify: (_tokens, { id }) => Promise.resolve({ id }),
      });
      const browser = app.browser();
      const { body } = await browser.post('/database').send({ email: ada });
      expect(body).toMatchObject({ pending: { stage: 'code', connection: 'users', to: 'a•••@example.com' } });
      const wrong = await browser.post('/code').send({ otp: '000000' });
      expect([wrong.status, wrong.body]).toMatchObject([401, { code: 'wrong_code' }]);
      const signedIn = await browser.post('/code').send({ otp: app.code() });
      expect(signedIn.body).toMatchObject({ user: { id: 'auth0|ada' }, info: { connection: 'users', method: 'code' } });
    });

    test('a link to an organization', async () => {
      const app = await setUp({
        host,
        tenant: { users: [{ email: ada, orgID: 'org_1' }] },
        strategy: { organization: 'org_1' },
      });
      const browser = app.browser();
      await browser.post('/link').send({ email: ada });
      const signedIn = await browser.get(await app.openLink());
      expect(signedIn.body).toMatchObject({ user: { name: ada }, info: { method: 'link' } });
    });

    test("messages in the user's language", async () => {
      const app = await setUp({
        host,
        strategy: {
          language: acceptLanguage,
          messages: (code, { req, info }) =>
            acceptLanguage(req)?.startsWith('de') && code === 'resend_too_soon'
              ? `Noch ${'retryAfter' in info ? info.retryAfter : ''} Sekunden`
              : undefined,
          resendCooldown: 30,
        },
      });
      const browser = app.browser();
      const start = (language: string) => browser.post('/start').set('Accept-Language', language);
      await start('en;q=0.5, de-AT').send({ email: ada });
      expect(app.tenant.inbox.latest(ada)?.language).toBe('de-AT');
      const again = await start('de').send({ email: ada });
      expect([again.status, again.body.message]).toEqual([429, expect.stringMatching(/^Noch (29|30) Sekunden$/)]);
      expect((await start('fr').send({ email: ada })).body.message).toMatch(/^A message was sent/);
    });

    test('diagnostics of what was asked of Auth0, and of what came of it', async () => {
      const requests: RequestMessage[] = [];
      const outcomes: OutcomeMessage[] = [];
      listenTo('tracing:passport-auth0-passwordless:request:asyncEnd', (message) =>
        requests.push(message as RequestMessage),
      );
      listenTo('passport-auth0-passwordless:outcome', (message) => outcomes.push(message as OutcomeMessage));
      const app = await setUp({ host });
      const browser = app.browser();
      await browser.post('/start').send({ email: ada });
      await browser.post('/code').send({ otp: '000000' });
      await browser.post('/code').send({ otp: app.code() });

      // Other tests may run in this process: only this tenant's.
      const ours = requests.filter(({ origin }) => origin === app.tenant.domain);
      expect(ours.map(({ endpoint, status, code }) => [endpoint, status, code])).toEqual([
        ['/passwordless/start', 200, undefined],
        ['/oauth/token', 403, 'wrong_code'],
        ['/oauth/token', 200, undefined],
        ['/.well-known/jwks.json', 200, undefined],
      ]);
      const duration = expect.any(Number) as number;
      const base = { strategy: 'auth0-passwordless', duration };
      expect(outcomes).toEqual([
        { ...base, action: 'start', outcome: 'pass' },
        { ...base, action: 'verify', outcome: 'fail', code: 'wrong_code', status: 401 },
        { ...base, action: 'verify', outcome: 'success', method: 'code', connection: 'email' },
      ]);
    });
  });
}

function listenTo(channel: string, listener: (message: unknown) => void): void {
  subscribe(channel, listener);
  onTestFinished(() => {
    unsubscribe(channel, listener);
  });
}
