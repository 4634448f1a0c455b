// SECURITY.md: the address is swapped between start and verify.
import { describe, expect, test } from 'vitest';
import { ada, eve, setUp } from '../support/app.js';
import { setUpMfa } from '../support/mfa.js';

/** Every name of an identifier, or of another parameter of the exchange, in a request here. */
const SWAPPED = {
  email: eve,
  username: eve,
  phone_number: '+12025550199',
  connection: 'sms',
  realm: 'sms',
  client_id: 'another',
  audience: 'https://evil.example.com',
  scope: 'openid everything',
  sub: 'email|eve',
};

describe.each(['/start', '/link'])('after a start at %s', (path) => {
  test('the code is exchanged for the address, connection and scope of the start, whatever the browser posts', async () => {
    const { browser, code, sent, tenant } = await setUp();
    const agent = browser();
    await agent.post(path).send({ email: ada });
    const query = new URLSearchParams(SWAPPED).toString();
    const response = await agent.post(`/code?${query}`).send({ ...SWAPPED, otp: code() });
    expect(response.body).toMatchObject({ user: { name: ada }, info: { connection: 'email' } });
    const [{ body } = {}] = sent('/oauth/token');
    expect(body).toMatchObject({
      username: ada,
      realm: 'email',
      client_id: tenant.clientID,
      scope: 'openid profile email',
    });
    expect(body).not.toHaveProperty('audience');
  });
});

test('rejects a code that was sent to another address than the newest start', async () => {
  const { browser, code } = await setUp();
  const agent = browser();
  await agent.post('/start').send({ email: eve });
  const otp = code(eve);
  await agent.post('/start').send({ email: ada });
  expect((await agent.post('/code').send({ otp })).body).toMatchObject({ code: 'wrong_code' });
});

test('the second factor belongs to the user of the start, whatever the browser posts', async () => {
  const { agent, tenant } = await setUpMfa([{ type: 'otp' }]);
  const response = await agent.post('/mfa').send({ ...SWAPPED, otp: tenant.totp(ada) });
  expect(response.body).toMatchObject({ user: { name: ada } });
});
