import { expect, test } from 'vitest';
import { ada, setUp, setUpCode } from '../support/app.js';
import { createLine, TIMEOUT } from './line.js';
import { withRefreshToken } from './steps.js';

// The request arrives and has its effect; the response is lost, so that the app cannot know.

test('a code that arrives although start timed out signs the user in', async () => {
  const line = createLine();
  const { browser, code, tenant } = await setUp({ strategy: { timeout: TIMEOUT, dispatcher: line.dispatcher } });
  const agent = browser();
  const hasArrived = () => code() !== '';
  await line.fail({ path: '/passwordless/start', tenant, hasArrived, isLate: true, server: 'lostThenSilent' });
  expect((await agent.post('/start').send({ email: ada })).body).toMatchObject({ error: { code: 'timeout' } });
  expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ user: { name: ada } });
  await line.expectCleanEnd();
});

test('a code whose exchange broke off may be consumed; then it is wrong, and another one signs the user in', async () => {
  const line = createLine();
  const { agent, code, tenant } = await setUpCode({ strategy: { dispatcher: line.dispatcher } });
  await line.fail({ path: '/oauth/token', tenant, server: 'lostThenReset' });
  const type = () => agent.post('/code').send({ otp: code() });
  expect((await type()).body).toMatchObject({ error: { code: 'transport_error' } });
  expect((await type()).body).toMatchObject({ code: 'wrong_code' });
  expect((await agent.post('/resend')).status).toBe(200);
  expect((await type()).body).toMatchObject({ user: { name: ada } });
  await line.expectCleanEnd();
});

test('a refresh whose response is lost may consume the refresh token; then it is access_denied', async () => {
  const line = createLine();
  const { refreshToken, strategy, tenant } = await withRefreshToken({ dispatcher: line.dispatcher });
  await line.fail({ path: '/oauth/token', tenant, server: 'lostThenReset' });
  await expect(strategy.auth0.refresh(refreshToken)).rejects.toMatchObject({ code: 'transport_error' });
  await expect(strategy.auth0.refresh(refreshToken)).rejects.toMatchObject({ code: 'access_denied' });
  await line.expectCleanEnd();
});
