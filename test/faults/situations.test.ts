import { expect, test } from 'vitest';
import { ada, setUp } from '../support/app.js';
import { createTap } from '../support/tap.js';
import { SITUATIONS } from './situations.js';

test.each(SITUATIONS)('$name: $outcome', async ({ outcome, tenant: options = {}, isWarm, before, meanwhile }) => {
  const { dispatcher, hold } = createTap();
  const { browser, code, tenant } = await setUp({ tenant: options, strategy: { dispatcher } });
  const login = async (email: string) => {
    const user = browser();
    await user.post('/start').send({ email });
    return { user, response: await user.post('/code').send({ otp: code(email) }) };
  };
  if (isWarm) expect((await login('bob@example.com')).response.status).toBe(200);
  before?.(tenant);
  const keys = hold('/.well-known/jwks.json');
  void keys.arrived.then(() => {
    meanwhile?.(tenant);
    keys.open();
  });

  const { user, response } = await login(ada);
  if (outcome === 'works') expect(response.body).toMatchObject({ user: { name: ada } });
  else expect(response.body).toMatchObject({ error: { code: outcome } });
  expect((await user.get('/pending')).body).toEqual({ pending: null });
});
