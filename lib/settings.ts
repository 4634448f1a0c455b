import type { DispatcherLike } from './auth0/http.js';
import type { IDTokenExpectation } from './auth0/id-token.js';
import { PasswordlessError } from './errors.js';
import type { FieldNames, OptionRequest, PerRequest, StrategyOptions, StrategyOptionsWithRequest } from './options.js';
import { clientIP, publicIP, type RequestLike } from './request.js';
import { SessionStore } from './transaction/session-store.js';
import type { TransactionStore } from './transaction/store.js';

/** The options, checked and with their defaults. The secrets are not among them. */
export interface Settings extends IDTokenExpectation {
  origin: string;
  name: string;
  callbackURL: string | undefined;
  scope: string;
  audience: string | undefined;
  organization: string | undefined;
  send: 'code' | 'link';
  language: PerRequest<string | undefined>;
  endUserIP: (req: RequestLike) => string | undefined;
  fetchUserInfo: boolean;
  timeout: number;
  dispatcher: DispatcherLike | undefined;
  store: TransactionStore;
  keepsInSession: boolean;
  transactionTTL: number;
  resendCooldown: number;
  allowCrossSite: boolean;
  fields: FieldNames;
  telemetry: boolean;
  passReqToCallback: boolean;
}

const FIELDS: FieldNames = { email: 'email', phoneNumber: 'phone_number', code: 'otp', recoveryCode: 'recovery_code' };

type AnyOptions = StrategyOptions | StrategyOptionsWithRequest;

/** @throws {TypeError} naming the option and the remedy. */
export function readSettings(options: AnyOptions): Settings {
  check(isObject(options), 'options', 'must be an object');
  const origin = readOrigin(options.domain);
  const name = text(options, 'name') ?? 'auth0-passwordless';
  const clientID = text(options, 'clientID');
  check(clientID !== undefined, 'clientID', "is required: the application's Client ID in the Auth0 Dashboard");
  const callbackURL = text(options, 'callbackURL');
  check(callbackURL === undefined || isWebURL(callbackURL), 'callbackURL', 'must be an absolute http: or https: URL');
  const scope = scopeText(options.scope ?? 'openid profile email');
  check(scope !== undefined, 'scope', 'must be a string or a list of strings, and hold "openid"');
  const { language, fields, dispatcher } = options;
  check(language === undefined || typeof language === 'function' || isLanguage(language), 'language', LANGUAGE_REMEDY);
  check(fields === undefined || (isObject(fields) && Object.values(fields).every(isText)), 'fields', 'must hold names');
  check(dispatcher === undefined || isFunction(dispatcher, 'request'), 'dispatcher', 'must be an undici Dispatcher');

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
    store: readStore(options, `${name}:${new URL(origin).host}`),
    keepsInSession: (options.store ?? 'session') === 'session',
    transactionTTL: amount(options, 'transactionTTL', 'seconds', 1) ?? 600,
    resendCooldown: amount(options, 'resendCooldown', 'seconds') ?? 30,
    allowCrossSite: flag(options, 'allowCrossSite') ?? false,
    fields: { ...FIELDS, ...fields },
    telemetry: flag(options, 'telemetry') ?? true,
    passReqToCallback: flag(options, 'passReqToCallback') ?? false,
  };
}

/** The secrets that seal pending logins, newest first. */
export function readTransactionSecrets({ transactionSecret, clientSecret }: AnyOptions): readonly string[] {
  if (transactionSecret === undefined) return [clientSecret];
  const secrets = typeof transactionSecret === 'string' ? [transactionSecret] : transactionSecret;
  const strong =
    Array.isArray(secrets) &&
    secrets.length > 0 &&
    secrets.every((secret) => isText(secret) && Buffer.byteLength(secret) >= 32);
  check(
    strong,
    'transactionSecret',
    'must be 32 bytes or more, or a list of such; `openssl rand -base64 48` makes one',
  );
  return secrets as readonly string[];
}

export function readClientSecret(options: AnyOptions): string {
  const clientSecret = text(options, 'clientSecret');
  check(
    clientSecret !== undefined,
    'clientSecret',
    "is required: the application's Client Secret in the Auth0 Dashboard",
  );
  return clientSecret;
}

/** The scopes as one string; undefined where they are malformed or lack `openid`. */
export function scopeText(scope: unknown): string | undefined {
  const scopes = Array.isArray(scope) ? scope : typeof scope === 'string' ? scope.split(/\s+/) : [];
  return scopes.includes('openid') && scopes.every((value) => typeof value === 'string')
    ? scopes.join(' ').trim()
    : undefined;
}

/** BCP 47 tags as in `Accept-Language`; nothing that could end a header. */
const LANGUAGE = /^[A-Za-z0-9*][A-Za-z0-9,;=.*\- ]{0,99}$/;
const LANGUAGE_REMEDY = "must be a language tag, such as 'fr-CA', or a function";

export function isLanguage(value: unknown): value is string {
  return typeof value === 'string' && LANGUAGE.test(value);
}

export function isWebURL(value: string): boolean {
  return URL.canParse(value) && /^https?:\/\//i.test(value);
}

/** The value of an option that may be a function of the request. What such a function throws is the app's own error. */
export function resolve<T>(option: PerRequest<T>, req: RequestLike): T {
  return typeof option === 'function' ? (option as (req: OptionRequest) => T)(req as OptionRequest) : option;
}

/** The same, where text must come of it. */
export function resolveText(
  name: string,
  option: PerRequest<string | undefined>,
  req: RequestLike,
): string | undefined {
  const value: unknown = resolve(option, req);
  if (value === undefined || isText(value)) return value;
  throw new PasswordlessError('configuration_error', `The option ${name} must be, or return, a string or undefined.`);
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

function readForwardedFor(option: unknown): Settings['endUserIP'] {
  check(typeof option === 'boolean' || typeof option === 'function', 'forwardedFor', 'must be a boolean or a function');
  if (option === false) return () => undefined;
  const address = option === true ? clientIP : (option as typeof clientIP);
  return (req) => publicIP(address(req));
}

function readStore(options: AnyOptions, defaultKey: string): TransactionStore {
  const { store = 'session' } = options;
  const sessionKey = text(options, 'sessionKey') ?? defaultKey;
  if (store === 'session') return new SessionStore(sessionKey);
  const isStore = ['load', 'save', 'clear'].every((method) => isFunction(store, method));
  check(isStore, 'store', "must be 'session', or an object with load, save and clear");
  return store;
}

function check(valid: boolean, option: string, remedy: string): asserts valid {
  if (!valid) throw new TypeError(`PasswordlessStrategy: ${option} ${remedy}.`);
}

function text(options: object, name: keyof AnyOptions): string | undefined {
  const value = (options as AnyOptions)[name];
  check(value === undefined || isText(value), name, 'must be a non-empty string');
  return value;
}

function flag(options: AnyOptions, name: keyof AnyOptions): boolean | undefined {
  const value = options[name];
  check(value === undefined || typeof value === 'boolean', name, 'must be a boolean');
  return value;
}

/** The longest time that a timer of Node waits; anything over it fires at once. */
const MAX_AMOUNT = 2 ** 31 - 1;

function amount(options: AnyOptions, name: keyof AnyOptions, unit: string, min = 0): number | undefined {
  const value = options[name];
  const valid = typeof value === 'number' && value >= min && value <= MAX_AMOUNT;
  check(value === undefined || valid, name, `must be a number of ${unit}, from ${min} to ${MAX_AMOUNT}`);
  return value;
}

function oneOf<T>(options: AnyOptions, name: keyof AnyOptions, values: readonly T[]): T | undefined {
  const value = options[name] as T | undefined;
  check(value === undefined || values.includes(value), name, `must be one of ${values.join(', ')}`);
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isFunction(value: unknown, member: string): boolean {
  return isObject(value) && typeof (value as Record<string, unknown>)[member] === 'function';
}
