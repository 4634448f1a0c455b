import { expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';

test('fetchUserInfo lays the claims of /userinfo over those of the ID token', async () => {
  const { browser, code, tenant } = await setUp({ strategy: { fetchUserInfo: true } });
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  expect((await agent.post('/code').send({ otp: code(ada) })).body).toMatchObject({ user: { name: ada } });
  expect(tenant.requests.at(-1)).toMatchObject({ method: 'GET', path: '/userinfo' });
});

test('an answer of /userinfo about somebody else is refused', async () => {
  const { browser, code, tenant } = await setUp({ strategy: { fetchUserInfo: true } });
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  tenant.fault({ path: '/userinfo', respond: { status: 200, body: { sub: 'email|eve', name: 'Eve' } } });
  const response = await agent.post('/code').send({ otp: code(ada) });
  expect(response.status).toBe(502);
  expect(response.body).toMatchObject({ error: { code: 'unexpected_response' } });
});

test('where /userinfo cannot be reached, nobody is signed in', async () => {
  const { browser, code, tenant } = await setUp({ strategy: { fetchUserInfo: true } });
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  tenant.fault({ path: '/userinfo', respond: 'reset' });
  const response = await agent.post('/code').send({ otp: code(ada) });
  expect(response.status).toBe(503);
  expect(response.body).toMatchObject({ error: { code: 'transport_error' } });
});
