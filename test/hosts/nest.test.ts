import { Controller, Get, Logger, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import session from 'express-session';
import { PasswordlessError, type PasswordlessStrategy } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, onTestFinished, test, vi } from 'vitest';
import { nestHost } from './adapters/nest.js';
import { Auth0Strategy, createApp } from './recipes/nest-login.js';
import { PasswordlessErrors } from './recipes/nest.js';
import { testHost } from './scenarios.js';
import { SlowStore } from './slow-store.js';

testHost(
  nestHost('Nest, express-session', () => [
    session({ secret: 'test', resave: false, saveUninitialized: false, store: new SlowStore() }),
  ]),
);

test('the controller of the documentation signs in', async () => {
  const tenant = await startLocalTenant();
  vi.stubEnv('AUTH0_DOMAIN', tenant.domain);
  vi.stubEnv('AUTH0_CLIENT_ID', tenant.clientID);
  vi.stubEnv('AUTH0_CLIENT_SECRET', tenant.clientSecret);
  vi.stubEnv('SESSION_SECRET', 'test');
  Logger.overrideLogger(false);
  const app = await createApp();
  await app.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await app.close();
    await app.get<PasswordlessStrategy>(Auth0Strategy).auth0.close();
    await tenant.close();
  });

  const browser = request.agent(await app.getUrl());
  const post = async (path: string, body: object) => {
    const { status, headers } = await browser.post(path).type('form').send(body);
    return [status, headers.location] as unknown;
  };
  const email = 'ada@example.com';
  expect(await post('/login', { email: 'ada' })).toEqual([302, '/login']);
  expect(await post('/login', { email })).toEqual([303, '/login/code']);
  const wrong = await browser.post('/api/login/code').send({ otp: '000000' });
  expect([wrong.status, wrong.body]).toMatchObject([401, { code: 'wrong_code' }]);
  expect(await post('/login/code', { otp: '000000' })).toEqual([302, '/login/code']);
  expect((await browser.get('/')).body).toEqual({ user: null });
  expect(await post('/login/code', { otp: tenant.inbox.latest(email)?.code })).toEqual([302, '/']);
  expect((await browser.get('/')).body).toMatchObject({ user: { name: email } });

  await post('/login', { email });
  const signedIn = await browser.post('/api/login/code').send({ otp: tenant.inbox.latest(email)?.code });
  expect(signedIn.body).toMatchObject({ user: { name: email }, info: { method: 'code' } });
});

@Controller()
class Routes {
  @Get('/mendable')
  mendable() {
    throw new PasswordlessError('invalid_factor');
  }

  @Get('/not')
  not() {
    throw new PasswordlessError('configuration_error', 'Check clientSecret.');
  }
}

@Module({ controllers: [Routes] })
class App {}

test('the filter for errors tells a user what can be mended, and of anything else only that it is', async () => {
  const app = await NestFactory.create(App, { logger: false });
  onTestFinished(() => app.close());
  app.useGlobalFilters(new PasswordlessErrors());
  await app.listen(0, '127.0.0.1');
  const get = async (path: string) => {
    const { status, body } = await request(await app.getUrl()).get(path);
    return [status, body] as unknown;
  };
  expect(await get('/mendable')).toMatchObject([400, { code: 'invalid_factor', message: expect.any(String) }]);
  expect(await get('/not')).toEqual([
    500,
    { code: 'configuration_error', message: 'Signing in does not work at the moment.' },
  ]);
});
