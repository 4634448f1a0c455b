import { Controller, Get, Logger, Module, NotFoundException, UseFilters } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PasswordlessError, type PasswordlessStrategy } from 'passport-auth0-passwordless';
import request from 'supertest';
import { expect, onTestFinished, test, vi } from 'vitest';
import { nest } from './adapters/nest.js';
import { expectToSignIn, setUpDocumented } from './documented.js';
import { Auth0Strategy, createApp } from './recipes/nest-login.js';
import { FailureRedirect, PasswordlessErrors } from './recipes/nest.js';
import { testHost } from './scenarios.js';

testHost(nest);

test('the app of the documentation signs in, and logs what no user can mend', async () => {
  const { tenant } = await setUpDocumented();
  vi.stubEnv('AUTH0_DOMAIN', tenant.domain);
  vi.stubEnv('AUTH0_CLIENT_ID', tenant.clientID);
  vi.stubEnv('AUTH0_CLIENT_SECRET', tenant.clientSecret);
  vi.stubEnv('SESSION_SECRET', 'test');
  const logger = { log: vi.fn(), warn: vi.fn(), error: vi.fn() };
  Logger.overrideLogger(logger);
  const app = await createApp();
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await app.close();
    await app.get<PasswordlessStrategy>(Auth0Strategy).auth0.close();
  });
  await app.listen(0, '127.0.0.1');
  await expectToSignIn(await app.getUrl(), tenant);
  const remedy: unknown = expect.stringContaining('Grant Types');
  expect(logger.error).toHaveBeenCalledExactlyOnceWith(remedy, expect.any(String), 'PasswordlessErrors');
});

@Controller()
class Routes {
  @Get('/mendable')
  mendable() {
    throw new PasswordlessError('invalid_factor');
  }

  @Get('/of-another')
  @UseFilters(new FailureRedirect('/login'))
  ofAnother() {
    throw new NotFoundException();
  }
}

@Module({ controllers: [Routes] })
class App {}

test('the filters tell a user what can be mended, and leave alone what is not of the login', async () => {
  const app = await NestFactory.create(App, { logger: false });
  onTestFinished(() => app.close());
  app.useGlobalFilters(new PasswordlessErrors());
  await app.listen(0, '127.0.0.1');
  const get = async (path: string) => {
    const { status, body } = await request(await app.getUrl()).get(path);
    return [status, body] as unknown;
  };
  expect(await get('/mendable')).toMatchObject([400, { code: 'invalid_factor', message: expect.any(String) }]);
  expect(await get('/of-another')).toMatchObject([404, { message: 'Not Found' }]);
});
