import cookieSession from 'cookie-session';
import express5, { type ErrorRequestHandler, type NextFunction, type Request, type Response } from 'express';
import express4 from 'express-4';
import request from 'supertest';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ada, setUp } from '../support/app.js';
import { expressHost } from '../support/express-host.js';
import { expressHosts, inCookie } from './adapters/express.js';
import { caught } from './recipes/express-4.js';
import { testHost } from './scenarios.js';

expressHosts.forEach(testHost);

test('cookie-session without its recipe cannot sign in: the error says what Passport misses', async () => {
  const bare = () => [cookieSession({ secret: 'test' })];
  const app = await setUp({ host: expressHost('Express 5', express5, 'cookie', bare) });
  const browser = app.browser();
  await browser.post('/pages/start').send({ email: ada });
  const { status, body } = await browser.post('/pages/code').send({ otp: app.code() });
  expect([status, body.error.message]).toEqual([500, expect.stringContaining('regenerate is not a function')]);
});

test('cookie-session with its recipe keeps nothing over a login that was there before', async () => {
  const app = await setUp({ host: inCookie });
  const browser = app.browser();
  await browser.post('/pages/start');
  expect((await browser.get('/messages')).body.messages).toHaveLength(1);
  await browser.post('/pages/start').send({ email: ada });
  await browser.post('/pages/code').send({ otp: app.code() });
  expect((await browser.get('/me')).body).toMatchObject({ user: { name: ada } });
  expect((await browser.get('/messages')).body).toEqual({ messages: [] });
});

test("Express 4's error handler gets what an asynchronous handler rejects with, by its recipe", async () => {
  const app = express4();
  const error = new Error('no login');
  app.get(
    '/',
    caught(() => Promise.reject(error)),
  );
  const handler = vi.fn<ErrorRequestHandler>((_error, _req, res, _next) => res.sendStatus(403));
  app.use((error: unknown, req: Request, res: Response, next: NextFunction) => handler(error, req, res, next));
  const server = app.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
  });
  expect((await request(server).get('/')).status).toBe(403);
  expect(handler.mock.lastCall?.[0]).toBe(error);
});
