import { checkClients, checkLogoutURLs } from './client-settings.js';
import { defaultClient } from './clients.js';
import { MFA_FACTORS } from './mfa/factors.js';
import { FIXED, type LiveSettings, type LocalTenantOptions, type Settings } from './options.js';
import { checkUsers } from './user-settings.js';

const LIFETIMES = [
  'codeTTL',
  'authorizationCodeTTL',
  'idTokenTTL',
  'accessTokenTTL',
  'mfaTokenTTL',
  'refreshTokenTTL',
] as const;

const SWITCHES = [
  'disableSignup',
  'allowMagicLinkWithoutSession',
  'organizationsOnLinks',
  'enforceClientAuthenticationOnStart',
  'trustForwardedForWithAssertion',
  'removeAlgFromJWKS',
  'removeAuthenticatorsWithMfaToken',
  'otpSignupByPhone',
  'refreshTokenRotation',
  'refreshTokensFromLinks',
] as const;

const CHOICES = {
  mfaRequirements: ['factors', 'challenge_types', 'none'],
  mfaRequiredStatus: [400, 401, 403],
  mfaInvalidGrantStatus: [401, 403],
  pushRejection: ['access_denied', 'invalid_grant'],
  slowDownStatus: [400, 429],
  otpBlockedUser: ['access_denied', 'invalid_request'],
} as const;

/** Fills in the defaults and checks every value; a bad one is a `TypeError` that names the option and the remedy. */
export function readSettings(options: LocalTenantOptions): Settings {
  const given = withoutUndefined(options);
  const defaults = {
    port: 0,
    disableSignup: false,
    codeLength: 6,
    codeTTL: 180,
    maxAttempts: 3,
    startLimit: 50,
    allowMagicLinkWithoutSession: true,
    organizationsOnLinks: true,
    customDomains: [],
    enforceClientAuthenticationOnStart: true,
    trustForwardedForWithAssertion: false,
    authorizationCodeTTL: 600,
    idTokenTTL: 36_000,
    accessTokenTTL: 86_400,
    refreshTokenTTL: 2_592_000,
    refreshTokenRotation: true,
    refreshTokenLeeway: 0,
    refreshTokensFromLinks: false,
    removeAlgFromJWKS: false,
    otpSignupByPhone: false,
    otpBlockedUser: 'access_denied',
    mfa: 'never',
    mfaFactors: [...MFA_FACTORS],
    mfaTokenTTL: 300,
    mfaRequirements: 'factors',
    mfaRequiredStatus: 403,
    mfaInvalidGrantStatus: 403,
    removeAuthenticatorsWithMfaToken: false,
    pushRejection: 'access_denied',
    slowDownStatus: 400,
    connections: [
      { name: 'email', strategy: 'email' },
      { name: 'sms', strategy: 'sms' },
    ],
    users: [],
    clients: [defaultClient],
  } satisfies Settings;
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name) && !isFixed(name)) {
      throw new TypeError(`${name}: the tenant has no such option`);
    }
  }
  const settings: Settings = { ...defaults, ...given };
  check(settings);
  return settings;
}

/** Changes the settings of a running tenant, in place; none of them where one is bad. */
export function changeSettings(settings: Settings, changes: Partial<LiveSettings>): void {
  const given = withoutUndefined(changes);
  for (const name of Object.keys(given)) {
    if (isFixed(name) || !Object.hasOwn(settings, name)) {
      throw new TypeError(`configure: ${name} is no option that can be changed while the tenant runs`);
    }
  }
  check({ ...settings, ...given });
  Object.assign(settings, given);
}

const isFixed = (name: string) => FIXED.some((fixed) => fixed === name);

/** An option that is there but undefined counts as left out. */
const withoutUndefined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

function check(settings: Settings): void {
  wholeNumber(settings, 'port', 0, 65_535);
  wholeNumber(settings, 'codeLength', 1, 12);
  for (const name of LIFETIMES) {
    // Not Infinity, which JSON and tokens do not have.
    if (!(Number.isFinite(settings[name]) && settings[name] > 0)) {
      throw new TypeError(`${name}: pass a number of seconds above 0`);
    }
  }
  const leeway: unknown = settings.refreshTokenLeeway;
  if (typeof leeway !== 'number' || !(leeway >= 0)) {
    throw new TypeError('refreshTokenLeeway: pass a number of seconds, 0 or more');
  }
  for (const name of ['maxAttempts', 'startLimit'] as const) {
    if (settings[name] !== Infinity) wholeNumber(settings, name, 1, Number.MAX_SAFE_INTEGER);
  }
  for (const name of SWITCHES) {
    if (typeof settings[name] !== 'boolean') throw new TypeError(`${name}: pass true or false`);
  }
  for (const [name, choices] of Object.entries(CHOICES)) {
    if (!isOneOf(choices, settings[name as keyof typeof CHOICES])) {
      throw new TypeError(`${name}: pass ${listed(choices)}`);
    }
  }
  checkDomains(settings.customDomains);
  checkLogoutURLs('allowedLogoutURLs', settings.allowedLogoutURLs);
  checkTLS(settings.tls);
  checkClients(settings);
  checkConnections(settings);
  checkUsers(settings);
  checkMfa(settings);
}

function wholeNumber(
  settings: Settings,
  name: 'port' | 'codeLength' | 'maxAttempts' | 'startLimit',
  min: number,
  max: number,
) {
  const value: unknown = settings[name];
  if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
    throw new TypeError(
      `${name}: pass a whole number from ${min}${max === Number.MAX_SAFE_INTEGER ? ' up' : ` to ${max}`}`,
    );
  }
}

function checkDomains(domains: unknown): void {
  const isName = (each: unknown) => typeof each === 'string' && /^[a-z\d-]+(\.[a-z\d-]+)*$/.test(each);
  if (!Array.isArray(domains) || !domains.every(isName)) {
    throw new TypeError(
      "customDomains: pass an array of host names in lower case, without a port, as in ['localhost']",
    );
  }
}

function checkTLS(tls: unknown): void {
  if (tls === undefined) return;
  const { key, cert } = (typeof tls === 'object' && tls !== null ? tls : {}) as Record<string, unknown>;
  if (typeof key !== 'string' || typeof cert !== 'string') {
    throw new TypeError('tls: pass { key, cert }, both PEM strings, for a certificate that says localhost');
  }
}

function checkConnections({ connections }: Settings): void {
  if (!Array.isArray(connections))
    throw new TypeError("connections: pass an array of { name, strategy: 'email' | 'sms' }");
  for (const { name, strategy, otp = false } of connections) {
    if (typeof name !== 'string' || name === '' || !['email', 'sms', 'auth0'].includes(strategy)) {
      throw new TypeError("connections: each one needs a name and a strategy, 'email', 'sms' or 'auth0'");
    }
    if (typeof otp !== 'boolean' || (otp && strategy !== 'auth0')) {
      throw new TypeError("connections: otp is true or false, and for the strategy 'auth0' only");
    }
  }
}

function checkMfa({ mfa, mfaFactors }: Settings): void {
  if (typeof mfa !== 'function' && !isOneOf(['never', 'always'], mfa)) {
    throw new TypeError("mfa: pass 'never', 'always' or a function of the user");
  }
  if (!Array.isArray(mfaFactors) || !mfaFactors.every((factor) => isOneOf(MFA_FACTORS, factor))) {
    throw new TypeError(`mfaFactors: pass an array of ${listed(MFA_FACTORS)}`);
  }
}

const isOneOf = (choices: readonly unknown[], value: unknown) => choices.includes(value);

const listed = (choices: readonly (string | number)[]) =>
  choices
    .map((choice) => (typeof choice === 'string' ? `'${choice}'` : choice))
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1');
