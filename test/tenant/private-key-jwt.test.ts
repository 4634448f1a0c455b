import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, SignJWT, type CryptoKey } from 'jose';
import type { JWK, LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { authClient, legacyClient, secureTenant } from './auth0-support.js';
import { challenge, refusal } from './mfa-support.js';
import { exchange, message, postForm, postJSON, start, tenantFor } from './support.js';

const keyPair = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const { privateKey, publicKey } = keyPair();
const stranger = keyPair();
const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
const jwk = publicKey.export({ format: 'jwk' });
const clientID = 'app';

const keyTenant = (publicKeys: (string | JWK)[] = [pem], options: LocalTenantOptions = {}) =>
  tenantFor({ clients: [{ clientID, publicKeys }], ...options });

interface Assertion {
  claims?: Record<string, unknown>;
  header?: { alg?: string; kid?: string };
  key?: typeof privateKey | CryptoKey;
}

const seconds = () => Math.floor(Date.now() / 1000);

/** What a request authenticates with, in place of the support's secret. */
async function asserted(tenant: LocalTenant, { claims, header, key = privateKey }: Assertion = {}) {
  const common = { iss: clientID, sub: clientID, aud: `${tenant.domain}/`, iat: seconds(), jti: randomUUID() };
  return {
    client_secret: undefined,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: await new SignJWT({ ...common, exp: seconds() + 60, ...claims })
      .setProtectedHeader({ alg: 'RS256', ...header })
      .sign(key),
  };
}

describe('a client with a public key', () => {
  test('signs in with an assertion for each request, the second factor among them', async () => {
    const users = [{ email: 'ada@example.com', factors: [{ type: 'sms' as const, phoneNumber: '+12025550123' }] }];
    const tenant = await keyTenant([pem], { mfa: 'always', users });
    expect((await start(tenant, await asserted(tenant))).status).toBe(200);
    const required = await exchange(tenant, message(tenant).code, await asserted(tenant));
    expect(required.body.error).toBe('mfa_required');
    const mfa_token = String(required.body.mfa_token);
    const sent = await challenge(tenant, mfa_token, { challenge_type: 'oob', ...(await asserted(tenant)) });
    expect(sent.status).toBe(200);
    const { client_secret, ...assertion } = await asserted(tenant);
    expect(client_secret).toBeUndefined();
    const { body } = await postForm(tenant, '/oauth/token', {
      grant_type: 'http://auth0.com/oauth/grant-type/mfa-oob',
      client_id: clientID,
      mfa_token,
      oob_code: String(sent.body.oob_code),
      binding_code: message(tenant, '+12025550123').code,
      ...assertion,
    });
    expect(body).toHaveProperty('id_token');
    expect(tenant.requests.map((each) => each.body.client_assertion)).toEqual(Array(4).fill('[redacted]'));
  });

  test.each(['RS256', 'RS384', 'PS256'])('signs with %s where the key is registered for it', async (alg) => {
    const tenant = await keyTenant([{ ...jwk, alg }]);
    expect((await start(tenant, await asserted(tenant, { header: { alg } }))).status).toBe(200);
    const other = alg === 'RS256' ? 'PS256' : 'RS256';
    expect((await start(tenant, await asserted(tenant, { header: { alg: other } }))).body.error).toBe('invalid_client');
  });

  test('may name the key: by its kid, or by its thumbprint', async () => {
    const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
    const another = stranger.publicKey.export({ format: 'jwk' });
    const tenant = await keyTenant([pem, { ...another, kid: 'new' }]);
    const attempt = async (assertion: Assertion) => (await start(tenant, await asserted(tenant, assertion))).status;
    expect(await attempt({ header: { kid } })).toBe(200);
    expect(await attempt({ header: { kid: 'new' }, key: stranger.privateKey })).toBe(200);
    expect(await attempt({ key: stranger.privateKey })).toBe(200);
    expect(await attempt({ header: { kid: 'new' } })).toBe(401);
    expect(await attempt({ header: { kid: 'unknown' } })).toBe(401);
  });

  test('may have a clock that is ten seconds ahead, and leave out iat', async () => {
    const tenant = await keyTenant();
    const ahead = seconds() + 9;
    expect((await start(tenant, await asserted(tenant, { claims: { iat: ahead, nbf: ahead } }))).status).toBe(200);
    expect((await start(tenant, await asserted(tenant, { claims: { iat: undefined } }))).status).toBe(200);
  });

  test('is not held to the time of the tenant, since its own goes on as before', async () => {
    const tenant = await keyTenant();
    tenant.clock.advance(3_600);
    expect((await start(tenant, await asserted(tenant))).status).toBe(200);
  });

  test('may use an assertion once, whatever comes of the request', async () => {
    const tenant = await keyTenant();
    const assertion = await asserted(tenant);
    expect((await exchange(tenant, '000000', assertion)).body.error).toBe('invalid_grant');
    expect(refusal(await start(tenant, assertion))).toEqual([
      401,
      'invalid_client',
      'client_assertion: this jti was used before',
    ]);
  });

  test.each<[string, (tenant: LocalTenant) => Assertion, string]>([
    ['of another client', () => ({ claims: { iss: 'other', sub: 'other' } }), 'iss and sub'],
    ['whose sub is another', () => ({ claims: { sub: 'other' } }), 'iss and sub'],
    ['for the issuer without its slash', ({ domain }) => ({ claims: { aud: domain } }), 'trailing slash'],
    ['for the endpoint', ({ domain }) => ({ claims: { aud: `${domain}/oauth/token` } }), 'trailing slash'],
    ['for two audiences', ({ domain }) => ({ claims: { aud: [`${domain}/`, 'x'] } }), 'trailing slash'],
    ['that has expired', () => ({ claims: { exp: seconds() - 1 } }), 'it has expired'],
    ['without exp', () => ({ claims: { exp: undefined } }), 'it has expired, or has no exp'],
    ['good for too long', () => ({ claims: { exp: seconds() + 310 } }), '300 seconds'],
    ['from the future', () => ({ claims: { iat: seconds() + 15 } }), 'iat and nbf'],
    ['that is not good yet', () => ({ claims: { nbf: seconds() + 15 } }), 'iat and nbf'],
    ['without jti', () => ({ claims: { jti: undefined } }), 'jti is missing'],
    ['with an empty jti', () => ({ claims: { jti: '' } }), 'jti is missing'],
    ['of another key', () => ({ key: stranger.privateKey }), 'no key of the client'],
    ['with an alg of its own choice', () => ({ header: { alg: 'RS512' } }), 'no key of the client'],
  ])('is refused with an assertion %s', async (_, assertion, text) => {
    const tenant = await keyTenant();
    const { status, body } = await start(tenant, await asserted(tenant, assertion(tenant)));
    expect([status, body.error]).toEqual([401, 'invalid_client']);
    expect(body.error_description).toContain(text);
    expect(tenant.inbox.messages).toEqual([]);
  });

  test.each<[string, object]>([
    ['a client_assertion that is no JWT', { client_assertion: 'a.b' }],
    ['a client_assertion of four parts', { client_assertion: 'e30.e30.e30.e30' }],
    ['an unsigned client_assertion', { client_assertion: 'eyJhbGciOiJub25lIn0.e30.' }],
    [
      'another client_assertion_type',
      { client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer' },
    ],
    ['no client_assertion_type', { client_assertion_type: undefined }],
    ['a secret', { client_assertion: undefined, client_secret: 'secret' }],
    ['a secret beside its assertion', { client_secret: 'secret' }],
  ])('is refused with %s', async (_, override) => {
    const tenant = await tenantFor({ clients: [{ clientID, clientSecret: 'secret', publicKeys: [pem] }] });
    const answer = await start(tenant, { ...(await asserted(tenant)), ...override });
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
  });

  test('is refused without any of them', async () => {
    const tenant = await keyTenant();
    expect((await start(tenant, { client_secret: undefined })).body.error).toBe('unauthorized_client');
    const answer = await exchange(tenant, '000000', { client_secret: undefined });
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
  });

  test('has a client_secret only where it was given one', async () => {
    expect((await keyTenant()).clientSecret).toBe('');
    const clients = [
      { clientID, clientSecret: 's'.repeat(32), publicKeys: [pem], idTokenSigningAlg: 'HS256' as const },
    ];
    const tenant = await tenantFor({ clients });
    await start(tenant, await asserted(tenant));
    expect((await exchange(tenant, message(tenant).code, await asserted(tenant))).body).toHaveProperty('id_token');
  });

  describe('has auth0-forwarded-for', () => {
    const forwarded = async (options: LocalTenantOptions, assertion: Assertion = {}) => {
      const clients = [{ clientID, publicKeys: [pem], trustTokenEndpointIPHeader: true }];
      const tenant = await tenantFor({ clients, startLimit: 1, ...options });
      await start(tenant, await asserted(tenant));
      const headers = { 'auth0-forwarded-for': '203.0.113.7' };
      return (await start(tenant, await asserted(tenant, assertion), headers)).status;
    };

    test('ignored, as the secret is what Auth0 documents', async () => {
      expect(await forwarded({})).toBe(429);
    });

    test('honoured where the tenant is told so, if the assertion is its own', async () => {
      expect(await forwarded({ trustForwardedForWithAssertion: true })).toBe(200);
      expect(await forwarded({ trustForwardedForWithAssertion: true }, { key: stranger.privateKey })).toBe(429);
    });
  });
});

describe("Auth0's own clients are served, by their assertions:", () => {
  const clientAssertionSigningKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const email = 'ada@example.com';

  test('the newer one', async () => {
    const tenant = await secureTenant({ clients: [{ clientID, publicKeys: [pem] }] });
    const client = authClient(tenant, { clientAssertionSigningKey });
    await client.passwordless.sendEmail({ email });
    const { code } = message(tenant);
    const tokens = await client.getTokenByPasswordlessEmail({ email, code, scope: 'openid email' });
    expect(tokens.claims).toMatchObject({ email });
  });

  test('the older one', async () => {
    const tenant = await secureTenant({ clients: [{ clientID, publicKeys: [{ ...jwk, alg: 'RS384' }] }] });
    const client = legacyClient(tenant, { clientAssertionSigningKey, clientAssertionSigningAlg: 'RS384' });
    await client.passwordless.sendEmail({ email, send: 'code' });
    const { data } = await client.passwordless.loginWithEmail({ email, code: message(tenant).code, scope: 'openid' });
    expect(data.id_token).toBeTypeOf('string');
  });
});

test('a client with a secret is refused with an assertion', async () => {
  const tenant = await tenantFor({ clients: [{ clientID, clientSecret: 'secret' }] });
  const answer = await start(tenant, await asserted(tenant));
  expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client']);
});

test('an unknown client is refused with an assertion', async () => {
  const tenant = await keyTenant();
  const { status } = await postJSON(tenant, '/oauth/token', {
    grant_type: 'authorization_code',
    ...(await asserted(tenant)),
    client_id: 'nobody',
  });
  expect(status).toBe(401);
});

test('the MFA endpoints that take no client authentication need none', async () => {
  const tenant = await keyTenant([pem], { mfa: 'always' });
  await start(tenant, await asserted(tenant));
  const { body } = await exchange(tenant, message(tenant).code, await asserted(tenant));
  const headers = { authorization: `Bearer ${String(body.mfa_token)}` };
  const enrolled = await postJSON(tenant, '/mfa/associate', { authenticator_types: ['otp'] }, headers);
  expect(enrolled.status).toBe(200);
});
