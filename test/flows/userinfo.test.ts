import { expect, test } from 'vitest';
import { ada, setUpCode } from '../support/app.js';

test('fetchUserInfo lays the claims of /userinfo over those of the ID token', async () => {
  const { agent, code, tenant } = await setUpCode({ strategy: { fetchUserInfo: true } });
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ user: { name: ada } });
  expect(tenant.requests.at(-1)).toMatchObject({ method: 'GET', path: '/userinfo' });
});

test('an answer of /userinfo about somebody else is refused', async () => {
  const { agent, code, tenant } = await setUpCode({ strategy: { fetchUserInfo: true } });
  tenant.fault({ path: '/userinfo', respond: { status: 200, body: { sub: 'email|eve', name: 'Eve' } } });
  const response = await agent.post('/code').send({ otp: code() });
  expect(response).toMatchObject({ status: 502, body: { error: { code: 'unexpected_response' } } });
});

test('where /userinfo cannot be reached, nobody is signed in', async () => {
  const { agent, code, tenant } = await setUpCode({ strategy: { fetchUserInfo: true } });
  tenant.fault({ path: '/userinfo', respond: 'reset' });
  const response = await agent.post('/code').send({ otp: code() });
  expect(response).toMatchObject({ status: 503, body: { error: { code: 'transport_error' } } });
});
