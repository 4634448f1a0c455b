import { describe, expect, test } from 'vitest';
import { codeFor, exchange, OTP_GRANT, statusAndBody, tenantFor } from './support.js';

const wrong = { error: 'invalid_grant', error_description: 'Wrong email or verification code.' };
const exhausted = {
  error: 'invalid_grant',
  error_description: "You've reached the maximum number of attempts. Please try to login again.",
};

describe('/oauth/token refuses', () => {
  test('a wrong code twice, and says so', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    for (let i = 0; i < 2; i += 1) {
      expect(await statusAndBody(exchange(tenant, '000000'))).toEqual([403, wrong]);
    }
    expect((await exchange(tenant, code)).status).toBe(200);
  });

  test('a code for a phone number in its own words', async () => {
    const tenant = await tenantFor();
    const { body } = await exchange(tenant, '000000', { username: '+15551234567', realm: 'sms' });
    expect(body.error_description).toBe('Wrong phone number or verification code.');
  });

  test('everything from the third wrong try on, until a new code is asked for', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    await exchange(tenant, '000000');
    await exchange(tenant, '000000');
    for (const otp of ['000000', code, '000000']) {
      expect(await statusAndBody(exchange(tenant, otp))).toEqual([403, exhausted]);
    }
    tenant.clock.advance(1_000);
    expect((await exchange(tenant, code)).body).toEqual(exhausted);
    expect((await exchange(tenant, await codeFor(tenant))).status).toBe(200);
  });

  test('a code that was used', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    expect((await exchange(tenant, code)).status).toBe(200);
    expect((await exchange(tenant, code)).body).toEqual(wrong);
  });

  test('a code that a newer one replaces', async () => {
    const tenant = await tenantFor();
    const older = await codeFor(tenant);
    const newer = await codeFor(tenant);
    expect((await exchange(tenant, older)).body).toEqual(wrong);
    expect((await exchange(tenant, newer)).status).toBe(200);
  });

  test('a code with another address, and a code nobody asked for', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    expect((await exchange(tenant, code, { username: 'eve@example.com' })).body).toEqual(wrong);
    expect((await exchange(tenant, code, { username: 'Ada@Example.com' })).status).toBe(200);
  });

  test('a code that another client asked for', async () => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const tenant = await tenantFor({ clients });
    const code = await codeFor(tenant);
    expect((await exchange(tenant, code, { client_id: 'two' })).body).toEqual(wrong);
    expect((await exchange(tenant, code, { client_id: 'one' })).status).toBe(200);
  });

  test('a user who was blocked meanwhile', async () => {
    const tenant = await tenantFor({ users: [{ email: 'ada@example.com' }] });
    const code = await codeFor(tenant);
    for (const user of tenant.users) user.blocked = true;
    expect(await statusAndBody(exchange(tenant, code))).toEqual([
      401,
      { error: 'unauthorized', error_description: 'user is blocked' },
    ]);
  });

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['no secret', { client_secret: undefined }],
    ['an unknown client', { client_id: 'nobody' }],
  ])('%s', async (_, override) => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    expect(await statusAndBody(exchange(tenant, code, override))).toEqual([
      401,
      { error: 'access_denied', error_description: 'Unauthorized' },
    ]);
    expect((await exchange(tenant, code)).status).toBe(200);
  });

  test('a grant that is not enabled for the client', async () => {
    const tenant = await tenantFor({
      clients: [{ clientID: 'app', clientSecret: 'secret', grantTypes: ['authorization_code'] }],
    });
    expect(await statusAndBody(exchange(tenant, await codeFor(tenant)))).toEqual([
      403,
      {
        error: 'unauthorized_client',
        error_description: `Grant type '${OTP_GRANT}' not allowed for the client.`,
        error_uri: 'https://auth0.com/docs/clients/client-grant-types',
      },
    ]);
  });

  test('a grant it does not know', async () => {
    const tenant = await tenantFor();
    for (const grant_type of ['password', 'constructor']) {
      const { status, body } = await exchange(tenant, '000000', { grant_type });
      expect(status).toBe(403);
      expect(body.error).toBe('unsupported_grant_type');
    }
  });

  test('a realm that is unknown, not enabled or not passwordless', async () => {
    const tenant = await tenantFor({
      connections: [
        { name: 'email', strategy: 'email' },
        { name: 'sms', strategy: 'sms' },
        { name: 'database', strategy: 'auth0' },
      ],
      clients: [{ clientID: 'app', clientSecret: 'secret', connections: ['email', 'database'] }],
    });
    for (const realm of ['fax', 'sms', 'database']) {
      expect(await exchange(tenant, '000000', { realm })).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      });
    }
  });

  test.each(['grant_type', 'client_id', 'username', 'otp', 'realm'])('a request without %s', async (name) => {
    expect(await statusAndBody(exchange(await tenantFor(), '000000', { [name]: undefined }))).toEqual([
      400,
      {
        error: 'invalid_request',
        error_description: `Missing required parameter: ${name}`,
      },
    ]);
  });

  test.each(['grant_type', 'username', 'otp', 'realm', 'scope', 'audience'])('a %s that is no string', async (name) => {
    expect(await statusAndBody(exchange(await tenantFor(), '000000', { [name]: ['one', 'two'] }))).toEqual([
      400,
      { error: 'invalid_request', error_description: `Invalid parameter: ${name}` },
    ]);
  });
});
