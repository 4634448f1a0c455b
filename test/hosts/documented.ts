import { PasswordlessStrategy } from 'passport-auth0-passwordless';
import { type LocalTenant, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, onTestFinished } from 'vitest';

const email = 'ada@example.com';

/** A tenant, and a strategy that knows it. */
export async function setUpDocumented() {
  const tenant = await startLocalTenant();
  const strategy = new PasswordlessStrategy(tenant, (_tokens, { displayName: name }) => Promise.resolve({ name }));
  onTestFinished(async () => {
    await strategy.auth0.close();
    await tenant.close();
  });
  return { tenant, strategy };
}

/** Signs in to an app of docs/hosts.md, by pages and by JSON. */
export async function expectToSignIn(origin: string, tenant: LocalTenant): Promise<void> {
  const browser = request.agent(origin);
  const post = async (path: string, body: object) => {
    const { status, headers } = await browser.post(path).type('form').send(body);
    return [status, headers.location] as unknown;
  };
  expect(await post('/login', { email })).toEqual([303, '/login/code']);
  expect(await post('/login/code', { otp: '000000' })).toEqual([302, '/login/code']);
  expect((await browser.get('/')).body).toEqual({ user: null });
  expect(await post('/login/code', { otp: tenant.inbox.latest(email)?.code })).toEqual([302, '/']);
  expect((await browser.get('/')).body).toMatchObject({ user: { name: email } });

  const api = request.agent(origin);
  await api.post('/login').send({ email });
  const wrong = await api.post('/api/login/code').send({ otp: '000000' });
  expect([wrong.status, wrong.body]).toMatchObject([401, { code: 'wrong_code' }]);
  const signedIn = await api.post('/api/login/code').send({ otp: tenant.inbox.latest(email)?.code });
  expect([signedIn.status, signedIn.body]).toMatchObject([200, { user: { name: email }, info: { method: 'code' } }]);
  expect((await api.get('/')).body).toMatchObject({ user: { name: email } });

  tenant.fault({ path: '/passwordless/start', respond: { status: 403, body: { error: 'unauthorized_client' } } });
  const broken = await request(origin).post('/login').send({ email });
  expect([broken.status, broken.body]).toEqual([
    500,
    { code: 'configuration_error', message: 'Signing in does not work at the moment.' },
  ]);
}
