// SECURITY.md: somebody else uses a transaction that the client holds (`store: 'client'`).
import fc from 'fast-check';
import type { StrategyOptions } from 'passport-auth0-passwordless';
import { expect, test } from 'vitest';
import { ada, eve, setUp, type Setup } from '../support/app.js';
import { authenticate, createStrategy, post, start } from '../support/strategy.js';

const clientHeld = (options: Partial<StrategyOptions> = {}) => createStrategy({ store: 'client', ...options });
const jsonPost = (body: object) => post(body, {}, { 'content-type': 'application/json' });

/** Posts JSON without cookies, so that each request is from a client of its own. */
async function setUpClients(setup: Setup = {}) {
  const app = await setUp({ ...setup, strategy: { store: 'client', ...setup.strategy } });
  const call = async (path: string, body: object) => {
    const { status, body: said, headers } = await app.browser().post(path).send(body);
    return { status, said: said as Said, cookies: headers['set-cookie'] as unknown };
  };
  const begin = async (body: object = { email: ada }) => {
    const { said } = await call('/start', body);
    return said.pending?.transaction ?? '';
  };
  return { ...app, call, begin };
}

interface Said {
  pending?: { transaction?: string };
  transaction?: string;
  user?: { name: string };
  error?: { code: string };
}

const signedIn = { status: 200, said: { user: { name: ada } } };
const refused = (code: string, status = 403) => ({ status, said: { code } });

test('a replayed transaction signs nobody in after the login, because Auth0 accepts a code once', async () => {
  const { begin, call, code, sent } = await setUpClients();
  const body = { transaction: await begin(), otp: code() };
  expect(await call('/code', body)).toMatchObject(signedIn);
  expect(await call('/code', body)).toMatchObject(refused('wrong_code', 401));
  expect(sent('/oauth/token')).toHaveLength(2);
});

test('a replayed transaction accepts three guesses, and then not even the right code', async () => {
  const { begin, call, code } = await setUpClients();
  const transaction = await begin();
  for (const otp of ['000000', '000000', '000000']) await call('/code', { transaction, otp });
  expect(await call('/code', { transaction, otp: code() })).toMatchObject(refused('too_many_attempts', 401));
});

test('a transaction from before the second factor is worthless after it: code and mfa_token are consumed', async () => {
  const users = [{ email: ada, factors: [{ type: 'otp' as const }] }];
  const { begin, call, code, tenant } = await setUpClients({ tenant: { mfa: 'always', users } });
  const body = { transaction: await begin(), otp: code() };
  const { transaction } = (await call('/code', body)).said;
  expect(await call('/code', body)).toMatchObject(refused('wrong_code', 401));
  expect(await call('/mfa', { transaction, otp: tenant.totp(ada) })).toMatchObject(signedIn);
  tenant.clock.advance(30);
  expect(await call('/mfa', { transaction, otp: tenant.totp(ada) })).toMatchObject(refused('mfa_expired', 401));
});

test('a transaction from before a resend accepts the newest code only', async () => {
  const { begin, call, code } = await setUpClients();
  const older = await begin();
  const voided = code();
  await call('/resend', { transaction: older });
  expect(await call('/code', { transaction: older, otp: voided })).toMatchObject(refused('wrong_code', 401));
  expect(await call('/code', { transaction: older, otp: code() })).toMatchObject(signedIn);
});

test('eight concurrent requests with one transaction and code sign in one client', async () => {
  const { begin, call, code } = await setUpClients();
  const body = { transaction: await begin(), otp: code() };
  const answers = await Promise.all(Array.from({ length: 8 }, () => call('/code', body)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ said }) => said.user)).toHaveLength(1);
});

test('concurrent requests with one transaction and different codes use one attempt each', async () => {
  const { begin, call, code, sent } = await setUpClients();
  const transaction = await begin();
  const answers = await Promise.all(['000000', code()].map((otp) => call('/code', { transaction, otp })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  expect(sent('/oauth/token')).toHaveLength(2);
});

test('uses the sealed identifier, whatever is posted with it', async () => {
  const { begin, call, code } = await setUpClients();
  const transaction = await begin({ email: eve });
  const body = { transaction, otp: code(eve), email: ada, username: ada, connection: 'sms' };
  expect(await call('/code', body)).toMatchObject({ status: 200, said: { user: { name: eve } } });
});

test("an attacker's transaction rejects a code of the victim's", async () => {
  const { begin, call, code } = await setUpClients();
  const transaction = await begin({ email: eve });
  await begin();
  expect(await call('/code', { transaction, otp: code() })).toMatchObject(refused('wrong_code', 401));
});

test('the transaction is never read from the query', async () => {
  const { begin, browser, code } = await setUpClients();
  const transaction = await begin();
  const { body } = await browser().post(`/code?transaction=${transaction}`).send({ otp: code() });
  expect(body).toMatchObject({ code: 'transaction_missing' });
});

test("store 'client' refuses every body that another site can send", async () => {
  const { begin, browser, code, sent } = await setUpClients();
  const transaction = await begin();
  const before = sent('/oauth/token').length;
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x', '']) {
    const body = `transaction=${transaction}&otp=${code()}`;
    const response = await browser().post('/code').set('content-type', type).send(body);
    expect(response).toMatchObject({ status: 403, body: { code: 'cross_site_request' } });
  }
  expect(sent('/oauth/token')).toHaveLength(before);
});

test.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.api+json'])(
  "store 'client' accepts a body of %s, from wherever it comes",
  async (type) => {
    const req = post({ email: ada }, {}, { 'content-type': type, 'sec-fetch-site': 'cross-site' });
    expect(await authenticate(clientHeld(), req, start)).toEqual([['pass']]);
  },
);

test.each([
  'application/jsonp',
  'text/json',
  'text/plain; application/json',
  'application/x-json',
  ' application/json',
])("store 'client' refuses a body of %s, which is not JSON", async (type) => {
  const [action] = await authenticate(clientHeld(), post({ email: ada }, {}, { 'content-type': type }), start);
  expect(action).toMatchObject(['fail', { code: 'cross_site_request' }, 403]);
});

test("store 'client' sets no cookie until somebody is signed in", async () => {
  const { begin, call, code } = await setUpClients();
  const transaction = await begin();
  expect((await call('/start', { email: eve })).cookies).toBeUndefined();
  expect((await call('/code', { transaction, otp: '000000' })).cookies).toBeUndefined();
  expect((await call('/resend', { transaction })).cookies).toBeUndefined();
  // Passport's own, since this app wants a session then.
  expect((await call('/code', { transaction, otp: code() })).cookies).toBeDefined();
});

async function sealedBy(options: Partial<StrategyOptions> = {}) {
  const strategy = clientHeld(options);
  const req = jsonPost({ email: ada });
  await authenticate(strategy, req, start);
  return (await strategy.pending(req))?.transaction ?? '';
}

async function outcomeOf(transaction: unknown) {
  const [[name, info] = []] = await authenticate(clientHeld(), jsonPost({ transaction, otp: '123456' }));
  return name === 'fail' ? (info as { code: string }).code : name;
}

test('a transaction opens with the strategy that sealed it', async () => {
  expect(await outcomeOf(await sealedBy())).toBe('success');
});

test.each<[string, Partial<StrategyOptions>]>([
  ['client', { clientID: 'another-client' }],
  ['tenant', { domain: 'other.eu.auth0.com' }],
  ['strategy', { name: 'another-strategy' }],
  ['secret', { clientSecret: 'another client secret of 32 bytes' }],
])('a transaction of another %s is transaction_invalid', async (_what, options) => {
  const transaction = await sealedBy(options);
  expect(transaction).toMatch(/^eyJ/);
  expect(await outcomeOf(transaction)).toBe('transaction_invalid');
});

test('an altered transaction is transaction_invalid', async () => {
  const transaction = await sealedBy();
  await fc.assert(
    fc.asyncProperty(fc.nat(transaction.length - 1), fc.constantFrom('', 'A', '.', 'é'), async (at, character) => {
      const altered = transaction.slice(0, at) + character + transaction.slice(at + 1);
      if (altered !== transaction) expect(await outcomeOf(altered)).toBe('transaction_invalid');
    }),
    { numRuns: 200 },
  );
});

test('a transaction of any other type or content is refused', async () => {
  await fc.assert(
    fc.asyncProperty(fc.anything({ withNullPrototype: true }), async (value) => {
      const none = value === undefined || value === null;
      expect(await outcomeOf(value)).toBe(none ? 'transaction_missing' : 'transaction_invalid');
    }),
    { numRuns: 200 },
  );
});

test('a sealed transaction reveals nothing of its content', async () => {
  const [header = '', ...parts] = (await sealedBy({ name: 'ada' })).split('.');
  expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'dir', enc: 'A256GCM' });
  expect(parts.map((part) => Buffer.from(part, 'base64url').toString('latin1')).join()).not.toMatch(/ada|email|code/);
});

test.each(['pendingRedirect', 'mfaRedirect', 'failureRedirect'])(
  "with store 'client', a route with %s is a configuration_error",
  async (name) => {
    const [action] = await authenticate(clientHeld(), jsonPost({ email: ada }), { ...start, [name]: '/x' });
    const message = expect.stringContaining(name) as string;
    expect(action).toMatchObject(['error', { code: 'configuration_error', message }]);
  },
);

test.each<[string, Partial<StrategyOptions>, object]>([
  ['of the strategy', { send: 'link' }, {}],
  ['of the route', {}, { send: 'link' }],
])("with store 'client', a link (%s) is a configuration_error, and nothing is sent", async (_whose, options, route) => {
  const strategy = clientHeld({ callbackURL: 'https://app.example.com/cb', ...options });
  const req = jsonPost({ email: ada });
  const [action] = await authenticate(strategy, req, { ...start, ...route });
  const message = expect.stringMatching(/A link needs the browser's session.*send a code/) as string;
  expect(action).toMatchObject(['error', { code: 'configuration_error', message }]);
  expect(await strategy.pending(req)).toBeUndefined();
});

test("with store 'client', a callback finds no transaction", async () => {
  const req = { ...post(), method: 'GET', query: { state: 'x', code: 'y' } };
  expect(await authenticate(clientHeld(), req)).toMatchObject([['fail', { code: 'link_opened_elsewhere' }, 403]]);
});

test("with store 'client', concurrent requests do not see each other's transactions", async () => {
  const strategy = clientHeld();
  const requests = Array.from({ length: 20 }, (_, number) => jsonPost({ email: `user-${number}@example.com` }));
  await Promise.all(requests.map((req) => authenticate(strategy, req, start)));
  const pending = await Promise.all(requests.map((req) => strategy.pending(req)));
  expect(new Set(pending.map((each) => each?.transaction)).size).toBe(20);
});
