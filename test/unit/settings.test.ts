import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import type { StrategyOptions } from '../../lib/options.js';
import { readCredentials } from '../../lib/credentials.js';
import { resolve, resolveText, scopeText } from '../../lib/per-request.js';
import { readSettings } from '../../lib/settings.js';
import { isWebURL } from '../../lib/values.js';
import { membersOf } from '../docs/source.js';
import { errorFrom, passwordlessErrorFrom } from '../support/errors.js';

const SECRET = 'a client secret that nobody may see';
const required = { domain: 'acme.eu.auth0.com', clientID: 'the-client', clientSecret: SECRET };

/** Reads options as JavaScript may give them, of any type, in the strategy's order. */
function read(over: object = {}) {
  const options = { ...required, ...over } as StrategyOptions;
  return { ...readSettings(options), secrets: readCredentials(options) };
}

async function typeErrorFrom(over: object): Promise<TypeError> {
  const error = await errorFrom(() => read(over));
  expect(error).toBeInstanceOf(TypeError);
  return error as TypeError;
}

const req = (over: object = {}) => ({ headers: {}, ...over });

test('every option has its default', () => {
  const { store, endUserIP, ...settings } = read();
  expect(settings).toEqual({
    origin: 'https://acme.eu.auth0.com',
    issuer: 'https://acme.eu.auth0.com/',
    clientID: 'the-client',
    name: 'auth0-passwordless',
    callbackURL: undefined,
    scope: 'openid profile email',
    audience: undefined,
    organization: undefined,
    send: 'code',
    language: undefined,
    alg: 'RS256',
    clockTolerance: 60,
    fetchUserInfo: false,
    timeout: 10_000,
    dispatcher: undefined,
    transactionTTL: 600,
    resendCooldown: 30,
    allowCrossSite: false,
    fields: {
      email: 'email',
      phoneNumber: 'phone_number',
      code: 'otp',
      recoveryCode: 'recovery_code',
      transaction: 'transaction',
    },
    messages: undefined,
    telemetry: true,
    passReqToCallback: false,
    secrets: { clientSecret: SECRET, assertionKey: undefined, transactionSecrets: [SECRET] },
  });
  expect(endUserIP(req({ ip: '8.8.8.8' }))).toBe('8.8.8.8');
  expect(store.load(req({ session: { 'auth0-passwordless:acme.eu.auth0.com': 'sealed' } }))).toBe('sealed');
});

test('an option that is undefined is one that is not given', () => {
  const all = ['name', 'scope', 'send', 'timeout', 'telemetry', 'fields', 'store', 'transactionSecret', 'forwardedFor'];
  const { name, scope, timeout, telemetry } = read(Object.fromEntries(all.map((option) => [option, undefined])));
  expect({ name, scope, timeout, telemetry }).toEqual({
    name: 'auth0-passwordless',
    scope: 'openid profile email',
    timeout: 10_000,
    telemetry: true,
  });
});

test.each<[object, object]>([
  [{ clientID: 'other' }, { clientID: 'other' }],
  [{ name: 'second' }, { name: 'second' }],
  [{ callbackURL: 'https://app.example.com/cb?x=1' }, { callbackURL: 'https://app.example.com/cb?x=1' }],
  [{ callbackURL: 'http://127.0.0.1:3000/cb' }, { callbackURL: 'http://127.0.0.1:3000/cb' }],
  [{ scope: 'openid offline_access' }, { scope: 'openid offline_access' }],
  [{ scope: '  openid \t email ' }, { scope: 'openid email' }],
  [{ scope: ['openid', 'email'] }, { scope: 'openid email' }],
  [{ audience: 'https://api.example.com' }, { audience: 'https://api.example.com' }],
  [{ organization: 'org_1' }, { organization: 'org_1' }],
  [{ send: 'link' }, { send: 'link' }],
  [{ language: 'fr-CA' }, { language: 'fr-CA' }],
  [{ language: 'fr-CH, fr;q=0.9, *;q=0.5' }, { language: 'fr-CH, fr;q=0.9, *;q=0.5' }],
  [{ idTokenSigningAlg: 'PS256' }, { alg: 'PS256' }],
  [{ idTokenSigningAlg: 'HS256' }, { alg: 'HS256' }],
  [{ clockTolerance: 0 }, { clockTolerance: 0 }],
  [{ fetchUserInfo: true }, { fetchUserInfo: true }],
  [{ timeout: 1 }, { timeout: 1 }],
  [{ timeout: 2 ** 31 - 1 }, { timeout: 2 ** 31 - 1 }],
  [{ transactionTTL: 1 }, { transactionTTL: 1 }],
  [{ resendCooldown: 0 }, { resendCooldown: 0 }],
  [{ allowCrossSite: true }, { allowCrossSite: true }],
  [{ telemetry: false }, { telemetry: false }],
  [{ passReqToCallback: true }, { passReqToCallback: true }],
  [{ fields: { code: 'pin' } }, { fields: { email: 'email', phoneNumber: 'phone_number', code: 'pin' } }],
  [
    { fields: {} },
    {
      fields: {
        email: 'email',
        phoneNumber: 'phone_number',
        code: 'otp',
        recoveryCode: 'recovery_code',
        transaction: 'transaction',
      },
    },
  ],
])('%j is taken', (over, expected) => {
  expect(read(over)).toMatchObject(expected);
});

const notText = [null, 1, true, {}, [], '', ' ', '\t'];
const notFlag = [null, 0, 1, 'true', '', {}, []];
const notAmount = [null, -1, NaN, Infinity, '60', true, {}, [60]];

const bad: Record<string, { values: unknown[]; remedy: RegExp }> = {
  domain: { values: [undefined, ...notText], remedy: /is required, such as/ },
  clientID: { values: [undefined, ...notText], remedy: /non-empty string|Dashboard/ },
  clientSecret: { values: [undefined, ...notText], remedy: /non-empty string|Dashboard/ },
  name: { values: notText, remedy: /non-empty string/ },
  callbackURL: {
    values: [...notText, '/login/callback', 'app.example.com/cb', 'ftp://a.example', 'javascript:alert(1)', 'https://'],
    remedy: /non-empty string|absolute/,
  },
  scope: {
    values: [
      1,
      true,
      {},
      [],
      '',
      'profile email',
      'OPENID',
      'openid,email',
      ['email'],
      ['openid', 1],
      ['openid email'],
    ],
    remedy: /hold "openid"/,
  },
  audience: { values: notText, remedy: /non-empty string/ },
  organization: { values: notText, remedy: /non-empty string/ },
  send: { values: [null, '', 'Link', 'sms', 1, ['link']], remedy: /code, link/ },
  language: { values: [...notText, 'fr\r\nx: y', 'français', 'x'.repeat(101), ';q=1'], remedy: /language tag/ },
  forwardedFor: { values: ['true', 1, 0, {}, '8.8.8.8'], remedy: /boolean or a function/ },
  idTokenSigningAlg: { values: [null, '', 'none', 'rs256', 'RS384', ['RS256']], remedy: /RS256, PS256, HS256/ },
  clockTolerance: { values: notAmount, remedy: /number of seconds, from 0 to 2147483647/ },
  fetchUserInfo: { values: notFlag, remedy: /boolean/ },
  timeout: { values: [...notAmount, 0, 0.5, 2 ** 31], remedy: /number of milliseconds, from 1 to 2147483647/ },
  dispatcher: { values: [null, {}, 'agent', 1, () => {}, Agent], remedy: /undici 7/ },
  store: {
    values: [null, '', 'memory', 1, {}, { load() {}, save() {} }, { load() {}, save() {}, clear: true }],
    remedy: /load, save and clear/,
  },
  transactionTTL: { values: [...notAmount, 0], remedy: /number of seconds, from 1 to/ },
  resendCooldown: { values: notAmount, remedy: /number of seconds, from 0 to 2147483647/ },
  allowCrossSite: { values: notFlag, remedy: /boolean/ },
  sessionKey: { values: notText, remedy: /non-empty string/ },
  fields: {
    values: [null, 'email', 1, { code: '' }, { code: 1 }, { email: null }, { otp: 'code' }],
    remedy: /must hold names, for any of email, phoneNumber, code, recoveryCode, transaction/,
  },
  telemetry: { values: notFlag, remedy: /boolean/ },
  passReqToCallback: { values: notFlag, remedy: /boolean/ },
};

describe.each(Object.entries(bad))('%s', (option, { values, remedy }) => {
  test.each(values.map((value) => [value]))('%j is a TypeError that names the option and the remedy', async (value) => {
    const { message } = await typeErrorFrom({ [option]: value });
    expect(message).toMatch(new RegExp(`^PasswordlessStrategy: ${option} `));
    expect(message).toMatch(remedy);
  });
});

test.each([
  ['clientId', 'clientID'],
  ['passReqToCallBack', 'passReqToCallback'],
  ['callback_url', 'callbackURL'],
])('%s, an option misspelt, is a TypeError that says so', async (name, meant) => {
  const { message } = await typeErrorFrom({ [name]: true, [meant]: undefined });
  expect(message).toBe(`PasswordlessStrategy: ${name} is no option: write ${meant}.`);
});

test.each(membersOf('lib/options.ts', 'StrategyOptions').map(({ name }) => name))(
  'so is %s in the wrong case',
  async (name) => {
    const wrong = name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase();
    expect((await typeErrorFrom({ [wrong]: true, [name]: undefined })).message).toContain(`write ${name}.`);
  },
);

test.each([{ clientId: undefined }, { clientId: 'beside clientID' }, { state: true }, { inbox: {} }])(
  'what is undefined, beside the right name, or like no option is nothing to us: %j',
  (over) => {
    expect(() => read(over)).not.toThrow();
  },
);

test.each([[undefined], [null], ['acme.eu.auth0.com'], [1]])('options of %j are a TypeError', (options) => {
  expect(() => readSettings(options as unknown as StrategyOptions)).toThrow(TypeError);
});

test('no error shows a secret', async () => {
  const short = 'a-short-secret';
  for (const option of Object.keys(bad)) {
    for (const value of bad[option]?.values ?? []) {
      const { message } = await typeErrorFrom({ transactionSecret: [SECRET, SECRET], [option]: value });
      expect(message).not.toContain(SECRET);
    }
  }
  expect((await typeErrorFrom({ transactionSecret: short })).message).not.toContain(short);
  expect((await typeErrorFrom({ domain: `user:${short}@acme.eu.auth0.com` })).message).not.toContain(short);
  expect(JSON.stringify(readSettings(required))).not.toContain(SECRET);
});

describe('forwardedFor', () => {
  test('true takes what the host says, and else the socket', () => {
    const { endUserIP } = read();
    expect(endUserIP(req({ ip: '8.8.8.8', socket: { remoteAddress: '9.9.9.9' } }))).toBe('8.8.8.8');
    expect(endUserIP(req({ socket: { remoteAddress: '::ffff:9.9.9.9' } }))).toBe('9.9.9.9');
    expect(endUserIP(req({ ip: '10.0.0.1', socket: { remoteAddress: '9.9.9.9' } }))).toBeUndefined();
    expect(endUserIP({ headers: { 'x-forwarded-for': '8.8.8.8' } })).toBeUndefined();
  });

  test('false sends nothing', () => {
    expect(read({ forwardedFor: false }).endUserIP(req({ ip: '8.8.8.8' }))).toBeUndefined();
  });

  test.each([
    ['9.9.9.9', '9.9.9.9'],
    ['9.9.9.9, 8.8.8.8', undefined],
    ['127.0.0.1', undefined],
    ['9.9.9.9\r\nx: y', undefined],
    [undefined, undefined],
    [null, undefined],
    [42, undefined],
    [['9.9.9.9'], undefined],
    [Promise.resolve('9.9.9.9'), undefined],
  ])('a function that returns %j sends %j', (returned, sent) => {
    expect(read({ forwardedFor: () => returned }).endUserIP(req())).toBe(sent);
  });

  test('a function gets the request, and what it throws is passed on', () => {
    const forwardedFor = ({ headers }: { headers: Record<string, string> }) => headers['true-client-ip'];
    expect(read({ forwardedFor }).endUserIP({ headers: { 'true-client-ip': '9.9.9.9' } })).toBe('9.9.9.9');
    const { endUserIP } = read({
      forwardedFor: () => {
        throw new RangeError('of the app');
      },
    });
    expect(() => endUserIP(req())).toThrow(RangeError);
  });
});

test("the session key holds the strategy's name and host, or is the one that was given", () => {
  const session = { 'second:localhost:3000': 'default', mine: 'given' };
  const second = { name: 'second', domain: 'http://localhost:3000' };
  expect(read(second).store.load(req({ session }))).toBe('default');
  expect(read({ ...second, sessionKey: 'mine' }).store.load(req({ session }))).toBe('given');
});

test("the app's own store and dispatcher are used as they are", () => {
  class Store {
    load = () => undefined;
    save() {}
    clear() {}
  }
  const [store, dispatcher] = [new Store(), new Agent()];
  const settings = read({ store, dispatcher });
  expect(settings.store).toBe(store);
  expect(settings.dispatcher).toBe(dispatcher);
});

test('an option of a route may be a value or a function of the request', () => {
  expect(resolve(5, req())).toBe(5);
  expect(resolve(({ method }) => method, req({ method: 'POST' }))).toBe('POST');
  expect(resolveText('audience', undefined, req())).toBeUndefined();
  expect(resolveText('audience', 'x', req())).toBe('x');
});

test.each([[null], [''], [' '], [1], [{}], [['x']], [Promise.resolve('x')]])(
  'a text option that is or returns %j is a configuration_error that names it',
  async (value) => {
    for (const option of [value, () => value]) {
      const error = await passwordlessErrorFrom(() => resolveText('audience', option as string, req()));
      expect(error).toMatchObject({ code: 'configuration_error' });
      expect(error.message).toContain('audience');
    }
  },
);

test.each([
  ['openid', 'openid'],
  [['openid'], 'openid'],
  ['email', undefined],
  [undefined, undefined],
  [null, undefined],
  [{ includes: () => true }, undefined],
])('the scopes %j are %j', (scope, text) => {
  expect(scopeText(scope)).toBe(text);
});

test.each([
  ['https://a.example/cb', true],
  ['HTTP://127.0.0.1:3000', true],
  ['//a.example', false],
  [' https://a.example', false],
  ['data:text/html,x', false],
])('that %j is a web URL is %j', (url, expected) => {
  expect(isWebURL(url)).toBe(expected);
});
