import express from 'express';
import { resend, start, type StrategyOptions, verify } from 'passport-auth0-passwordless';
import request from 'supertest';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ada, createApp, extract, setUp } from './examples.js';

const { load } = extract('docs/outcomes.md');
const { answer } = (await load('json-login.ts')) as { answer: (name: string, options: object) => express.Handler };
const { messages } = (await load('messages.ts')) as Required<Pick<StrategyOptions, 'messages'>>;
const { loginErrors } = (await load('error-handler.ts')) as { loginErrors: express.ErrorRequestHandler };

async function setUpJSON() {
  const { tenant, strategy, code } = await setUp({ strategy: { messages, resendCooldown: 30 } });
  const app = createApp(strategy);
  const sent: express.Handler = (_req, res) => {
    res.sendStatus(204);
  };
  app.post('/login', answer(strategy.name, start()), sent);
  app.post('/resend', answer(strategy.name, resend()), sent);
  app.post('/code', answer(strategy.name, verify({ stage: 'code' })));
  app.use(loginErrors);
  return { app, tenant, code };
}

const matching = (pattern: RegExp) => expect.stringMatching(pattern) as string;

test("the custom callback answers in JSON, in the browser's language if the app has messages in it", async () => {
  const { app, code } = await setUpJSON();
  const browser = request.agent(app).set('Accept-Language', 'de-AT');
  expect((await browser.post('/login').send({ email: ada })).status).toBe(204);
  const early = await browser.post('/resend');
  const message = matching(/^Bitte warten Sie noch \d+ Sekunden/);
  expect([early.status, early.body]).toMatchObject([429, { code: 'resend_too_soon', message }]);
  expect(early.headers['retry-after']).toBe(String((early.body as { retryAfter: number }).retryAfter));
  const wrong = await browser.post('/code').send({ otp: '000000' });
  expect([wrong.status, wrong.body]).toMatchObject([401, { code: 'wrong_code', message: matching(/^Das war/) }]);
  const inEnglish = await browser.post('/code').set('Accept-Language', 'en').send({ otp: '111111' });
  expect(inEnglish.body).toMatchObject({ message: matching(/^The code is wrong/) });
  const inFrench = await browser.post('/code').set('Accept-Language', 'fr').send({});
  expect(inFrench.body).toEqual({ code: 'code_missing', message: matching(/^Enter the code/) });
  const { status, body } = await browser.post('/code').send({ otp: code() });
  expect([status, body]).toMatchObject([200, { user: {}, info: { method: 'code' } }]);
});

test.each([
  ['transport_error', 503, 'reset', /Try again\.$/],
  ['configuration_error', 500, { status: 403, body: { error: 'unauthorized_client' } }, /does not work at the moment/],
] as const)('the error handler logs %s, and shows the user another message', async (code, status, respond, message) => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  onTestFinished(() => {
    log.mockRestore();
  });
  const { app, tenant } = await setUpJSON();
  tenant.fault({ path: '/passwordless/start', respond });
  const response = await request(app).post('/login').send({ email: ada });
  expect([response.status, response.body]).toEqual([status, { code, message: matching(message) }]);
  expect(log.mock.calls).toMatchObject([[{ code }]]);
});
