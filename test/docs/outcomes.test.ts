import { join } from 'node:path';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { PasswordlessStrategy, resend, start, type StrategyOptions, verify } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, expect, test, vi } from 'vitest';
import { extract } from './pages.js';

const { folder, remove } = extract('docs/outcomes.md');
const { answer } = (await import(join(folder, 'json-login.ts'))) as {
  answer: (name: string, options: object) => express.Handler;
};
const { messages } = (await import(join(folder, 'messages.ts'))) as Pick<StrategyOptions, 'messages'>;
const { loginErrors } = (await import(join(folder, 'error-handler.ts'))) as {
  loginErrors: express.ErrorRequestHandler;
};

const tenant = await startLocalTenant();
const { domain, clientID, clientSecret } = tenant;
const strategy = new PasswordlessStrategy({ domain, clientID, clientSecret, messages }, (_tokens, { id }) =>
  Promise.resolve({ id }),
);
afterAll(async () => {
  remove();
  await strategy.auth0.close();
  await tenant.close();
});

passport.use(strategy);
passport.serializeUser((user, done) => {
  done(null, user);
});
const app = express();
app.use(session({ secret: 'test', resave: false, saveUninitialized: false }), express.json());
const sent: express.Handler = (_req, res) => {
  res.sendStatus(204);
};
app.post('/login', answer(strategy.name, start()), sent);
app.post('/resend', answer(strategy.name, resend()), sent);
app.post('/code', answer(strategy.name, verify({ stage: 'code' })));
app.use(loginErrors);

const email = 'ada@example.com';

test('the custom callback answers in JSON, in the language of the browser where there are words for it', async () => {
  const browser = request.agent(app).set('Accept-Language', 'de-AT');
  expect((await browser.post('/login').send({ email })).status).toBe(204);
  const early = await browser.post('/resend');
  expect([early.status, early.body]).toMatchObject([
    429,
    { code: 'resend_too_soon', message: expect.stringMatching(/^Bitte warten Sie noch \d+ Sekunden/) as string },
  ]);
  expect(early.headers['retry-after']).toBe(String((early.body as { retryAfter: number }).retryAfter));
  const wrong = await browser.post('/code').send({ otp: '000000' });
  expect([wrong.status, wrong.body]).toMatchObject([
    401,
    { code: 'wrong_code', message: expect.stringMatching(/^Das war/) as string },
  ]);
  expect((await browser.post('/code').set('Accept-Language', 'en').send({ otp: '111111' })).body).toMatchObject({
    message: 'The code is wrong. Check it, or ask for a new one.',
  });
  const missing = await browser.post('/code').set('Accept-Language', 'fr').send({});
  expect(missing.body).toEqual({ code: 'code_missing', message: 'Enter the code that was sent to you.' });
  const { status, body } = await browser.post('/code').send({ otp: tenant.inbox.latest(email)?.code });
  expect([status, body]).toMatchObject([200, { user: {}, info: { method: 'code' } }]);
});

test('the error handler logs what is for the app, and tells the user something else', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  tenant.fault({ path: '/passwordless/start', respond: 'reset' });
  const outage = await request(app).post('/login').send({ email });
  expect([outage.status, outage.body]).toMatchObject([
    503,
    { code: 'transport_error', message: expect.stringMatching(/Try again\.$/) as string },
  ]);
  tenant.fault({ path: '/passwordless/start', respond: { status: 403, body: { error: 'unauthorized_client' } } });
  const broken = await request(app).post('/login').send({ email });
  expect([broken.status, broken.body]).toEqual([
    500,
    { code: 'configuration_error', message: 'Signing in does not work at the moment.' },
  ]);
  expect(log.mock.calls.map(([error]) => (error as { code: string }).code)).toEqual([
    'transport_error',
    'configuration_error',
  ]);
});
