import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose';
import { expect, test } from 'vitest';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { call, codeFor, exchange, tenantFor } from './support.js';

const publishedKeys = async (tenant: LocalTenant) =>
  (await call(tenant, '/.well-known/jwks.json')).body as unknown as JSONWebKeySet;

const kidsOf = async (tenant: LocalTenant) => (await publishedKeys(tenant)).keys.map(({ kid }) => kid);

const signIn = async (tenant: LocalTenant) => String((await exchange(tenant, await codeFor(tenant))).body.id_token);

test('publishes the current key and the next one', async () => {
  const tenant = await tenantFor();
  const { keys } = await publishedKeys(tenant);
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
    expect(key).toMatchObject({ kty: 'RSA', use: 'sig', alg: 'RS256' });
  }
  expect(decodeProtectedHeader(await signIn(tenant)).kid).toBe(keys[0]?.kid);
});

test('leaves alg out of the keys under the tenant flag', async () => {
  const { keys } = await publishedKeys(await tenantFor({ removeAlgFromJWKS: true }));
  expect(keys).toHaveLength(2);
  for (const key of keys) expect(key).not.toHaveProperty('alg');
});

test('says RS256 in the keys of a client with PS256, too', async () => {
  const clients = [{ clientID: 'app', clientSecret: 'secret', idTokenSigningAlg: 'PS256' as const }];
  const { keys } = await publishedKeys(await tenantFor({ clients }));
  expect(keys[0]?.alg).toBe('RS256');
});

test('rotates: the next key signs, and the previous one stays for one more rotation', async () => {
  const tenant = await tenantFor();
  const before = await signIn(tenant);
  const [first, second] = await kidsOf(tenant);

  tenant.rotateKeys();
  const once = await kidsOf(tenant);
  expect(once).toEqual([second, expect.any(String), first]);
  expect(decodeProtectedHeader(await signIn(tenant)).kid).toBe(second);
  await jwtVerify(before, createLocalJWKSet(await publishedKeys(tenant)));

  tenant.rotateKeys();
  const twice = await kidsOf(tenant);
  expect(twice).toEqual([once[1], expect.any(String), second]);
  await expect(jwtVerify(before, createLocalJWKSet(await publishedKeys(tenant)))).rejects.toThrow();
});

test('rotates at once and any number of times, without waiting', async () => {
  const tenant = await tenantFor();
  const old = await kidsOf(tenant);
  for (let i = 0; i < 3; i += 1) tenant.rotateKeys();
  const token = await signIn(tenant);
  expect(old).not.toContain(decodeProtectedHeader(token).kid);
  await jwtVerify(token, createLocalJWKSet(await publishedKeys(tenant)));
});

test('does not rotate the keys of another tenant', async () => {
  const [one, other] = [await tenantFor(), await tenantFor()];
  expect(await kidsOf(one)).toEqual(await kidsOf(other));
  one.rotateKeys();
  expect(await kidsOf(one)).not.toEqual(await kidsOf(other));
});

test('describes itself for discovery, and advertises no passwordless endpoint', async () => {
  const tenant = await tenantFor();
  const { status, text, body } = await call(tenant, '/.well-known/openid-configuration');
  expect(status).toBe(200);
  expect(body).toMatchObject({
    issuer: `${tenant.domain}/`,
    token_endpoint: `${tenant.domain}/oauth/token`,
    end_session_endpoint: `${tenant.domain}/oidc/logout`,
    revocation_endpoint: `${tenant.domain}/oauth/revoke`,
    userinfo_endpoint: `${tenant.domain}/userinfo`,
    jwks_uri: `${tenant.domain}/.well-known/jwks.json`,
    token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
  });
  expect(text).not.toContain('passwordless');
});
