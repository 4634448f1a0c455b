import { expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';

// Passport's own options on the routes, in place of a custom callback.

test('redirects lead through the login, and a failure leaves its message', async () => {
  const { browser, code } = await setUp();
  const agent = browser();
  const post = async (path: string, body = {}) => {
    const { status, headers } = await agent.post(path).type('form').send(body);
    return [status, headers.location as unknown];
  };
  expect(await post('/pages/start', { email: 'nonsense' })).toEqual([302, '/messages']);
  expect(await post('/pages/start', { email: ada })).toEqual([303, '/pending']);
  expect(await post('/pages/resend')).toEqual([303, '/pending']);
  expect(await post('/pages/code', { otp: '000000' })).toEqual([302, '/messages']);
  expect((await agent.get('/messages')).body).toEqual({
    messages: ['This is not a valid email address.', expect.stringMatching(/^The code is wrong/)],
  });
  expect(await post('/pages/code', { otp: code() })).toEqual([200, undefined]);
});

test('without a user, a request never reaches the handler of a route that verifies', async () => {
  const { browser, reached } = await setUp({ route: { failureRedirect: '/messages' } });
  for (const body of [{}, { otp: '123456' }, { email: ada }]) {
    await browser().post('/pages/code').type('form').send(body);
  }
  expect(reached).toEqual([]);
});

test('a second factor that failureRedirect hides from the response is there for the next request', async () => {
  const { browser, tenant } = await setUp();
  const agent = browser();
  const body = { error: 'mfa_required', mfa_token: 'Fe26.2*', mfa_requirements: { challenge: [{ type: 'otp' }] } };
  tenant.fault({ path: '/oauth/token', respond: { status: 403, body } });
  await agent.post('/pages/start').type('form').send({ email: ada });
  const redirect = await agent.post('/pages/code').type('form').send({ otp: '123456' });
  expect([redirect.status, redirect.headers.location]).toEqual([303, '/pending']);
  const mfa = { code: 'mfa_required', requirements: { challenge: ['otp'], enroll: [] } };
  expect((await agent.get('/pending')).body).toMatchObject({ pending: { stage: 'mfa', mfa } });
});
