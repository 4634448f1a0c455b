import { describe, expect, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { StrategyOptions } from '../../lib/options.js';
import { bodyOf, hostileAuth0, tokens } from '../support/hostile-auth0.js';
import { ADDRESS, authenticate, CODE, createStrategy, post, serverSession, start } from '../support/strategy.js';
import { passwordlessErrorFrom } from '../support/errors.js';

const callbackURL = 'https://app.example/login/callback';
const database = { database: 'Users' };

/** A browser whose requests reach an Auth0 that responds with `answers`. */
function browser(
  options: Partial<StrategyOptions> = {},
  answers: Exclude<Parameters<typeof hostileAuth0>[0], (...args: never) => unknown> = {},
) {
  const challenge = () => ({ body: { auth_session: 'the-session' } });
  const dispatcher = hostileAuth0({ '/otp/challenge': challenge, ...answers });
  const strategy = createStrategy({ dispatcher, ...options });
  const session = serverSession();
  const take = async (body: object, route: AuthenticateOptions) =>
    (await authenticate(strategy, post(body, session, { 'content-type': 'application/json' }), route))[0];
  return {
    sent: () => dispatcher.sent.map((each) => ({ path: each.path, body: bodyOf(each) })),
    session,
    strategy,
    start: (route: object = {}) => take(ADDRESS, { ...start, ...route }),
    resend: () => take({}, { action: 'resend' }),
    verify: () => take(CODE, {}),
  };
}

const configurationError = (remedy: string) => [
  'error',
  expect.objectContaining({ code: 'configuration_error', message: expect.stringContaining(remedy) as string }),
];

describe('a code for a user of a database connection', () => {
  test('is requested as the route says, and exchanged with its auth_session', async () => {
    const { sent, start: begin, verify } = browser();
    await begin({ connection: { ...database, allowSignup: false, deliveryMethod: 'voice' } });
    expect(sent()[0]).toMatchObject({
      path: '/otp/challenge',
      body: { connection: 'Users', email: ADDRESS.email, allow_signup: false, delivery_method: 'voice' },
    });
    expect(await verify()).toMatchObject(['success', { id: 'email|ada' }, { connection: 'Users', method: 'code' }]);
    expect(sent()[1]?.body).toMatchObject({ auth_session: 'the-session', otp: CODE.otp });
    expect(sent()[1]?.body).not.toHaveProperty('realm');
  });

  test('is wrong_code if Auth0 denied the start, which stays secret', async () => {
    const denied = () => ({ status: 403, body: { error: 'access_denied' } });
    const { sent, start: begin, verify } = browser({}, { '/otp/challenge': denied });
    expect(await begin({ connection: database })).toEqual(['pass']);
    await verify();
    expect(sent()[1]?.body).toMatchObject({ auth_session: '' });
  });

  test.each([
    [{ deliveryMethod: 'text' }],
    [{ deliveryMethod: 'voice' }],
    [{ allowSignup: true }],
    [{ allowSignup: undefined, deliveryMethod: undefined }],
  ])('may be requested with %j', async (more) => {
    expect(await browser().start({ connection: { ...database, ...more } })).toEqual(['pass']);
  });

  test.each([
    [{}, 'connection must be a name'],
    [{ database: 1 }, 'connection must be a name'],
    [{ ...database, allowSignup: 'yes' }, 'allowSignup must be a boolean'],
    [{ ...database, allowSignup: null }, 'allowSignup must be a boolean'],
    [{ ...database, deliveryMethod: 'email' }, "deliveryMethod must be 'text' or 'voice'"],
  ])('is a configuration_error with %j', async (connection, remedy) => {
    const { sent, start: begin } = browser();
    expect(await begin({ connection })).toEqual(configurationError(remedy));
    expect(sent()).toEqual([]);
  });

  test('cannot be a link', async () => {
    const route = { connection: database, send: 'link', callbackURL };
    expect(await browser().start(route)).toEqual(configurationError('sends codes only'));
  });
});

test.each([
  ['sms', ADDRESS, 'an email address'],
  ['email', { phone_number: '+12025550123' }, 'a phone number'],
])(
  "connection '%s' with the wrong kind of identifier is a configuration_error that names both",
  async (connection, body, kind) => {
    const auth0 = hostileAuth0();
    const [action] = await authenticate(createStrategy({ dispatcher: auth0 }), post(body, {}), {
      ...start,
      connection,
    });
    expect(action).toEqual(configurationError(`'${connection}' cannot reach ${kind}`));
    expect(auth0.sent).toEqual([]);
  },
);

test("a link needs a session: with store 'client' it is a configuration_error", async () => {
  const { start: begin } = browser({ store: 'client' });
  expect(await begin({ send: 'link', callbackURL })).toEqual(configurationError("A link needs the browser's session"));
});

test.each(['organization', 'send', 'callbackURL', 'language', 'audience'])(
  'the error names the option that returned no text: %s',
  async (option) => {
    const route = { send: 'link', callbackURL, [option]: () => 1 };
    expect(await browser().start(route)).toEqual(configurationError(`The option ${option} must`));
  },
);

test("the error names the strategy's option that returned no text", async () => {
  const language = () => 1 as unknown as string;
  expect(await browser({ language }).start()).toEqual(configurationError('The option language must'));
});

test.each([
  [1024, 'pass'],
  [1025, 'error'],
])('appState of %d bytes ends in %s', async (bytes, action) => {
  const appState = 'é'.repeat((bytes - 2) >> 1) + 'e'.repeat(bytes & 1);
  expect((await browser().start({ appState }))?.[0]).toBe(action);
});

test('a login without appState has none in authInfo', async () => {
  const { start: begin, verify } = browser();
  await begin();
  expect((await verify())?.[2]).not.toHaveProperty('appState');
});

test('a resent link has a new state and a new nonce', async () => {
  const { sent, start: begin, resend } = browser();
  await begin({ send: 'link', callbackURL });
  await resend();
  const [one, other] = sent().map(({ body }) => body.authParams as { state: string; nonce: string });
  expect(other?.state).not.toBe(one?.state);
  expect(other?.nonce).toMatch(/./);
  expect(other?.nonce).not.toBe(one?.nonce);
});

describe('resendCooldown', () => {
  const options = { resendCooldown: 30 };

  test('applies to one address of one connection', async () => {
    const { start: begin } = browser(options);
    expect(await begin()).toEqual(['pass']);
    expect(await begin({ connection: 'another' })).toEqual(['pass']);
    expect(await begin({ connection: 'another' })).toMatchObject(['fail', { code: 'resend_too_soon' }, 429]);
  });

  test('does not apply after a step-up, which sends nothing', async () => {
    const required = { error: 'mfa_required', mfa_token: 'the-mfa-token' };
    const {
      session,
      start: begin,
      strategy,
    } = browser(options, {
      '/oauth/token': () => ({ status: 403, body: required }),
    });
    const error = await passwordlessErrorFrom(() => strategy.auth0.refresh('a-refresh-token'));
    await strategy.mfa.begin(post({}, session), error, { sub: 'email|ada' });
    expect(await begin()).toEqual(['pass']);
  });
});

test.each([
  ['another user', { body: { sub: 'email|eve' } }, 'another "sub"'],
  ['its own access token, which it refuses', { status: 401, body: {} }, 'refused its new access token'],
  ['nobody, for it is down', { status: 503, body: {} }, 'an unexpected way (503)'],
])('a /userinfo response for %s is an unexpected_response that says why', async (_whom, answer, reason) => {
  const { start: begin, verify } = browser(
    { fetchUserInfo: true },
    { '/oauth/token': () => ({ body: tokens() }), '/userinfo': () => answer },
  );
  await begin();
  const message = expect.stringContaining(reason) as string;
  expect(await verify()).toEqual(['error', expect.objectContaining({ code: 'unexpected_response', message })]);
});
