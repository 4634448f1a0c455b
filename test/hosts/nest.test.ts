import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import session from 'express-session';
import { PasswordlessError } from 'passport-auth0-passwordless';
import request from 'supertest';
import { expect, onTestFinished, test } from 'vitest';
import { nestHost } from './adapters/nest.js';
import { PasswordlessErrors } from './recipes/nest.js';
import { testHost } from './scenarios.js';
import { SlowStore } from './slow-store.js';

testHost(
  nestHost('Nest, express-session', () => [
    session({ secret: 'test', resave: false, saveUninitialized: false, store: new SlowStore() }),
  ]),
);

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
