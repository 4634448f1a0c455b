import fc from 'fast-check';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { RequestLike } from '../../lib/request.js';
import { type Response, idToken } from '../support/hostile-auth0.js';

/** Stands for what only the running login knows: its `state`, its `nonce`. */
export const STATE = '<state>';
export const NONCE = '<nonce>';

/** In every value of an option that is Passport's, so that it can be looked for in what was sent. */
export const PASSPORTS = 'of-passport';

/** What a parser may make of text that an attacker wrote, `__proto__` as a member of its own included. */
const parsed: fc.Arbitrary<unknown> = fc.oneof(
  fc.json().map((text) => JSON.parse(text) as unknown),
  fc
    .constantFrom('{"__proto__":{"email":"eve@example.com","action":"start"}}', '{"constructor":{"prototype":{}}}')
    .map((text) => JSON.parse(text) as unknown),
  fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true }),
);

const typed = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom('ada@example.com', ' Ada@Example.COM ', '+44 20 7946 0000', '123456', '12 34-56'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 400 }) },
  { weight: 1, arbitrary: parsed },
);

const members = (names: string[], value: fc.Arbitrary<unknown>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });

const body = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<object[]>({ otp: '123456' }, { email: 'ada@example.com' }) },
  { weight: 4, arbitrary: members(['email', 'otp', 'recovery_code'], typed) },
  { weight: 1, arbitrary: members(['email', 'phone_number', 'otp', 'recovery_code', 'mfa_token', 'send'], typed) },
  { weight: 1, arbitrary: parsed },
);

const query = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record(
      { state: fc.constant(STATE), code: typed, error: typed, error_description: typed },
      { requiredKeys: ['state'] },
    ),
  },
  { weight: 1, arbitrary: members(['state', 'code', 'error', 'error_description'], typed) },
  { weight: 1, arbitrary: parsed },
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
    { weight: 8, arbitrary: fc.constantFrom('POST', 'POST', 'GET') },
    { weight: 1, arbitrary: fc.oneof(fc.constantFrom('HEAD', 'PUT', 'post', undefined), fc.string()) },
  ),
  headers: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: headers }),
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
    audience: perRequest(fc.oneof(fc.webUrl(), parsed)),
    language: perRequest(fc.oneof(fc.constantFrom('fr-CA', 'fr\r\nx-evil: 1'), parsed)),
    organization: perRequest(fc.oneof(fc.constantFrom('org_1', undefined), parsed)),
    callbackURL: perRequest(fc.oneof(fc.webUrl(), fc.constant('javascript:alert(1)'), parsed)),
    appState: perRequest(parsed),
  },
  { requiredKeys: [] },
);

const passports = fc.record(
  Object.fromEntries(
    ['failureRedirect', 'successRedirect', 'failureFlash', 'assignProperty', 'scopes', 'state', 'prompt'].map(
      (name) => [name, fc.constant(PASSPORTS)],
    ),
  ),
  { requiredKeys: [] },
);

export const routeOptions: fc.Arbitrary<AuthenticateOptions> = fc
  .tuple(
    fc.constantFrom(...['start', 'start', 'resend', ...Array<string>(6).fill('verify'), undefined, 'login']),
    fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: ours }),
    passports,
  )
  .map(([action, mine, theirs]) => ({ ...theirs, ...mine, action }) as AuthenticateOptions);

/** ID tokens: good ones for a code and for a link, and all manner of others. */
const anyIDToken = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(idToken(), idToken({ nonce: NONCE })) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
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
  },
  { weight: 1, arbitrary: parsed },
);

const ERRORS = [
  'mfa_required',
  'invalid_grant',
  'unauthorized',
  'access_denied',
  'invalid_client',
  'unauthorized_client',
  'bad.connection',
  'too_many_attempts',
  'authorization_pending',
  'slow_down',
  'expired_token',
  '__proto__',
];

const said = members(['error', 'code'], fc.constantFrom(...ERRORS)).chain((error) =>
  members(
    ['error_description', 'description', 'mfa_token', 'mfa_requirements', 'oob_code'],
    fc.oneof(fc.string(), parsed),
  ).map((rest) => ({ ...rest, ...error })),
);

const tokens = fc
  .tuple(
    anyIDToken,
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: members(['access_token', 'expires_in', 'scope', 'recovery_code'], parsed) },
    ),
  )
  .map(([id_token, over]) => ({ access_token: 'access', token_type: 'Bearer', expires_in: 60, id_token, ...over }));

const json = fc.oneof(
  { weight: 3, arbitrary: tokens },
  { weight: 2, arbitrary: said },
  { weight: 1, arbitrary: parsed },
);

const text = fc.oneof(
  { weight: 6, arbitrary: json.map((value) => safely(value)) },
  { weight: 1, arbitrary: fc.tuple(json, fc.nat(200)).map(([value, length]) => safely(value).slice(0, length)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
);

const answerHeaders = fc.record(
  {
    'retry-after': fc.oneof(fc.nat().map(String), fc.string(), fc.array(fc.string())),
    'x-ratelimit-reset': fc.oneof(fc.nat().map(String), fc.string()),
    location: fc.webUrl(),
  },
  { requiredKeys: [] },
);

/** Whatever Auth0, or what stands in its place, may answer. */
export const answer: fc.Arbitrary<Response> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      status: fc.oneof(
        { weight: 3, arbitrary: fc.constant(200) },
        { weight: 1, arbitrary: fc.integer({ min: 100, max: 599 }) },
      ),
      headers: fc.oneof({ weight: 4, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: answerHeaders }),
      body: text,
    }),
  },
  { weight: 1, arbitrary: fc.record({ refused: fc.constantFrom(new Error('down'), undefined, 'text') }) },
  { weight: 1, arbitrary: fc.record({ body: text, brokenOff: fc.constantFrom(new Error('reset'), 'text') }) },
);

/** JSON of what may hold what JSON has no words for; in a list undefined is null. */
function safely(value: unknown): string {
  try {
    return JSON.stringify([value]).slice(1, -1);
  } catch {
    return 'null';
  }
}
