import { expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';

// Once Auth0 took the code, nothing is pending any more, whatever comes next. What else may fail then is in the table.

test.each([
  ['without an ID token', undefined, 'unexpected_response'],
  ['with an ID token of nobody', 'a.b.c', 'id_token_invalid'],
])('an answer %s ends the login', async (_what, id_token, code) => {
  const { browser, tenant } = await setUp();
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  const body = { access_token: 'a', id_token, token_type: 'Bearer', expires_in: 1 };
  tenant.fault({ path: '/oauth/token', respond: { status: 200, body } });
  const response = await agent.post('/code').send({ otp: '123456' });
  expect(response.status).toBe(502);
  expect(response.body).toMatchObject({ error: { code } });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
});

test('a user whom verify refuses ends the login', async () => {
  const { browser, code } = await setUp({
    verify: (_tokens, _profile, done) => {
      done(null, false, { message: 'Not you.', reason: 'staff only' });
    },
  });
  const agent = browser();
  await agent.post('/start').send({ email: ada });
  const response = await agent.post('/code').send({ otp: code(ada) });
  expect(response.status).toBe(401);
  expect(response.body).toEqual({ code: 'refused', message: 'Not you.', reason: 'staff only' });
  expect((await agent.get('/pending')).body).toEqual({ pending: null });
});
