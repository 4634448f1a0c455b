import { describe, expect, test } from 'vitest';
import { call, codeFor, exchange, message, start, tenantFor } from './support.js';

describe('/userinfo', () => {
  test('tells the claims of the scopes that were granted, by GET and by POST', async () => {
    const tenant = await tenantFor();
    const { body } = await exchange(tenant, await codeFor(tenant), { scope: 'openid email' });
    const headers = { authorization: `Bearer ${String(body.access_token)}` };
    for (const method of ['GET', 'POST'] as const) {
      const answer = await call(tenant, '/userinfo', { method, headers });
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        sub: tenant.users[0]?.userID,
        email: 'ada@example.com',
        email_verified: true,
      });
    }
  });

  test('takes the JWT of an API too, if openid was granted', async () => {
    const tenant = await tenantFor();
    const audience = 'https://api.example.com';
    for (const [scope, status] of [
      ['openid', 200],
      ['read:mail', 401],
    ] as const) {
      const { body } = await exchange(tenant, await codeFor(tenant), { audience, scope });
      const headers = { authorization: `Bearer ${String(body.access_token)}` };
      expect((await call(tenant, '/userinfo', { headers })).status).toBe(status);
    }
  });

  test('refuses a request without a token, and one with a token it did not issue', async () => {
    const tenant = await tenantFor();
    const none = await call(tenant, '/userinfo');
    expect([none.status, none.text, none.headers['www-authenticate']]).toEqual([401, 'Unauthorized', 'Bearer']);
    const unknown = await call(tenant, '/userinfo', { headers: { authorization: 'Bearer nonsense' } });
    expect(unknown.status).toBe(401);
    expect(unknown.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
  });

  test('says that an access token has expired', async () => {
    const tenant = await tenantFor();
    const { body } = await exchange(tenant, await codeFor(tenant));
    tenant.clock.advance(Number(body.expires_in));
    const { status, headers, text } = await call(tenant, '/userinfo', {
      headers: { authorization: `Bearer ${String(body.access_token)}` },
    });
    expect([status, text]).toEqual([401, 'Unauthorized']);
    expect(headers['www-authenticate']).toBe(
      'Bearer realm="Users", error="invalid_token", error_description="The token has expired"',
    );
  });

  test('says what a user is now, not what it was', async () => {
    const tenant = await tenantFor();
    await start(tenant);
    const { body } = await exchange(tenant, message(tenant).code, { scope: 'openid profile' });
    for (const user of tenant.users) user.name = 'Ada';
    const headers = { authorization: `Bearer ${String(body.access_token)}` };
    expect((await call(tenant, '/userinfo', { headers })).body.name).toBe('Ada');
  });
});
