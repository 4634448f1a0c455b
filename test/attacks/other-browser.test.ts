/*
 * SECURITY.md: a code or a link is used in another browser than the one that asked (login CSRF).
 *
 * Also: test/flows/code.test.ts "the code is refused in another browser than the one that asked, without a call to Auth0";
 * test/flows/link.test.ts "in another browser the link is refused without a call to Auth0, and still works in the first",
 * "a browser with a link of its own does not take another one (login CSRF)";
 * test/properties/sequences.test.ts, two browsers in any order.
 */
import { expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';

const eve = 'eve@example.com';

test('a code that an attacker asked for signs nobody in as the attacker, though the victim is about to sign in', async () => {
  const { browser, code, sent } = await setUp();
  const [victim, attacker] = [browser(), browser()];
  await attacker.post('/start').send({ email: eve });
  await victim.post('/start').send({ email: ada });

  const forced = await victim.post('/code').send({ otp: code(eve), email: eve, username: eve });
  expect(forced.body).toMatchObject({ code: 'wrong_code' });
  expect(sent('/oauth/token').map(({ body }) => body.username)).toEqual([ada]);
  expect((await victim.get('/me')).body).toEqual({ user: null });
});

test("a link that an attacker asked for is not taken beside the victim's code, and stays the attacker's", async () => {
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

test('an attacker who has the code of the mail, and not the browser, gets nothing', async () => {
  const { browser, code, openLink, sent } = await setUp();
  const [victim, attacker] = [browser(), browser()];
  await victim.post('/link').send({ email: ada });
  await attacker.get('/pending');
  for (const response of [
    await attacker.post('/code').send({ otp: code(ada), email: ada }),
    await attacker.get(await openLink(ada)),
  ]) {
    expect(response.status).toBe(403);
  }
  expect(sent('/oauth/token')).toHaveLength(0);
});
