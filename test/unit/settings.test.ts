import { Agent } from 'undici';
import { describe, expect, test } from 'vitest';
import type { StrategyOptions } from '../../lib/options.js';
import { readCredentials } from '../../lib/credentials.js';
import { readSettings } from '../../lib/settings.js';
import { errorFrom } from '../support/errors.js';

const SECRET = 'a client secret that nobody may see';
const required = { domain: 'acme.eu.auth0.com', clientID: 'the-client', clientSecret: SECRET };

/** Reads options as JavaScript may give them, of any type, in the strategy's order. */
function read(over: object = {}) {
  const options = { ...required, ...over } as StrategyOptions;
  return { ...readSettings(options), secrets: readCredentials(options) };
}

/** The message of the TypeError, which shows no secret. */
async function refusal(over: object): Promise<string> {
  const error = await errorFrom(() => read({ transactionSecret: [SECRET, SECRET], ...over }));
  expect(error).toBeInstanceOf(TypeError);
  const { message } = error as TypeError;
  expect(message).not.toContain(SECRET);
  return message;
}

const req = (over: object = {}) => ({ headers: {}, ...over });

const fields = {
  email: 'email',
  phoneNumber: 'phone_number',
  code: 'otp',
  recoveryCode: 'recovery_code',
  transaction: 'transaction',
};

const defaults = {
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
  fields,
  messages: undefined,
  telemetry: true,
  passReqToCallback: false,
  secrets: { clientSecret: SECRET, assertionKey: undefined, transactionSecrets: [SECRET] },
};

test.each<[option: string, values: unknown[]]>([
  ['clientID', ['other']],
  ['name', ['second']],
  ['callbackURL', ['https://app.example.com/cb?x=1', 'http://127.0.0.1:3000/cb']],
  ['scope', ['openid offline_access']],
  ['audience', ['https://api.example.com']],
  ['organization', ['org_1']],
  ['send', ['code', 'link']],
  ['language', ['fr-CA', 'fr-CH, fr;q=0.9, *;q=0.5']],
  ['clockTolerance', [0]],
  ['fetchUserInfo', [true]],
  ['timeout', [1, 2 ** 31 - 1]],
  ['transactionTTL', [1]],
  ['resendCooldown', [0]],
  ['allowCrossSite', [true]],
  ['telemetry', [false]],
  ['passReqToCallback', [true]],
  ['dispatcher', [new Agent()]],
  // A store may be an instance of a class, whose methods its prototype has.
  ['store', [{ load() {}, save() {}, clear() {} }, Object.create({ load() {}, save() {}, clear() {} })]],
])('%s is used as the app set it', (option, values) => {
  for (const value of values) expect(Reflect.get(read({ [option]: value }), option)).toBe(value);
});

test.each<[object, object]>([
  [{ scope: '  openid \t email ' }, { scope: 'openid email' }],
  [{ scope: ['openid', 'email'] }, { scope: 'openid email' }],
  [{ idTokenSigningAlg: 'PS256' }, { alg: 'PS256' }],
  [{ idTokenSigningAlg: 'HS256' }, { alg: 'HS256' }],
  [{ fields: { code: 'pin' } }, { fields: { ...fields, code: 'pin' } }],
  [{ fields: {} }, { fields }],
])('%j is read as %j', (options, expected) => {
  expect(read(options)).toMatchObject(expected);
});

const notText = [null, 1, true, {}, [], '', ' ', '\t'];
const notFlag = [null, 0, 1, 'true', '', {}, []];
const notAmount = [null, -1, NaN, Infinity, '60', true, {}, [60]];
const notURL = ['/login/callback', 'app.example.com/cb', 'ftp://a.example', 'javascript:alert(1)', 'https://'];
const notScope = [
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
];
const notFields = [null, 'email', 1, { code: '' }, { code: 1 }, { email: null }, { otp: 'code' }];
const notStore = [null, '', 'memory', 1, {}, { load() {}, save() {} }, { load() {}, save() {}, clear: true }];

/** For every option: values that it cannot have, and what their error says. */
const invalid: Record<keyof StrategyOptions, [values: unknown[], remedy: RegExp]> = {
  domain: [[undefined, ...notText], /is required, such as/],
  clientID: [[undefined, ...notText], /non-empty string|Dashboard/],
  clientSecret: [[undefined, ...notText], /non-empty string|Dashboard/],
  clientAssertionSigningKey: [[null, 7, {}], /RSA private key/],
  clientAssertionSigningAlg: [[null, '', 'none', 'ES256'], /RS256, RS384, PS256/],
  name: [notText, /non-empty string/],
  callbackURL: [[...notText, ...notURL], /non-empty string|absolute/],
  scope: [notScope, /hold "openid"/],
  audience: [notText, /non-empty string/],
  organization: [notText, /non-empty string/],
  send: [[null, '', 'Link', 'sms', 1, ['link']], /code, link/],
  language: [[...notText, 'fr\r\nx: y', 'français', 'x'.repeat(101), ';q=1'], /language tag/],
  forwardedFor: [['true', 1, 0, {}, '8.8.8.8'], /boolean or a function/],
  idTokenSigningAlg: [[null, '', 'none', 'rs256', 'RS384', ['RS256']], /RS256, PS256, HS256/],
  clockTolerance: [notAmount, /number of seconds, from 0 to 2147483647/],
  fetchUserInfo: [notFlag, /boolean/],
  timeout: [[...notAmount, 0, 0.5, 2 ** 31], /number of milliseconds, from 1 to 2147483647/],
  dispatcher: [[null, {}, 'agent', 1, () => {}, Agent], /undici 7/],
  store: [notStore, /load, save and clear/],
  transactionSecret: [['', [], 'x'.repeat(31)], /32 bytes or more/],
  transactionTTL: [[...notAmount, 0], /number of seconds, from 1 to/],
  resendCooldown: [notAmount, /number of seconds, from 0 to 2147483647/],
  allowCrossSite: [notFlag, /boolean/],
  sessionKey: [notText, /non-empty string/],
  fields: [notFields, /must hold names, for any of email, phoneNumber, code, recoveryCode, transaction/],
  messages: [[null, {}, 'text'], /function/],
  telemetry: [notFlag, /boolean/],
  passReqToCallback: [notFlag, /boolean/],
};
const names = Object.keys(invalid);

const otherCase = (name: string) => (name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase());

test.each(names)('an invalid %s is a TypeError that names the option and the remedy, but no secret', async (name) => {
  const [values, remedy] = invalid[name as keyof StrategyOptions];
  for (const value of values) {
    const message = await refusal({ [name]: value });
    expect(message).toMatch(new RegExp(`^PasswordlessStrategy: ${name} `));
    expect(message).toMatch(remedy);
  }
});

test.each<[string, object]>([
  ['missing', {}],
  ['undefined', Object.fromEntries(names.filter((name) => !(name in required)).map((name) => [name, undefined]))],
])('every option that is %s has its default', (_how, options) => {
  const { store, endUserIP, ...settings } = read(options);
  expect(settings).toEqual(defaults);
  expect(endUserIP(req({ ip: '8.8.8.8' }))).toBe('8.8.8.8');
  expect(store.load(req({ session: { 'auth0-passwordless:acme.eu.auth0.com': 'sealed' } }))).toBe('sealed');
});

test.each<[misspelt: string, name: string]>([
  ['clientId', 'clientID'],
  ['passReqToCallBack', 'passReqToCallback'],
  ['callback_url', 'callbackURL'],
  ...names.map((name): [string, string] => [otherCase(name), name]),
])('the misspelt option %s is a TypeError that says to write %s', async (misspelt, name) => {
  const message = await refusal({ [misspelt]: true, [name]: undefined });
  expect(message).toBe(`PasswordlessStrategy: ${misspelt} is no option: write ${name}.`);
});

test.each([{ clientId: undefined }, { clientId: 'next to clientID' }, { state: true }, { inbox: {} }])(
  'a member that is undefined, repeats an option or is like none is ignored: %j',
  (over) => {
    expect(() => read(over)).not.toThrow();
  },
);

test.each([[undefined], [null], ['acme.eu.auth0.com'], [1]])('options of %j are a TypeError', (options) => {
  expect(() => readSettings(options as unknown as StrategyOptions)).toThrow(TypeError);
});

test('neither settings nor errors show the secret that an option holds', async () => {
  const short = 'a-short-secret';
  expect(await refusal({ transactionSecret: short })).not.toContain(short);
  expect(await refusal({ domain: `user:${short}@acme.eu.auth0.com` })).not.toContain(short);
  expect(JSON.stringify(readSettings(required))).not.toContain(SECRET);
});

test.each([
  ['https://acme.eu.auth0.com', ['acme.eu.auth0.com', 'ACME.EU.Auth0.COM', 'acme.eu.auth0.com:443']],
  ['https://acme.eu.auth0.com', ['acme.eu.auth0.com/', 'https://acme.eu.auth0.com', 'HTTPS://ACME.EU.AUTH0.COM/']],
  ['https://acme.eu.auth0.com:8443', ['acme.eu.auth0.com:8443']],
  ['https://localhost:3000', ['localhost:3000']],
  ['http://localhost:3000', ['http://localhost:3000']],
  ['http://127.0.0.1:3000', ['http://127.0.0.1:3000']],
  ['http://127.255.0.9', ['http://127.255.0.9']],
  ['http://[::1]:3000', ['http://[::1]:3000/']],
  ['http://[::1]', ['http://[0:0:0:0:0:0:0:1]']],
  ['https://[2001:db8::1]', ['https://[2001:db8::1]']],
  ['https://xn--bcher-kva.example', ['bücher.example']],
])('the origin %s may be written as the domain %j', (origin, domains) => {
  for (const domain of domains) expect(read({ domain })).toMatchObject({ origin, issuer: `${origin}/` });
});

test.each([
  ['http: to another machine', ['http://acme.eu.auth0.com', 'http://0.0.0.0', 'http://10.0.0.1', 'http://[::]']],
  ['http: to another spelling of loopback', ['http://[::ffff:127.0.0.1]']],
  ['http: to a host that resembles loopback', ['http://localhost.evil.example', 'http://127.0.0.1.evil.example']],
  ['http: to a host after a loopback name', ['http://localhost@evil.example', 'http://evil.example#localhost']],
  ['a path', ['acme.eu.auth0.com/path', 'https://acme.eu.auth0.com/path', 'https://acme.eu.auth0.com//']],
  ['a backslash', ['acme.eu.auth0.com\\path']],
  ['a query', ['https://acme.eu.auth0.com?x', 'https://acme.eu.auth0.com/?']],
  ['a fragment', ['https://acme.eu.auth0.com#']],
  ['a user', ['user@acme.eu.auth0.com', 'https://user@acme.eu.auth0.com', 'https://user:password@acme.eu.auth0.com']],
  ['an invalid port', ['acme.eu.auth0.com:99999', 'acme.eu.auth0.com:port']],
  ['an invalid host', ['acme auth0.com', 'https://', '[::1']],
  ['another scheme', ['ftp://acme.eu.auth0.com', 'ws://localhost', 'file:///etc/passwd', 'acme://eu']],
])('a domain with %s is a TypeError', async (_what, domains) => {
  for (const domain of domains) {
    expect(await refusal({ domain }), domain).toMatch(/^PasswordlessStrategy: domain must be/);
  }
});

describe('forwardedFor', () => {
  test('forwardedFor: true sends the address of the host, or else of the socket', () => {
    const { endUserIP } = read();
    expect(endUserIP(req({ ip: '8.8.8.8', socket: { remoteAddress: '9.9.9.9' } }))).toBe('8.8.8.8');
    expect(endUserIP(req({ socket: { remoteAddress: '::ffff:9.9.9.9' } }))).toBe('9.9.9.9');
    expect(endUserIP(req({ ip: '10.0.0.1', socket: { remoteAddress: '9.9.9.9' } }))).toBeUndefined();
    expect(endUserIP({ headers: { 'x-forwarded-for': '8.8.8.8' } })).toBeUndefined();
  });

  test('forwardedFor: false sends no address', () => {
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
  ])('a forwardedFor function that returns %j sends %j', (returned, sent) => {
    expect(read({ forwardedFor: () => returned }).endUserIP(req())).toBe(sent);
  });

  test('a forwardedFor function gets the request, and its error is passed on', () => {
    const forwardedFor = ({ headers }: { headers: Record<string, string> }) => headers['true-client-ip'];
    expect(read({ forwardedFor }).endUserIP({ headers: { 'true-client-ip': '9.9.9.9' } })).toBe('9.9.9.9');
    const failing = () => {
      throw new RangeError("the app's");
    };
    expect(() => read({ forwardedFor: failing }).endUserIP(req())).toThrow(RangeError);
  });
});

test("the session key is made of the strategy's name and host, unless the app sets it", () => {
  const session = { 'second:localhost:3000': 'default', mine: 'given' };
  const second = { name: 'second', domain: 'http://localhost:3000' };
  expect(read(second).store.load(req({ session }))).toBe('default');
  expect(read({ ...second, sessionKey: 'mine' }).store.load(req({ session }))).toBe('given');
});
