import { generateKeyPairSync } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { ClientAssertionSigningAlg, StrategyOptions } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { createTap } from '../support/tap.js';
import { ada, phone, setUp, setUpCode, setUpLink } from '../support/app.js';

const clientID = 'the-client';
const transactionSecret = 'a transaction secret of 32 bytes or more';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'key-1' };

/** An application that authenticates by a key, whose public half the tenant has with this algorithm. */
function withKey(alg: ClientAssertionSigningAlg = 'RS256', over: Partial<StrategyOptions> = {}) {
  const { dispatcher, exchanges } = createTap();
  const key = { ...privateKey.export({ format: 'jwk' }), kid: 'key-1' } as { kty: string };
  return {
    exchanges,
    setup: {
      tenant: {
        clients: [{ clientID, publicKeys: [{ ...jwk, alg }] }],
        connections: [
          { name: 'email', strategy: 'email' as const },
          { name: 'users', strategy: 'auth0' as const, otp: true },
        ],
        users: [
          { email: ada, phoneNumber: phone, factors: [{ type: 'sms' as const }, { type: 'otp' as const }] },
          { email: ada, connection: 'users', userID: 'auth0|ada' },
        ],
      },
      strategy: {
        clientSecret: undefined,
        clientAssertionSigningKey: key,
        clientAssertionSigningAlg: alg,
        transactionSecret,
        dispatcher,
        scope: 'openid offline_access',
        ...over,
      },
      verify: ({ refreshToken }: { refreshToken?: string }, { id }: { id: string }) =>
        Promise.resolve({ id, refreshToken }),
    },
  };
}

/** Those of the calls that authenticate, and none that was used before. */
function assertionsOf(exchanges: ReturnType<typeof createTap>['exchanges']) {
  return exchanges
    .filter(({ body }) => body.client_id !== undefined)
    .map(({ path, body }) => ({ path, body, jwt: String(body.client_assertion) }));
}

describe.each(['RS256', 'RS384', 'PS256'] as const)('an application with a key, by %s,', (alg) => {
  test('authenticates each call with its own assertion', async () => {
    const { exchanges, setup } = withKey(alg);
    const { agent, code, strategy, tenant } = await setUpCode({
      ...setup,
      tenant: { ...setup.tenant, mfa: (_user, { grant }) => grant === 'passwordless' },
    });
    await agent.post('/resend').send({});
    expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ code: 'mfa_required' });
    const { body: list } = await agent.get('/mfa/list');
    const { id } = (list as { id: string; channel?: string }[]).find(({ channel }) => channel === 'sms') ?? {};
    expect((await agent.post('/mfa/challenge').send({ authenticator_id: id })).body).toMatchObject({ channel: 'sms' });
    const signedIn = await agent.post('/mfa').send({ otp: code(phone) });
    expect(signedIn.status).toBe(200);
    const { refreshToken = '' } = await strategy.auth0.refresh(
      (signedIn.body as { user: { refreshToken: string } }).user.refreshToken,
    );
    await strategy.auth0.revoke(refreshToken);

    const assertions = assertionsOf(exchanges);
    expect(assertions.map(({ path }) => path)).toEqual([
      ...['/passwordless/start', '/passwordless/start', '/oauth/token', '/mfa/challenge'],
      ...['/oauth/token', '/oauth/token', '/oauth/revoke'],
    ]);
    for (const { body, jwt } of assertions) {
      expect(body).not.toHaveProperty('client_secret');
      expect(decodeProtectedHeader(jwt)).toEqual({ alg, kid: 'key-1' });
      expect(decodeJwt(jwt)).toMatchObject({ iss: clientID, sub: clientID, aud: `${tenant.domain}/` });
    }
    expect(new Set(assertions.map(({ jwt }) => decodeJwt(jwt).jti)).size).toBe(assertions.length);
  });
});

test('a link is exchanged with an assertion', async () => {
  const { exchanges, setup } = withKey();
  const { agent, openLink } = await setUpLink(setup);
  expect((await agent.get(await openLink())).status).toBe(200);
  expect(assertionsOf(exchanges).map(({ path }) => path)).toEqual(['/passwordless/start', '/oauth/token']);
});

test('a code of a database connection is requested with an assertion', async () => {
  const { exchanges, setup } = withKey();
  const { agent, code } = await setUpCode({ ...setup, route: { connection: { database: 'users' } } });
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ user: { id: 'auth0|ada' } });
  expect(assertionsOf(exchanges).map(({ path }) => path)).toEqual(['/otp/challenge', '/oauth/token']);
});

test('a key that the tenant does not have is a configuration_error that says where to look', async () => {
  const { privateKey: other } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { setup } = withKey('RS256', { clientAssertionSigningKey: other });
  const { browser } = await setUp(setup);
  const { status, body } = await browser().post('/start').send({ email: ada });
  const message = expect.stringMatching(/clientAssertionSigningKey.*"Private Key JWT" for a key/) as string;
  expect([status, body]).toMatchObject([500, { error: { code: 'configuration_error', message } }]);
});

test('with a key and a secret, the key authenticates and the secret seals', async () => {
  const { exchanges, setup } = withKey('RS256', {
    clientSecret: 'a secret that is kept',
    transactionSecret: undefined,
  });
  const { agent, code } = await setUpCode(setup);
  expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
  for (const { body } of assertionsOf(exchanges)) expect(body).not.toHaveProperty('client_secret');
});
