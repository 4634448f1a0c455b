// SECURITY.md: a code or a link is used in another browser than the one that requested it (login CSRF).
import { expect, test } from 'vitest';
import { ada, eve, setUp } from '../support/app.js';

test("rejects an attacker's code in the browser of a victim who is about to sign in", async () => {
  const { browser, code, sent } = await setUp();
  const [victim, attacker] = [browser(), browser()];
  await attacker.post('/start').send({ email: eve });
  await victim.post('/start').send({ email: ada });

  const forced = await victim.post('/code').send({ otp: code(eve), email: eve, username: eve });
  expect(forced.body).toMatchObject({ code: 'wrong_code' });
  expect(sent('/oauth/token').map(({ body }) => body.username)).toEqual([ada]);
  expect((await victim.get('/me')).body).toEqual({ user: null });
});

test("rejects an attacker's link in the victim's browser, where a code is pending", async () => {
  const { browser, openLink, sent } = await setUp();
  const [victim, attacker] = [browser(), browser()];
  await attacker.post('/link').send({ email: eve });
  await victim.post('/start').send({ email: ada });
  const path = await openLink(eve);

  expect((await victim.get(path)).body).toMatchObject({ code: 'link_opened_elsewhere' });
  expect(sent('/oauth/token')).toHaveLength(0);
  expect((await victim.get('/me')).body).toEqual({ user: null });
  expect((await attacker.get(path)).body).toMatchObject({ user: { name: eve } });
});

test('rejects the code and the link of the email in any other browser, without a call to Auth0', async () => {
  const { browser, code, openLink, sent } = await setUp();
  const [victim, attacker] = [browser(), browser()];
  await victim.post('/link').send({ email: ada });
  await attacker.get('/pending');
  for (const response of [
    await attacker.post('/code').send({ otp: code(), email: ada }),
    await attacker.get(await openLink()),
  ]) {
    expect(response.status).toBe(403);
  }
  expect(sent('/oauth/token')).toHaveLength(0);
});
