import { describe, expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';

const error = (word: string) => ({
  error: { code: 'configuration_error', message: expect.stringContaining(word) as string },
});

describe('a setting that is wrong is a configuration_error that names it:', () => {
  test('the secret', async () => {
    const { browser } = await setUp({ strategy: { clientSecret: 'another secret' } });
    const response = await browser().post('/start').send({ email: ada });
    expect(response.status).toBe(500);
    expect(response.body).toMatchObject(error('clientSecret'));
    expect(JSON.stringify(response.body)).not.toContain('another secret');
  });

  test('the grant', async () => {
    const clients = [{ clientID: 'c', clientSecret: 's'.repeat(64), grantTypes: ['authorization_code'] }];
    const { browser, code } = await setUp({ tenant: { clients } });
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    expect((await agent.post('/code').send({ otp: code(ada) })).body).toMatchObject(error('Passwordless OTP'));
  });

  test('the connection', async () => {
    const { browser } = await setUp({ tenant: { connections: [{ name: 'sms', strategy: 'sms' }] } });
    expect((await browser().post('/start').send({ email: ada })).body).toMatchObject(error('connection'));
  });

  test('the audience', async () => {
    const { browser, code } = await setUp({
      tenant: { apis: ['https://api.example.com'] },
      strategy: { audience: 'https://other.example.com' },
    });
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    expect((await agent.post('/code').send({ otp: code(ada) })).body).toMatchObject(error('audience'));
  });
});

describe.each([
  ['access_denied', 'Unauthorized'],
  ['invalid_client', 'Client authentication failed'],
])('a secret that is refused in the middle of a login (%s)', (refusal, error_description) => {
  test.each([
    ['/passwordless/start', '/start'],
    ['/oauth/token', '/code'],
  ])('at %s is a configuration_error, and the pending login is kept', async (path, route) => {
    const { browser, code, tenant } = await setUp();
    const agent = browser();
    await agent.post('/start').send({ email: ada });
    const otp = code(ada);
    tenant.fault({ path, respond: { status: 401, body: { error: refusal, error_description } } });
    const response = await agent.post(route).send({ email: 'bob@example.com', otp });
    expect(response.status).toBe(500);
    expect(response.body).toMatchObject(error('clientSecret'));
    expect((await agent.post('/code').send({ otp })).body).toMatchObject({ user: { name: ada } });
  });
});
