/*
 * SECURITY.md: a callback is replayed, or its `state` forged.
 *
 * Also: test/flows/link.test.ts "a callback is good once", "links in three tabs work in any order; a fourth takes the
 * place of the oldest", "counts only with the state of this browser"; test/flows/parallel.test.ts "a callback that
 * arrives twice at once is one exchange".
 */
import { describe, expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';

const eve = 'eve@example.com';

/** The path of a callback with one parameter replaced. */
function withParameter(path: string, name: string, value: string): string {
  const url = new URL(path, 'http://app');
  url.searchParams.set(name, value);
  return url.pathname + url.search;
}

const parameter = (path: string, name: string) => new URL(path, 'http://app').searchParams.get(name) ?? '';
const swapCase = (text: string) =>
  text.replace(/[a-z]/i, (letter) => (/[a-z]/.test(letter) ? letter.toUpperCase() : letter.toLowerCase()));

describe('a state is refused without a call to Auth0', () => {
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
  ])('%s', async (_how, forge) => {
    const { browser, openLink, sent } = await setUp();
    const agent = browser();
    await agent.post('/link').send({ email: ada });
    const path = await openLink(ada);
    const forged = await agent.get(withParameter(path, 'state', forge(parameter(path, 'state'))));
    expect([forged.status, forged.body]).toMatchObject([403, { code: 'state_mismatch' }]);
    expect(sent('/oauth/token')).toHaveLength(0);
    expect((await agent.get(path)).status, 'the true one still works').toBe(200);
  });

  test.each(['?state[]=x&state[]=y&code=c', '?state[a]=b&code=c', '?state=&code=c'])(
    '%s, which is none',
    async (query) => {
      const { browser, sent } = await setUp();
      const agent = browser();
      await agent.post('/link').send({ email: ada });
      expect((await agent.get(`/callback${query}`)).status).toBe(400);
      expect(sent('/oauth/token')).toHaveLength(0);
    },
  );
});

test('a state that was used is not good again: not after success, and not after a failure', async () => {
  const { browser, openLink, sent } = await setUp();
  const agent = browser();
  for (const first of [(path: string) => path, (path: string) => withParameter(path, 'code', 'wrong')]) {
    await agent.post('/link').send({ email: ada });
    const path = await openLink(ada);
    await agent.get(first(path));
    const before = sent('/oauth/token').length;
    expect((await agent.get(path)).body).toMatchObject({ code: 'link_opened_elsewhere' });
    expect(sent('/oauth/token')).toHaveLength(before);
  }
});

describe('the code of another login under the state of this one', () => {
  test("of another user (the attacker's, injected): the nonce tells, and verify is not called", async () => {
    const names: string[] = [];
    const { browser, openLink } = await setUp({
      verify: (_tokens, { displayName }) => Promise.resolve({ name: names.push(displayName) }),
    });
    const [victim, attacker] = [browser(), browser()];
    await victim.post('/link').send({ email: ada });
    await attacker.post('/link').send({ email: eve });
    const code = parameter(await openLink(eve), 'code');
    const injected = await victim.get(withParameter(await openLink(ada), 'code', code));
    expect([injected.status, injected.body]).toMatchObject([502, { error: { code: 'id_token_invalid' } }]);
    expect((await victim.get('/me')).body).toEqual({ user: null });
    expect(names).toEqual([]);
  });

  test('of another tab: the nonce tells', async () => {
    const { browser, openLink } = await setUp();
    const agent = browser();
    await agent.post('/link').send({ email: ada });
    const first = await openLink(ada);
    await agent.post('/link').send({ email: eve });
    const second = await openLink(eve);
    const crossed = await agent.get(withParameter(first, 'code', parameter(second, 'code')));
    expect(crossed.body).toMatchObject({ error: { code: 'id_token_invalid' } });
    expect((await agent.get('/me')).body).toEqual({ user: null });
  });
});
