import { Agent } from 'undici';
import { expect, onTestFinished, test } from 'vitest';
import { ada, setUp } from '../support/app.js';
import { dispatcherOf } from '../support/dispatcher.js';
import { SITUATIONS } from './situations.js';

test.each(SITUATIONS)('$name: $outcome', async ({ outcome, tenant: options = {}, isWarm, before, meanwhile }) => {
  const line = createLine();
  const { browser, code, tenant } = await setUp({ tenant: options, strategy: { dispatcher: line.dispatcher } });
  const login = async (email: string) => {
    const user = browser();
    await user.post('/start').send({ email });
    return { user, response: await user.post('/code').send({ otp: code(email) }) };
  };
  if (isWarm) expect((await login('bob@example.com')).response.status).toBe(200);
  before?.(tenant);
  line.beforeKeys = () => meanwhile?.(tenant);

  const { user, response } = await login(ada);
  if (outcome === 'works') expect(response.body).toMatchObject({ user: { name: ada } });
  else expect(response.body).toMatchObject({ error: { code: outcome } });
  expect((await user.get('/pending')).body).toEqual({ pending: null });
});

/** An ordinary line to the tenant, with room for something to happen just before the keys are fetched. */
function createLine() {
  const agent = new Agent();
  onTestFinished(() => agent.close());
  const line = {
    beforeKeys: () => {},
    dispatcher: dispatcherOf((asked) => {
      if (asked.path === '/.well-known/jwks.json') line.beforeKeys();
      return agent.request(asked);
    }),
  };
  return line;
}
