import { generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import { startLocalTenant, type LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { call, postForm, start, statusAndBody, tenantFor } from './support.js';

const json = { 'content-type': 'application/json' };

describe('a request', () => {
  test.each([
    ['JSON that is none', '{"a":', 'The body is not valid JSON'],
    ['JSON that is no object', '["a"]', 'The body must be a JSON object'],
    ['JSON that is null', 'null', 'The body must be a JSON object'],
  ])('with %s gets 400', async (_, body, error_description) => {
    const answer = await call(await tenantFor(), '/oauth/token', { method: 'POST', headers: json, body });
    expect([answer.status, answer.body]).toEqual([400, { error: 'invalid_request', error_description }]);
  });

  test('with a parameter given twice gets 400', async () => {
    const tenant = await tenantFor();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const form = await call(tenant, '/oauth/token', { method: 'POST', headers, body: 'otp=1&otp=2' });
    const query = await call(tenant, '/passwordless/verify_redirect?state=1&state=2');
    for (const { status, body } of [form, query]) expect([status, body.error]).toEqual([400, 'invalid_request']);
  });

  test('with a body of another type, or an empty one, has no parameters', async () => {
    const tenant = await tenantFor();
    for (const headers of [json, { 'content-type': 'text/plain' }]) {
      const body = headers === json ? '' : 'grant_type=x';
      const answer = await call(tenant, '/oauth/token', { method: 'POST', headers, body });
      expect(answer.body.error_description).toBe('Missing required parameter: grant_type');
    }
  });

  test('with an empty parameter lacks it', async () => {
    const answer = await postForm(await tenantFor(), '/oauth/token', { grant_type: '' });
    expect(answer.body.error_description).toBe('Missing required parameter: grant_type');
  });

  test('with a huge body gets 413', async () => {
    const tenant = await tenantFor();
    const body = JSON.stringify({ otp: 'x'.repeat(5_000_000) });
    const answer = await call(tenant, '/oauth/token', { method: 'POST', headers: json, body });
    expect([answer.status, answer.body.error]).toEqual([413, 'invalid_request']);
    expect((await start(tenant)).status).toBe(200);
  });

  test('for an unknown path, or by another method, gets 404', async () => {
    const tenant = await tenantFor();
    const answers = [
      await call(tenant, '/nothing'),
      await call(tenant, '/passwordless/start'),
      await call(tenant, '/oauth/token', { method: 'PUT', headers: json, body: '{}' }),
      await call(tenant, '//'),
    ];
    for (const { status, body } of answers) expect([status, body.error]).toEqual([404, 'not_found']);
    expect((await call(tenant, '/oauth/token', { method: 'HEAD' })).status).toBe(404);
  });

  test('that is not even HTTP, or breaks off, does the tenant no harm', async () => {
    const tenant = await tenantFor();
    const port = Number(new URL(tenant.domain).port);
    for (const text of ['nonsense\r\n\r\n', 'POST /oauth/token HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{']) {
      await new Promise<void>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => socket.end(text));
        socket.resume();
        socket.on('error', () => undefined);
        socket.on('close', () => {
          resolve();
        });
      });
    }
    expect((await start(tenant)).status).toBe(200);
  });

  test('that the tenant cannot cope with gets 500', async () => {
    const tenant = await tenantFor();
    tenant.users.push({
      get email(): string {
        throw new Error('a broken user');
      },
    });
    expect(await statusAndBody(start(tenant))).toEqual([
      500,
      { error: 'server_error', error_description: 'The local tenant failed: Error: a broken user' },
    ]);
  });
});

describe('an option', () => {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const rsa = (members: object) => ({ ...publicKey.export({ format: 'jwk' }), ...members });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const client = { clientID: 'app', clientSecret: 'secret' };

  test.each<[string, unknown]>([
    ['user', { user: [] }],
    ['toString', { toString: true }],
    ['port', { port: -1 }],
    ['port', { port: '3000' }],
    ['codeLength', { codeLength: 0 }],
    ['codeLength', { codeLength: 13 }],
    ['codeTTL', { codeTTL: 0 }],
    ['codeTTL', { codeTTL: '180' }],
    ['idTokenTTL', { idTokenTTL: Infinity }],
    ['authorizationCodeTTL', { authorizationCodeTTL: -1 }],
    ['idTokenTTL', { idTokenTTL: NaN }],
    ['accessTokenTTL', { accessTokenTTL: null }],
    ['maxAttempts', { maxAttempts: 0 }],
    ['startLimit', { startLimit: 1.5 }],
    ['disableSignup', { disableSignup: 'yes' }],
    ['allowMagicLinkWithoutSession', { allowMagicLinkWithoutSession: 1 }],
    ['enforceClientAuthenticationOnStart', { enforceClientAuthenticationOnStart: null }],
    ['removeAlgFromJWKS', { removeAlgFromJWKS: 'no' }],
    ['refreshTokenTTL', { refreshTokenTTL: 0 }],
    ['refreshTokenLeeway', { refreshTokenLeeway: -1 }],
    ['refreshTokenRotation', { refreshTokenRotation: 'on' }],
    ['refreshTokensFromLinks', { refreshTokensFromLinks: 1 }],
    ['allowedLogoutURLs', { allowedLogoutURLs: 'https://app.example.com/' }],
    ['allowedLogoutURLs', { allowedLogoutURLs: ['/home'] }],
    ['clients', { clients: [{ ...client, allowedLogoutURLs: ['/home'] }] }],
    ['removeAuthenticatorsWithMfaToken', { removeAuthenticatorsWithMfaToken: 'no' }],
    ['tls', { tls: true }],
    ['tls', { tls: { key: 'k' } }],
    ['tls', { tls: { key: 'k', cert: 'c' } }],
    ['clients', { clients: [] }],
    ['clients', { clients: {} }],
    ['clients', { clients: [{ clientID: 'app' }] }],
    ['clients', { clients: [{ ...client, clientID: '' }] }],
    ['clients', { clients: [{ ...client, idTokenSigningAlg: 'none' }] }],
    ['clients', { clients: [{ ...client, publicKeys: [] }] }],
    ['clients', { clients: [{ ...client, publicKeys: 'key' }] }],
    ['clients', { clients: [{ ...client, publicKeys: ['key'] }] }],
    ['clients', { clients: [{ ...client, publicKeys: [rsa({ alg: 'RS512' })] }] }],
    ['clients', { clients: [{ ...client, publicKeys: [ec] }] }],
    ['clients', { clients: [{ clientID: 'app', publicKeys: [rsa({})], idTokenSigningAlg: 'HS256' }] }],
    ['clients', { clients: [{ clientID: 'app', clientSecret: '', publicKeys: [rsa({})] }] }],
    ['trustForwardedForWithAssertion', { trustForwardedForWithAssertion: 'yes' }],
    ['clients', { clients: [{ ...client, connections: ['fax'] }] }],
    ['clients', { clients: [client, client] }],
    ['connections', { connections: 'email' }],
    ['connections', { connections: [{ name: 'email', strategy: 'fax' }] }],
    ['connections', { connections: [{ strategy: 'email' }] }],
    ['connections', { connections: [{ name: 'email', strategy: 'email', otp: true }] }],
    ['connections', { connections: [{ name: 'users', strategy: 'auth0', otp: 'yes' }] }],
    ['otpSignupByPhone', { otpSignupByPhone: 'yes' }],
    ['otpBlockedUser', { otpBlockedUser: 'hide' }],
    ['users', { users: [{ email: 'ada@example.com', connection: 'email' }] }],
    ['organizationsOnLinks', { organizationsOnLinks: 'no' }],
    ['customDomains', { customDomains: 'localhost' }],
    ['customDomains', { customDomains: ['localhost:3000'] }],
    ['customDomains', { customDomains: ['https://localhost'] }],
    ['users', { users: {} }],
    ['users', { users: [{ name: 'Ada' }] }],
    ['users', { users: [{ phoneNumber: '555' }] }],
  ])('%s is checked', async (name, options) => {
    const starting = startLocalTenant(options as LocalTenantOptions);
    await expect(starting).rejects.toThrow(TypeError);
    await expect(starting).rejects.toThrow(`${name}: `);
  });

  test('that is undefined counts as left out', async () => {
    const options = { codeTTL: undefined, users: undefined, clients: undefined } as unknown as LocalTenantOptions;
    expect((await start(await tenantFor(options))).status).toBe(200);
  });

  test('is copied: a tenant changes no array or user it was given', async () => {
    const user = { email: 'ada@example.com' };
    const users = [user];
    const tenant = await tenantFor({ users });
    tenant.users.push({ email: 'eve@example.com' });
    expect(users).toEqual([{ email: 'ada@example.com' }]);
    expect(tenant.users[0]).toEqual({ email: 'ada@example.com', userID: expect.stringMatching(/^email\|/) as string });
  });
});

describe('the port', () => {
  test('that is in use is an error with the remedy', async () => {
    const tenant = await tenantFor();
    const port = Number(new URL(tenant.domain).port);
    await expect(startLocalTenant({ port })).rejects.toThrow(
      `Port ${String(port)} is in use: pass another port, or 0 for any free one`,
    );
  });

  test('is free again once the tenant is closed, open connections or not', async () => {
    const tenant = await tenantFor();
    await start(tenant);
    const port = Number(new URL(tenant.domain).port);
    await Promise.all([tenant.close(), tenant.close()]);
    const next = await tenantFor({ port });
    expect(next.domain).toBe(tenant.domain);
    expect((await start(next)).status).toBe(200);
  });
});

test('says in its domain what it serves', async () => {
  const pem = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url), 'utf8');
  const plain = await tenantFor();
  expect(plain.domain).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(plain).toMatchObject({ clientID: 'local-client', clientSecret: expect.stringMatching(/^.{64}$/) as string });
  const secure = await tenantFor({ tls: { key: pem('key'), cert: pem('cert') } });
  expect(secure.domain).toMatch(/^https:\/\/localhost:\d+$/);
});
