import { describe, expect, test } from 'vitest';
import { ada, setUp, setUpCode } from '../support/app.js';

const error = (word: string) => ({
  error: { code: 'configuration_error', message: expect.stringContaining(word) as string },
});

describe('a configuration_error names the wrong setting:', () => {
  test('the secret', async () => {
    const { browser } = await setUp({ strategy: { clientSecret: 'another secret' } });
    const response = await browser().post('/start').send({ email: ada });
    expect(response).toMatchObject({ status: 500, body: error('clientSecret') });
    expect(JSON.stringify(response.body)).not.toContain('another secret');
  });

  test('the grant', async () => {
    const clients = [{ clientID: 'c', clientSecret: 's'.repeat(64), grantTypes: ['authorization_code'] }];
    const { agent, code } = await setUpCode({ tenant: { clients } });
    expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject(error('Passwordless OTP'));
  });

  test('the connection', async () => {
    const { browser } = await setUp({ tenant: { connections: [{ name: 'sms', strategy: 'sms' }] } });
    expect((await browser().post('/start').send({ email: ada })).body).toMatchObject(error('connection'));
  });

  test('the audience', async () => {
    const { agent, code } = await setUpCode({
      tenant: { apis: ['https://api.example.com'] },
      strategy: { audience: 'https://other.example.com' },
    });
    expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject(error('audience'));
  });
});

describe.each([
  ['access_denied', 'Unauthorized'],
  ['invalid_client', 'Client authentication failed'],
])('a secret that Auth0 refuses during a login (%s)', (refusal, error_description) => {
  test.each([
    ['/passwordless/start', '/start'],
    ['/oauth/token', '/code'],
  ])('at %s is a configuration_error, and keeps the transaction', async (path, route) => {
    const { agent, code, tenant } = await setUpCode();
    const otp = code();
    tenant.fault({ path, respond: { status: 401, body: { error: refusal, error_description } } });
    const response = await agent.post(route).send({ email: 'bob@example.com', otp });
    expect(response).toMatchObject({ status: 500, body: error('clientSecret') });
    expect((await agent.post('/code').send({ otp })).body).toMatchObject({ user: { name: ada } });
  });
});
