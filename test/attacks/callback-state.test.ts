// SECURITY.md: a callback is replayed, or its `state` forged.
import { expect, test } from 'vitest';
import { ada, eve, setUp, setUpLink } from '../support/app.js';

/** The path of a callback with one parameter replaced. */
function withParameter(path: string, name: string, value: string): string {
  const url = new URL(path, 'http://app');
  url.searchParams.set(name, value);
  return url.pathname + url.search;
}

const parameter = (path: string, name: string) => new URL(path, 'http://app').searchParams.get(name) ?? '';
const swapCase = (text: string) =>
  text.replace(/[a-z]/i, (letter) => (/[a-z]/.test(letter) ? letter.toUpperCase() : letter.toLowerCase()));

test.each<[string, (state: string) => string]>([
  ['with its last character changed', (state) => state.slice(0, -1) + (state.endsWith('A') ? 'B' : 'A')],
  ['with its first character changed', (state) => (state.startsWith('A') ? 'B' : 'A') + state.slice(1)],
  ['in the other case', swapCase],
  ['cut short', (state) => state.slice(0, -1)],
  ['with a character more', (state) => `${state}A`],
  ['twice', (state) => state + state],
  ['as padded base64', (state) => `${state}=`],
  ['that is a name of every object', () => '__proto__'],
  ['of 2,048 characters', () => 'A'.repeat(2048)],
])('rejects a forged state without a call to Auth0: %s', async (_how, forge) => {
  const { agent, openLink, sent } = await setUpLink();
  const path = await openLink();
  const forged = await agent.get(withParameter(path, 'state', forge(parameter(path, 'state'))));
  expect([forged.status, forged.body]).toMatchObject([403, { code: 'state_mismatch' }]);
  expect(sent('/oauth/token')).toHaveLength(0);
  expect((await agent.get(path)).status, 'the true one still works').toBe(200);
});

test.each(['?state[]=x&state[]=y&code=c', '?state[a]=b&code=c', '?state=&code=c'])(
  'rejects a callback with the state missing or not a string, without a call to Auth0: %s',
  async (query) => {
    const { agent, sent } = await setUpLink();
    expect((await agent.get(`/callback${query}`)).status).toBe(400);
    expect(sent('/oauth/token')).toHaveLength(0);
  },
);

test('rejects a state that was used, whether its callback succeeded or failed', async () => {
  const { browser, openLink, sent } = await setUp();
  const agent = browser();
  for (const first of [(path: string) => path, (path: string) => withParameter(path, 'code', 'wrong')]) {
    await agent.post('/link').send({ email: ada });
    const path = await openLink();
    await agent.get(first(path));
    const before = sent('/oauth/token').length;
    expect((await agent.get(path)).body).toMatchObject({ code: 'link_opened_elsewhere' });
    expect(sent('/oauth/token')).toHaveLength(before);
  }
});

test("rejects, by the nonce, an attacker's code under the victim's state, and does not call verify", async () => {
  const names: string[] = [];
  const { browser, openLink } = await setUp({
    verify: (_tokens, { displayName }) => Promise.resolve({ name: names.push(displayName) }),
  });
  const [victim, attacker] = [browser(), browser()];
  await victim.post('/link').send({ email: ada });
  await attacker.post('/link').send({ email: eve });
  const code = parameter(await openLink(eve), 'code');
  const injected = await victim.get(withParameter(await openLink(), 'code', code));
  expect([injected.status, injected.body]).toMatchObject([502, { error: { code: 'id_token_invalid' } }]);
  expect((await victim.get('/me')).body).toEqual({ user: null });
  expect(names).toEqual([]);
});

test("rejects, by the nonce, one tab's code under another tab's state", async () => {
  const { agent, openLink } = await setUpLink();
  const first = await openLink();
  await agent.post('/link').send({ email: eve });
  const second = await openLink(eve);
  const crossed = await agent.get(withParameter(first, 'code', parameter(second, 'code')));
  expect(crossed.body).toMatchObject({ error: { code: 'id_token_invalid' } });
  expect((await agent.get('/me')).body).toEqual({ user: null });
});
