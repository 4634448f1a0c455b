import { expect, test } from 'vitest';
import { ada, setUp, setUpCode } from '../support/app.js';
import { createLine, TIMEOUT } from './line.js';

// The request arrives and does its work; the answer is lost. Nothing tells the app so.

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

test('a code whose exchange broke off may be spent; then it is wrong, and another one signs the user in', async () => {
  const line = createLine();
  const { agent, code, tenant } = await setUpCode({ strategy: { dispatcher: line.dispatcher } });
  await line.fail({ path: '/oauth/token', tenant, hasArrived: () => true, server: 'lostThenReset' });
  const type = () => agent.post('/code').send({ otp: code() });
  expect((await type()).body).toMatchObject({ error: { code: 'transport_error' } });
  expect((await type()).body).toMatchObject({ code: 'wrong_code' });
  expect((await agent.post('/resend')).status).toBe(200);
  expect((await type()).body).toMatchObject({ user: { name: ada } });
  await line.expectCleanEnd();
});

test('a refresh whose answer is lost may have spent the refresh token; then the user signs in again', async () => {
  const line = createLine();
  let refreshToken = '';
  const { agent, code, strategy, tenant } = await setUpCode({
    strategy: { dispatcher: line.dispatcher, scope: 'openid offline_access' },
    verify: (tokens, { id }) => {
      refreshToken = tokens.refreshToken ?? '';
      return Promise.resolve({ id });
    },
  });
  await agent.post('/code').send({ otp: code() });
  await line.fail({ path: '/oauth/token', tenant, hasArrived: () => true, server: 'lostThenReset' });
  await expect(strategy.auth0.refresh(refreshToken)).rejects.toMatchObject({ code: 'transport_error' });
  await expect(strategy.auth0.refresh(refreshToken)).rejects.toMatchObject({ code: 'access_denied' });
  await line.expectCleanEnd();
});
