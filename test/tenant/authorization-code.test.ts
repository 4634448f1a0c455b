import { describe, expect, test } from 'vitest';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { call, CALLBACK, exchangeCode, handedOver, linkFor, tenantFor } from './support.js';

describe('an authorization code', () => {
  const invalid = { error: 'invalid_grant', error_description: 'Invalid authorization code' };
  const codeOf = async (tenant: LocalTenant) => handedOver(await call(tenant, await linkFor(tenant))).code;

  test('is good once', async () => {
    const tenant = await tenantFor();
    const code = await codeOf(tenant);
    expect((await exchangeCode(tenant, code)).status).toBe(200);
    const again = await exchangeCode(tenant, code);
    expect([again.status, again.body]).toEqual([403, invalid]);
  });

  test('is good for its lifetime', async () => {
    const tenant = await tenantFor({ authorizationCodeTTL: 60 });
    const code = await codeOf(tenant);
    tenant.clock.advance(60);
    expect((await exchangeCode(tenant, code)).body).toEqual(invalid);
  });

  test('is good for its client and its callback URL only', async () => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const tenant = await tenantFor({ clients });
    const code = await codeOf(tenant);
    expect((await exchangeCode(tenant, code, { client_id: 'two' })).body).toEqual(invalid);
    const elsewhere = await exchangeCode(tenant, code, { redirect_uri: 'https://app.example.com/' });
    expect([elsewhere.status, elsewhere.body]).toEqual([
      403,
      {
        error: 'unauthorized_client',
        error_description: `The redirect URI is wrong. You sent https://app.example.com/, and we expected ${CALLBACK}`,
      },
    ]);
    expect((await exchangeCode(tenant, code, { redirect_uri: '' })).body.error).toBe('unauthorized_client');
    expect((await exchangeCode(tenant, code)).status).toBe(200);
  });

  test('is required', async () => {
    expect((await exchangeCode(await tenantFor())).body).toEqual({
      error: 'invalid_request',
      error_description: 'Missing required parameter: code',
    });
  });

  test('needs the grant to be enabled', async () => {
    const clients = [{ clientID: 'app', clientSecret: 'secret', grantTypes: [] }];
    expect((await exchangeCode(await tenantFor({ clients }), 'any')).body.error).toBe('unauthorized_client');
  });
});
