import fc from 'fast-check';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { RequestLike } from '../../lib/request.js';
import { type Response, idToken } from '../support/hostile-auth0.js';

/** Stands for the running login's own `state`. */
export const STATE = '<state>';
/** Stands for the running login's own `nonce`. */
export const NONCE = '<nonce>';

/** In every value of an option of Passport's, so that a test can look for it in what was sent. */
export const PASSPORTS = 'of-passport';

const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });

/** Any code points, lone surrogates included. */
export const anyText = (constraints: fc.StringConstraints = {}) =>
  fc.string({ ...constraints, unit: fc.nat(0x10ffff).map((point) => String.fromCodePoint(point)) });

/** Whatever a parser may make of an attacker's text, including `__proto__` as an object's own member. */
const parsed: fc.Arbitrary<unknown> = fc.oneof(
  fc.json().map((text) => JSON.parse(text) as unknown),
  fc
    .constantFrom('{"__proto__":{"email":"eve@example.com","action":"start"}}', '{"constructor":{"prototype":{}}}')
    .map((text) => JSON.parse(text) as unknown),
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
);

const typed = fc.oneof(
  weighted(3, fc.constantFrom('ada@example.com', ' Ada@Example.COM ', '+44 20 7946 0000', '123456', '12 34-56')),
  weighted(1, anyText({ maxLength: 400 })),
  weighted(1, parsed),
);

const url = fc.tuple(fc.domain(), fc.string()).map(([host, path]) => `https://${host}/${encodeURIComponent(path)}`);

/** Objects with any of these members. */
const members = (names: string[], value: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });

const body = fc.oneof(
  weighted(4, fc.constantFrom<object[]>({ otp: '123456' }, { email: 'ada@example.com' })),
  weighted(4, members(['email', 'otp', 'recovery_code'], typed)),
  weighted(1, members(['email', 'phone_number', 'otp', 'recovery_code', 'mfa_token', 'send'], typed)),
  weighted(1, parsed),
);

const CALLBACK = ['code', 'error', 'error_description'];

const query = fc.oneof(
  weighted(
    3,
    members(CALLBACK, typed).map((rest) => ({ state: STATE, ...rest })),
  ),
  weighted(1, members(['state', ...CALLBACK], typed)),
  weighted(1, parsed),
);

const headers = fc.record(
  {
    host: fc.constantFrom('app.example.com', 'evil.example.com'),
    'x-forwarded-for': fc.ipV4(),
    'x-forwarded-host': fc.domain(),
    'sec-fetch-site': fc.constantFrom('same-origin', 'cross-site', 'none', 'x'),
    'content-type': fc.oneof(fc.constant('application/json'), fc.string()),
    'content-length': fc.oneof(fc.nat().map(String), fc.string()),
    'transfer-encoding': fc.string(),
    'accept-language': fc.string(),
    authorization: fc.string(),
  },
  { requiredKeys: [] },
);

export const request = fc.record<RequestLike>({
  method: fc.oneof(
    weighted(8, fc.constantFrom('POST', 'POST', 'GET')),
    weighted(1, fc.oneof(fc.constantFrom('HEAD', 'PUT', 'post', undefined), fc.string())),
  ),
  headers: fc.oneof(weighted(3, fc.constant({})), weighted(1, headers)),
  body,
  query,
  ip: fc.oneof(fc.ipV4(), fc.ipV6(), fc.string(), fc.constant('8.8.8.8\r\nx-evil: 1'), fc.constant(undefined)),
});

/** An option that may be a function of the request, and so an attacker's text. */
const perRequest = (value: fc.Arbitrary<unknown>) =>
  fc.tuple(value, fc.boolean()).map(([given, isFunction]) => (isFunction ? () => given : given));

const ours = fc.record(
  {
    stage: fc.constantFrom('code', 'mfa', 'code', 'x'),
    pendingRedirect: fc.constant('/code'),
    mfaRedirect: fc.constant('/mfa'),
    connection: perRequest(fc.oneof(fc.constantFrom('email', 'sms', 'staff'), parsed)),
    send: perRequest(fc.oneof(fc.constantFrom('code', 'link', 'fax'), parsed)),
    scope: fc.oneof(fc.constantFrom('openid', 'openid email', 'profile'), parsed),
    audience: perRequest(fc.oneof(url, parsed)),
    language: perRequest(fc.oneof(fc.constantFrom('fr-CA', 'fr\r\nx-evil: 1'), parsed)),
    organization: perRequest(fc.oneof(fc.constantFrom('org_1', undefined), parsed)),
    callbackURL: perRequest(fc.oneof(url, fc.constant('javascript:alert(1)'), parsed)),
    appState: perRequest(parsed),
  },
  { requiredKeys: [] },
);

const passports = members(
  ['failureRedirect', 'successRedirect', 'failureFlash', 'assignProperty', 'scopes', 'state', 'prompt'],
  fc.constant(PASSPORTS),
);

export const routeOptions: fc.Arbitrary<AuthenticateOptions> = fc
  .tuple(
    fc.constantFrom(...['start', 'start', 'resend', ...Array<string>(6).fill('verify'), undefined, 'login']),
    fc.oneof(weighted(3, fc.constant({})), weighted(1, ours)),
    passports,
  )
  .map(([action, mine, theirs]) => ({ ...theirs, ...mine, action }) as AuthenticateOptions);

/** ID tokens: valid ones for a code and for a link, and all kinds of others. */
const anyIDToken = fc.oneof(
  weighted(2, fc.constantFrom(idToken(), idToken({ nonce: NONCE }))),
  weighted(
    2,
    fc.constantFrom(
      idToken({ nonce: 'another' }),
      idToken({ iss: 'https://evil.example.com/' }),
      idToken({ aud: 'another' }),
      idToken({ exp: 1 }),
      idToken({ iat: 99_999_999_999 }),
      idToken({ sub: undefined }),
      idToken({ sub: '' }),
      idToken({}, { alg: 'none' }),
      idToken({}, { alg: 'RS256' }),
      idToken({}, { crit: ['x'] }),
      idToken({}, {}, 'another secret of at least 32 bytes'),
      idToken().slice(0, -2),
      idToken().replace(/[^.]*$/, ''),
    ),
  ),
  weighted(1, parsed),
);

const ERRORS = [
  ...['mfa_required', 'invalid_grant', 'unauthorized', 'access_denied', 'invalid_client', 'unauthorized_client'],
  ...['bad.connection', 'too_many_attempts', 'authorization_pending', 'slow_down', 'expired_token', '__proto__'],
];

const errors = fc
  .tuple(
    members(['error', 'code'], fc.constantFrom(...ERRORS)),
    members(
      ['error_description', 'description', 'mfa_token', 'mfa_requirements', 'oob_code'],
      fc.oneof(fc.string(), parsed),
    ),
  )
  .map(([error, rest]) => ({ ...rest, ...error }));

const tokens = fc
  .tuple(
    anyIDToken,
    fc.oneof(
      weighted(3, fc.constant({})),
      weighted(1, members(['access_token', 'expires_in', 'scope', 'recovery_code'], parsed)),
    ),
  )
  .map(([id_token, over]) => ({ access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token, ...over }));

const json = fc.oneof(weighted(3, tokens), weighted(2, errors), weighted(1, parsed)).map(toJSON);

const text = fc.oneof(
  weighted(6, json),
  weighted(
    1,
    fc.tuple(json, fc.nat(200)).map(([whole, length]) => whole.slice(0, length)),
  ),
  weighted(1, anyText()),
);

const responseHeaders = fc.record(
  {
    'retry-after': fc.oneof(fc.nat().map(String), fc.string(), fc.array(fc.string())),
    'x-ratelimit-reset': fc.oneof(fc.nat().map(String), fc.string()),
    location: url,
  },
  { requiredKeys: [] },
);

/** Any response of Auth0, or of whatever stands in its place. */
export const response: fc.Arbitrary<Response> = fc.oneof(
  weighted(
    8,
    fc.record({
      status: fc.oneof(weighted(3, fc.constant(200)), weighted(1, fc.integer({ min: 100, max: 599 }))),
      headers: fc.oneof(weighted(4, fc.constant({})), weighted(1, responseHeaders)),
      body: text,
    }),
  ),
  weighted(1, fc.record({ refused: fc.constantFrom(new Error('down'), undefined, 'text') })),
  weighted(1, fc.record({ body: text, brokenOff: fc.constantFrom(new Error('reset'), 'text') })),
);

/** As a member of a list, in which JSON has a word even for undefined; null for what no JSON can express. */
function toJSON(value: unknown): string {
  try {
    return JSON.stringify([value]).slice(1, -1);
  } catch {
    return 'null';
  }
}
