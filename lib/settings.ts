import { amount, check, flag, oneOf, text } from './check.js';
import type { AnyOptions, FieldNames, StrategyOptions } from './options.js';
import { isLanguage, LANGUAGE_REMEDY, scopeText } from './per-request.js';
import { publicIP } from './public-ip.js';
import { clientIP, type RequestLike } from './request.js';
import { ClientStore } from './transaction/client-store.js';
import { SessionStore } from './transaction/session-store.js';
import type { TransactionStore } from './transaction/store.js';
import { hasMethod, isObject, isText, isWebURL } from './values.js';

const NAMES: readonly (keyof StrategyOptions)[] = [
  'domain',
  'clientID',
  'clientSecret',
  'clientAssertionSigningKey',
  'clientAssertionSigningAlg',
  'callbackURL',
  'name',
  'scope',
  'audience',
  'organization',
  'send',
  'language',
  'forwardedFor',
  'idTokenSigningAlg',
  'clockTolerance',
  'fetchUserInfo',
  'timeout',
  'dispatcher',
  'store',
  'transactionSecret',
  'transactionTTL',
  'resendCooldown',
  'allowCrossSite',
  'sessionKey',
  'fields',
  'messages',
  'telemetry',
  'passReqToCallback',
];

const FIELDS: FieldNames = {
  email: 'email',
  phoneNumber: 'phone_number',
  code: 'otp',
  recoveryCode: 'recovery_code',
  transaction: 'transaction',
};

/** The options, checked and with their defaults. The secrets are not among them. */
export type Settings = ReturnType<typeof readSettings>;

/** @throws {TypeError} naming the option and the remedy. */
export function readSettings(options: AnyOptions) {
  check(isObject(options), 'options', 'must be an object');
  ensureSpelling({ ...options });
  const origin = readOrigin(options.domain);
  const name = text(options, 'name') ?? 'auth0-passwordless';
  const clientID = text(options, 'clientID');
  check(clientID !== undefined, 'clientID', "is required: the application's Client ID in the Auth0 Dashboard");
  const callbackURL = text(options, 'callbackURL');
  check(callbackURL === undefined || isWebURL(callbackURL), 'callbackURL', 'must be an absolute http: or https: URL');
  const scope = scopeText(options.scope ?? 'openid profile email');
  check(scope !== undefined, 'scope', 'must be a string or a list of strings, and hold "openid"');
  const { language, dispatcher, messages } = options;
  const fields = readFields(options.fields);
  check(language === undefined || typeof language === 'function' || isLanguage(language), 'language', LANGUAGE_REMEDY);
  check(messages === undefined || typeof messages === 'function', 'messages', 'must be a function of the code');
  check(
    dispatcher === undefined || hasMethod(dispatcher, 'dispatch'),
    'dispatcher',
    'must be a Dispatcher of undici 7 or later',
  );

  return {
    origin,
    issuer: `${origin}/`,
    clientID,
    name,
    callbackURL,
    scope,
    audience: text(options, 'audience'),
    organization: text(options, 'organization'),
    send: oneOf(options, 'send', ['code', 'link']) ?? 'code',
    language,
    endUserIP: readForwardedFor(options.forwardedFor ?? true),
    alg: oneOf(options, 'idTokenSigningAlg', ['RS256', 'PS256', 'HS256']) ?? 'RS256',
    clockTolerance: amount(options, 'clockTolerance', 'seconds') ?? 60,
    fetchUserInfo: flag(options, 'fetchUserInfo') ?? false,
    timeout: amount(options, 'timeout', 'milliseconds', 1) ?? 10_000,
    dispatcher,
    store: readStore(options, `${name}:${new URL(origin).host}`, fields.transaction),
    transactionTTL: amount(options, 'transactionTTL', 'seconds', 1) ?? 600,
    resendCooldown: amount(options, 'resendCooldown', 'seconds') ?? 30,
    allowCrossSite: flag(options, 'allowCrossSite') ?? false,
    fields,
    messages,
    telemetry: flag(options, 'telemetry') ?? true,
    passReqToCallback: flag(options, 'passReqToCallback') ?? false,
  };
}

/**
 * `clientId` or `callback_url` would leave the option at its default, without a word. What else is there may be the app's
 * own.
 */
function ensureSpelling(options: Record<string, unknown>): void {
  const plain = (name: string) => name.toLowerCase().replaceAll(/[_-]/g, '');
  const names = new Map<string, string>(NAMES.map((name) => [plain(name), name]));
  for (const [given, value] of Object.entries(options)) {
    const name = names.get(plain(given)) ?? given;
    check(value === undefined || options[name] !== undefined, given, `is no option: write ${name}`);
  }
}

function readOrigin(domain: unknown): string {
  check(isText(domain), 'domain', "is required, such as 'acme.eu.auth0.com'");
  const href = domain.includes('://') ? domain : `https://${domain}`;
  const url = URL.canParse(href) ? new URL(href) : undefined;
  const isOrigin = url?.href === `${url?.origin ?? ''}/`;
  check(isOrigin, 'domain', "must be a host, such as 'acme.eu.auth0.com', or an https: origin, with no path");
  const { protocol, hostname, origin } = url;
  const isLoopback = /^(localhost|\[::1\]|127(\.\d+){3})$/.test(hostname);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && isLoopback);
  check(isSafe, 'domain', 'must be an https: origin; http: is for loopback hosts only');
  return origin;
}

function readForwardedFor(option: unknown): (req: RequestLike) => string | undefined {
  check(typeof option === 'boolean' || typeof option === 'function', 'forwardedFor', 'must be a boolean or a function');
  if (option === false) return () => undefined;
  const address = option === true ? clientIP : (option as typeof clientIP);
  return (req) => publicIP(address(req));
}

function readFields(fields: unknown): FieldNames {
  const isValid =
    fields === undefined ||
    (isObject(fields) && Object.entries(fields).every(([name, field]) => Object.hasOwn(FIELDS, name) && isText(field)));
  check(isValid, 'fields', `must hold names, for any of ${Object.keys(FIELDS).join(', ')}`);
  return { ...FIELDS, ...fields };
}

function readStore(options: AnyOptions, defaultKey: string, field: string): TransactionStore {
  const { store = 'session' } = options;
  const sessionKey = text(options, 'sessionKey') ?? defaultKey;
  if (store === 'session') return new SessionStore(sessionKey);
  if (store === 'client') return new ClientStore(field);
  const isStore = ['load', 'save', 'clear'].every((method) => hasMethod(store, method));
  check(isStore, 'store', "must be 'session', 'client', or an object with load, save and clear");
  return store;
}
