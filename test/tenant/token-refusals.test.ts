import { describe, expect, it } from 'vitest';
import { codeFor, exchange, OTP_GRANT, tenantFor } from './support.js';

const wrong = { error: 'invalid_grant', error_description: 'Wrong email or verification code.' };
const exhausted = {
  error: 'invalid_grant',
  error_description: "You've reached the maximum number of attempts. Please try to login again.",
};

describe('/oauth/token refuses', () => {
  it('a wrong code twice, and says so', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    for (let i = 0; i < 2; i += 1) {
      const { status, body } = await exchange(tenant, '000000');
      expect(status).toBe(403);
      expect(body).toEqual(wrong);
    }
    expect((await exchange(tenant, code)).status).toBe(200);
  });

  it('a code for a phone number in its own words', async () => {
    const tenant = await tenantFor();
    const { body } = await exchange(tenant, '000000', { username: '+15551234567', realm: 'sms' });
    expect(body.error_description).toBe('Wrong phone number or verification code.');
  });

  it('everything from the third wrong try on, until a new code is asked for', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    await exchange(tenant, '000000');
    await exchange(tenant, '000000');
    for (const otp of ['000000', code, '000000']) {
      const { status, body } = await exchange(tenant, otp);
      expect(status).toBe(403);
      expect(body).toEqual(exhausted);
    }
    tenant.clock.advance(1_000);
    expect((await exchange(tenant, code)).body).toEqual(exhausted);
    expect((await exchange(tenant, await codeFor(tenant))).status).toBe(200);
  });

  it('a code that was used', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    expect((await exchange(tenant, code)).status).toBe(200);
    expect((await exchange(tenant, code)).body).toEqual(wrong);
  });

  it('a code that a newer one replaces', async () => {
    const tenant = await tenantFor();
    const older = await codeFor(tenant);
    const newer = await codeFor(tenant);
    expect((await exchange(tenant, older)).body).toEqual(wrong);
    expect((await exchange(tenant, newer)).status).toBe(200);
  });

  it('a code with another address, and a code nobody asked for', async () => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    expect((await exchange(tenant, code, { username: 'eve@example.com' })).body).toEqual(wrong);
    expect((await exchange(tenant, code, { username: 'Ada@Example.com' })).status).toBe(200);
  });

  it('a code that another client asked for', async () => {
    const clients = ['one', 'two'].map((clientID) => ({ clientID, clientSecret: 'secret' }));
    const tenant = await tenantFor({ clients });
    const code = await codeFor(tenant);
    expect((await exchange(tenant, code, { client_id: 'two' })).body).toEqual(wrong);
    expect((await exchange(tenant, code, { client_id: 'one' })).status).toBe(200);
  });

  it('a user who was blocked meanwhile', async () => {
    const tenant = await tenantFor({ users: [{ email: 'ada@example.com' }] });
    const code = await codeFor(tenant);
    for (const user of tenant.users) user.blocked = true;
    const { status, body } = await exchange(tenant, code);
    expect(status).toBe(401);
    expect(body).toEqual({ error: 'unauthorized', error_description: 'user is blocked' });
  });

  it.each([
    ['a wrong secret', { client_secret: 'wrong' }],
    ['no secret', { client_secret: undefined }],
    ['an unknown client', { client_id: 'nobody' }],
  ])('%s', async (_, override) => {
    const tenant = await tenantFor();
    const code = await codeFor(tenant);
    const { status, body } = await exchange(tenant, code, override);
    expect(status).toBe(401);
    expect(body).toEqual({ error: 'access_denied', error_description: 'Unauthorized' });
    expect((await exchange(tenant, code)).status).toBe(200);
  });

  it('a grant that is not enabled for the client', async () => {
    const tenant = await tenantFor({
      clients: [{ clientID: 'app', clientSecret: 'secret', grantTypes: ['authorization_code'] }],
    });
    const { status, body } = await exchange(tenant, await codeFor(tenant));
    expect(status).toBe(403);
    expect(body).toEqual({
      error: 'unauthorized_client',
      error_description: `Grant type '${OTP_GRANT}' not allowed for the client.`,
      error_uri: 'https://auth0.com/docs/clients/client-grant-types',
    });
  });

  it('a grant it does not know', async () => {
    const tenant = await tenantFor();
    for (const grant_type of ['password', 'constructor']) {
      const { status, body } = await exchange(tenant, '000000', { grant_type });
      expect(status).toBe(403);
      expect(body.error).toBe('unsupported_grant_type');
    }
  });

  it('a realm that is unknown, not enabled or not passwordless', async () => {
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

  it.each(['grant_type', 'client_id', 'username', 'otp', 'realm'])('a request without %s', async (name) => {
    const { status, body } = await exchange(await tenantFor(), '000000', { [name]: undefined });
    expect(status).toBe(400);
    expect(body).toEqual({
      error: 'invalid_request',
      error_description: `Missing required parameter: ${name}`,
    });
  });

  it.each(['grant_type', 'username', 'otp', 'realm', 'scope', 'audience'])('a %s that is no string', async (name) => {
    const { status, body } = await exchange(await tenantFor(), '000000', { [name]: ['one', 'two'] });
    expect(status).toBe(400);
    expect(body).toEqual({ error: 'invalid_request', error_description: `Invalid parameter: ${name}` });
  });
});
