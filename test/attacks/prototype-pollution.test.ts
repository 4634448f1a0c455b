// SECURITY.md: prototypes are polluted through a request or through an Auth0 response.
import { afterEach, expect, test } from 'vitest';
import { hostileAuth0, tokens } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, post, serverSession, start } from '../support/strategy.js';

const POISON = ['{"__proto__":{"polluted":"yes"}}', '{"constructor":{"prototype":{"polluted":"yes"}}}'].map(
  (text) => JSON.parse(text) as object,
);
/** JSON with a member `__proto__`, as a parser returns it. */
const poisoned = (members: object) =>
  JSON.parse(JSON.stringify(members).replace('{', '{"__proto__":{"polluted":"yes"},')) as object;

afterEach(() => {
  expect(({} as { polluted?: string }).polluted, 'every object would have it').toBeUndefined();
  for (const prototype of [Object.prototype, Array.prototype, Error.prototype])
    expect(Object.keys(prototype)).toEqual([]);
});

/** True if any object in `value` inherits the poison. */
function inheritsPoison(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if ((value as { polluted?: string }).polluted === 'yes' && !Object.hasOwn(value, 'polluted')) return true;
  return Object.values(value).some(inheritsPoison);
}

test.each(POISON)('a polluted body or query holds no address, code or state: %j', async (poison) => {
  const strategy = createStrategy();
  const session = {};
  expect(await authenticate(strategy, post(poison, session), start)).toMatchObject([
    ['fail', { code: 'identifier_missing' }, 400],
  ]);
  await authenticate(strategy, post(ADDRESS, session), start);
  expect(await authenticate(strategy, post(poison, session))).toMatchObject([['fail', { code: 'code_missing' }, 400]]);
  const callback = { ...post({}, session), method: 'GET', query: poison };
  expect(await authenticate(strategy, callback)).toMatchObject([['fail', { code: 'callback_incomplete' }, 400]]);
});

test('ignores members that only the prototype of a body has', async () => {
  const inherited = Object.create({ ...ADDRESS, ...CODE, state: 'x', code: 'y' }) as object;
  const dispatcher = hostileAuth0();
  const strategy = createStrategy({ dispatcher });
  expect(await authenticate(strategy, post(inherited, {}), start)).toMatchObject([
    ['fail', { code: 'identifier_missing' }, 400],
  ]);
  expect(dispatcher.paths()).toEqual([]);
});

test('appState comes back unchanged, with __proto__ as an ordinary member', async () => {
  const strategy = createStrategy();
  const session = {};
  const appState = poisoned({ returnTo: '/x' }) as Record<string, unknown>;
  await authenticate(strategy, post(ADDRESS, session), { ...start, appState });
  const [[name, , info] = []] = await authenticate(strategy, post(CODE, session));
  expect(name).toBe('success');
  expect(info).toMatchObject({ appState: { returnTo: '/x' } });
  expect(inheritsPoison(info)).toBe(false);
});

test('tokens, claims and /userinfo set no prototype of what verify receives', async () => {
  const seen: unknown[] = [];
  const dispatcher = hostileAuth0({
    '/oauth/token': () => ({ body: poisoned(tokens()) }),
    '/userinfo': () => ({ body: poisoned({ sub: 'email|ada', name: 'Ada' }) }),
  });
  const strategy = createStrategy({ dispatcher, fetchUserInfo: true }, (...args) => {
    seen.push(args[0], args[1]);
    return Promise.resolve({ id: 1 });
  });
  const session = {};
  await authenticate(strategy, post(ADDRESS, session), start);
  const [[name] = []] = await authenticate(strategy, post(CODE, session));
  expect(name).toBe('success');
  expect(seen).toHaveLength(2);
  expect(seen.some(inheritsPoison)).toBe(false);
});

test('mfa_required, authenticators, a challenge and an enrolment set no prototype of what the app receives', async () => {
  const requirements = poisoned({ challenge: [poisoned({ type: 'phone' })], enroll: [poisoned({ type: 'otp' })] });
  const required = poisoned({ error: 'mfa_required', mfa_token: 'token', mfa_requirements: requirements });
  const dispatcher = hostileAuth0({
    '/oauth/token': () => ({ status: 403, body: required }),
    '/mfa/authenticators': () => ({
      body: [poisoned({ id: 'sms|1', authenticator_type: 'oob', oob_channel: 'sms', active: true })],
    }),
    '/mfa/challenge': () => ({ body: poisoned({ challenge_type: 'oob', oob_code: 'o', binding_method: 'prompt' }) }),
    '/mfa/associate': () => ({
      body: poisoned({ authenticator_type: 'otp', secret: 's', barcode_uri: 'otpauth://totp/x' }),
    }),
  });
  const strategy = createStrategy({ dispatcher });
  const session = serverSession();
  await authenticate(strategy, post(ADDRESS, session), start);
  const [[, info] = []] = await authenticate(strategy, post(CODE, session));
  const results = [
    info,
    await strategy.mfa.list(post({}, session)),
    await strategy.mfa.challenge(post({}, session), { authenticatorId: 'sms|1' }),
    await strategy.mfa.enroll(post({}, session), { type: 'otp' }),
  ];
  expect(results).toMatchObject([{ code: 'mfa_required' }, [{ id: 'sms|1' }], { channel: 'sms' }, { type: 'otp' }]);
  expect(results.some(inheritsPoison)).toBe(false);
  expect(JSON.stringify(results)).not.toContain('polluted');
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
  'the error %s in a response is unexpected',
  async (error) => {
    const dispatcher = hostileAuth0({ '/passwordless/start': () => ({ status: 400, body: { error } }) });
    const [action] = await authenticate(createStrategy({ dispatcher }), post(ADDRESS), start);
    expect(action).toMatchObject(['error', { code: 'unexpected_response' }]);
  },
);
