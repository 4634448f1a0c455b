import { expect, test, vi } from 'vitest';
import { readObject } from '../../lib/auth0/answers.js';
import { refusalError, startRefusalError } from '../../lib/auth0/errors.js';
import type { ErrorCode, PasswordlessError } from '../../lib/errors.js';
import { passwordlessErrorFrom, shown } from '../support/errors.js';

type Row = [status: number, error: string, description: string, code: ErrorCode];

function answer(status: number, body: object, headers = {}): Promise<PasswordlessError> {
  return passwordlessErrorFrom(() =>
    readObject({ status, headers, body: JSON.stringify({ mfa_token: 'Fe26', ...body }) }),
  );
}

const OTP_NOT_ALLOWED = "Grant type 'http://auth0.com/oauth/grant-type/passwordless/otp' not allowed for the client.";
const TOO_MANY_TRIES = "You've reached the maximum number of attempts. Please try to login again.";
const NO_PASSWORDLESS = 'Invalid connection strategy. It must either be a passwordless connection';
const CLIENT_AUTHENTICATION = 'Client authentication is required';
const EXPIRED = 'The verification code has expired. Please try to login again.';

const startRows: Row[] = [
  [400, 'bad.tenant', 'error in tenant - tenant validation failed: invalid_tenant', 'configuration_error'],
  [400, 'bad.client_id', 'Missing required property: client_id', 'configuration_error'],
  [400, 'bad.connection', 'Missing required property: connection', 'configuration_error'],
  [400, 'bad.connection', 'Connection does not exist', 'configuration_error'],
  [400, 'bad.connection', 'Connection is disabled', 'configuration_error'],
  [400, 'bad.connection', NO_PASSWORDLESS, 'configuration_error'],
  [400, 'bad.connection', 'Public signup is disabled', 'access_denied'],
  [400, 'bad.connection', '', 'access_denied'],
  [400, 'bad.send', 'error in send - No enum match for: fax', 'unexpected_response'],
  [400, 'bad.authParams', 'error in authParams - invalid type: string (expected object)', 'unexpected_response'],
  [400, 'bad.request', 'the following properties are not allowed: nonce', 'unexpected_response'],
  [400, 'bad.email', 'Missing required property: email', 'invalid_email'],
  [400, 'bad.email', 'error in email - email format validation failed: ada@example', 'invalid_email'],
  [400, 'bad.phone_number', 'Missing required property: phone_number', 'invalid_phone_number'],
  [400, 'bad.phone_number', 'String does not match pattern: ^\\+[0-9]{1,15}$', 'invalid_phone_number'],
  [400, 'sms_provider_error', "The 'To' number is not a valid phone number. (Code: 21211)", 'delivery_failed'],
  [400, 'sms_provider_error', 'Permission to send to the region is not enabled (Code: 21408)', 'delivery_failed'],
  [400, 'sms_provider_error', 'Unexpected response while calling the SMS gateway: 500', 'delivery_failed'],
  [400, 'sms_provider_error', 'Authentication failed while calling the SMS gateway: 401', 'delivery_failed'],
  [400, 'sms_provider_error', 'Timeout while calling the SMS gateway: ESOCKETTIMEDOUT', 'delivery_failed'],
  [403, 'unauthorized_client', CLIENT_AUTHENTICATION, 'configuration_error'],
  [401, 'access_denied', 'Unauthorized', 'configuration_error'],
  [401, 'invalid_client', 'Unauthorized', 'configuration_error'],
  [429, 'too_many_requests', 'Global limit has been reached', 'rate_limited'],
  [400, 'requires_verification', '', 'verification_required'],
  [400, 'invalid_captcha', 'Invalid captcha value', 'verification_required'],
  [500, 'server_error', 'Something went wrong', 'unexpected_response'],
  [401, 'unauthorized', 'user is blocked', 'user_blocked'],
  [400, 'extensibility_error', 'Not from this domain.', 'access_denied'],
];

const limitRows: Row[] = [
  [429, 'too_many_requests', 'Global limit has been reached', 'rate_limited'],
  [429, 'too_many_requests', 'Rate limit exceeded.', 'rate_limited'],
  [429, 'too_many_requests', 'Too many requests. Check the X-RateLimit-Reset header.', 'rate_limited'],
  [429, 'access_denied', 'Global limit has been reached', 'rate_limited'],
  [429, 'too_many_attempts', 'Your account has been blocked after multiple attempts', 'account_locked'],
  [403, 'too_many_attempts', '', 'account_locked'],
  [403, 'too_many_requests', '', 'rate_limited'],
];

const tokenRows: Row[] = [
  [403, 'invalid_grant', 'Wrong email or verification code.', 'wrong_code'],
  [403, 'invalid_grant', 'Wrong phone number or verification code.', 'wrong_code'],
  [403, 'invalid_grant', TOO_MANY_TRIES, 'too_many_attempts'],
  [403, 'invalid_grant', EXPIRED, 'code_expired'],
  [403, 'invalid_grant', 'Invalid authorization code', 'wrong_code'],
  [403, 'invalid_grant', 'in words that Auth0 has not used before', 'wrong_code'],
  [403, 'unauthorized_client', OTP_NOT_ALLOWED, 'configuration_error'],
  [401, 'access_denied', 'Unauthorized', 'configuration_error'],
  [401, 'invalid_client', '', 'configuration_error'],
  [401, 'unauthorized', 'user is blocked', 'user_blocked'],
  [401, 'unauthorized', 'Ask an administrator.', 'access_denied'],
  [403, 'access_denied', 'Ask an administrator.', 'access_denied'],
  [403, 'access_denied', 'Unauthorized', 'access_denied'],
  [500, 'access_denied', 'Ask an administrator.', 'access_denied'],
  [503, 'access_denied', 'Ask an administrator.', 'unexpected_response'],
  [400, 'invalid_request', 'Missing required parameter: otp', 'unexpected_response'],
  [403, 'mfa_required', 'Multifactor authentication required', 'mfa_required'],
];

test.each([...startRows, ...tokenRows])(
  'the error response %i %s, %j is %s',
  async (status, error, description, code) => {
    expect(await answer(status, { error, error_description: description })).toMatchObject({ code });
  },
);

test.each(limitRows)(
  'the error response %i %s, %j is %s, with status 429',
  async (status, error, error_description, code) => {
    expect(await answer(status, { error, error_description })).toMatchObject({ code, status: 429 });
  },
);

test.each<[error: string, description: string, code: ErrorCode]>([
  ['unauthorized', 'Wrong email or verification code.', 'wrong_code'],
  ['unauthorized', TOO_MANY_TRIES, 'too_many_attempts'],
  ['unauthorized', EXPIRED, 'code_expired'],
  ['unauthorized', 'user is blocked', 'user_blocked'],
  ['unauthorized', '', 'access_denied'],
  ['access_denied', 'Ask an administrator.', 'access_denied'],
  ['access_denied', 'Unauthorized', 'access_denied'],
  ['too_many_attempts', '', 'account_locked'],
  ['too_many_requests', '', 'rate_limited'],
  ['invalid_request', 'Missing required parameter: response_type', 'configuration_error'],
  ['invalid_request', 'Missing required parameter: nonce', 'unexpected_response'],
  ['invalid_request', 'parameter organization is required for this client', 'configuration_error'],
  ['invalid_scope', 'scope is not granted', 'configuration_error'],
  ['unsupported_response_type', 'Unsupported response type: token', 'configuration_error'],
  ['unsupported_grant_type', '', 'configuration_error'],
  ['login_required', 'Login required', 'access_denied'],
  ['interaction_required', '', 'access_denied'],
  ['consent_required', '', 'access_denied'],
  ['server_error', 'Unable to issue redirect for OAuth 2.0 transaction', 'unexpected_response'],
  ['', '', 'unexpected_response'],
])('a callback with the error %s, %j is %s', (error, description, code) => {
  expect(refusalError({ error, description })).toMatchObject({ code });
});

test('an error response may have its error as code and description', async () => {
  expect(await answer(403, { code: 'invalid_grant', description: EXPIRED })).toMatchObject({ code: 'code_expired' });
});

const NO_RESPONSE_TYPE = 'Missing required parameter: response_type';
const NO_ORGANIZATION = 'parameter organization is required for this client';
const OTHER_IDENTIFIER = 'the following properties are not allowed: email';

test.each<[status: number, error: string, description: string, remedy: RegExp]>([
  [401, 'access_denied', 'Unauthorized', /clientID and clientSecret.*Credentials/],
  [403, 'unauthorized_client', CLIENT_AUTHENTICATION, /clientSecret.*"None"/],
  [403, 'unauthorized_client', OTP_NOT_ALLOWED, /Grant Types.*Passwordless OTP.*Authentication Profile/],
  [403, 'unauthorized_client', 'The redirect URI is wrong. You sent x', /Authentication Parameters.*redirect_uri/],
  [400, 'bad.connection', 'Connection is disabled', /Authentication > Passwordless/],
  [403, 'access_denied', 'Service not found: https://api.example.com', /audience.*Applications > APIs/],
  [400, 'invalid_request', NO_RESPONSE_TYPE, /Authentication Parameters.*response_type/],
  [400, 'invalid_request', NO_ORGANIZATION, /organization option/],
  [403, 'invalid_scope', '', /scope option/],
  [400, 'bad.request', OTHER_IDENTIFIER, /email address.*phone number.*connection option/],
  [400, 'bad.client_id', '', /clientID/],
  [400, 'bad.tenant', '', /domain/],
])('the configuration_error for %i %s, %j names the remedy: %s', async (status, error, error_description, remedy) => {
  const refused = await answer(status, { error, error_description });
  expect(refused).toMatchObject({ code: 'configuration_error', status: 500 });
  expect(refused.message).toMatch(remedy);
});

test.each([
  [403, 'access_denied', 'Your trial has expired. Please try to login again.'],
  [403, 'access_denied', EXPIRED],
  [403, 'access_denied', 'user is blocked'],
  [403, 'access_denied', 'Wrong email or verification code.'],
  [403, 'access_denied', TOO_MANY_TRIES],
  [403, 'access_denied', CLIENT_AUTHENTICATION],
  [403, 'access_denied', 'Public signup is disabled'],
  [403, 'access_denied', 'Service not found in your plan.'],
  [500, 'access_denied', 'We are closed on Sundays.'],
  [400, 'extensibility_error', 'We are closed on Sundays.'],
])("an Action's text (%i %s, %j) is the description of access_denied", async (status, error, description) => {
  const refused = await answer(status, { error, error_description: description });
  expect(refused).toMatchObject({ code: 'access_denied', status: 403, description });
  expect(refused.message).not.toContain(description);
});

test.each<[number, string, ErrorCode]>([
  [401, 'access_denied', 'configuration_error'],
  [500, 'access_denied', 'unexpected_response'],
  [429, 'access_denied', 'rate_limited'],
  [403, 'access_denied', 'access_denied'],
  [401, 'unauthorized', 'access_denied'],
  [400, 'bad.email', 'invalid_email'],
])('a start that Auth0 refuses with %i %s is %s, whatever the description says', (status, error, code) => {
  expect(startRefusalError({ status, error, description: 'Not you.' })).toMatchObject({ code });
});

test('access_denied without a text has no description member', async () => {
  expect('description' in (await answer(403, { error: 'access_denied' }))).toBe(false);
});

test.each([
  ['an unknown error', 400, { error: 'brand_new', error_description: 'x' }, '(400, brand_new)'],
  ['an error that is a sentence', 400, { error: 'Bad Request', message: 'x' }, '(400)'],
  ['an error that is not a string', 400, { error: { code: 'invalid_grant' } }, '(400)'],
  ['an empty body', 403, {}, '(403)'],
  ['a known error with a server status', 503, { error: 'mfa_required' }, '(503, mfa_required)'],
])('%s is an unexpected_response that names its status and code', async (_what, status, body, named) => {
  const refused = await answer(status, body);
  expect(refused).toMatchObject({ code: 'unexpected_response', status: 502 });
  expect(refused.message).toContain(named);
});

const invalidDelays = ['-5', 'soon', 'Wed, 21 Oct 2026 07:28:00 GMT', '1.5', '9'.repeat(400), '', ['1', '2']];

test.each<[string, headers: Record<string, unknown>, expected: object]>([
  ['retry-after', { 'retry-after': '7' }, { retryAfter: 7 }],
  ['retry-after 0', { 'retry-after': '0' }, { retryAfter: 0 }],
  ['nothing', {}, {}],
  ...invalidDelays.map((value): [string, object, object] => ['an invalid retry-after', { 'retry-after': value }, {}]),
  [
    'the trio',
    { 'x-ratelimit-limit': '50', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1000040' },
    { limit: 50, remaining: 0, resetAt: 1_000_040, retryAfter: 40 },
  ],
  [
    'a retry-after next to the trio',
    { 'retry-after': '9', 'x-ratelimit-reset': '1000040' },
    { retryAfter: 9, resetAt: 1_000_040 },
  ],
  ['a reset in the past', { 'x-ratelimit-reset': '999000' }, { resetAt: 999_000, retryAfter: 1 }],
  ['a malformed trio', { 'x-ratelimit-limit': '5e1', 'x-ratelimit-remaining': ' ', 'x-ratelimit-reset': 'NaN' }, {}],
])('rate_limited tells when to try again, from valid headers only: %s', async (_what, headers, expected) => {
  vi.useFakeTimers({ toFake: ['Date'], now: 1_000_000_000 });
  try {
    const { retryAfter, limit, remaining, resetAt } = await answer(429, { error: 'too_many_requests' }, headers);
    expect({ retryAfter, limit, remaining, resetAt }).toEqual(expected);
  } finally {
    vi.useRealTimers();
  }
});

test('an error response with Retry-After is rate_limited, whatever the error', async () => {
  const refused = await answer(403, { error: 'access_denied', error_description: 'x' }, { 'retry-after': '3' });
  expect(refused).toMatchObject({ code: 'rate_limited', retryAfter: 3 });
});

test('a server error with Retry-After is not rate_limited', async () => {
  expect(await answer(503, {}, { 'retry-after': '3' })).toMatchObject({ code: 'unexpected_response' });
});

const SECRET = 'ada@example.com otp=123456 token=eyJhbGciOi';

test('no error shows the text of an error response', async () => {
  const unknown: Row = [400, 'brand_new', '', 'unexpected_response'];
  for (const [status, error, description] of [...startRows, ...limitRows, ...tokenRows, unknown]) {
    const error_description = `${description} ${SECRET}`;
    const refused = await answer(status, { error, error_description, mfa_token: SECRET });
    // An Action's own text is passed on as `description`, and nowhere else.
    const text = shown(refused)
      .replaceAll(JSON.stringify(error_description), '')
      .replaceAll(`'${error_description}'`, '');
    if (refused.code === 'access_denied') expect(refused.message).not.toContain('ada@');
    else expect(text, `${status} ${error}`).not.toMatch(/ada@|123456|eyJ/);
  }
});

test.each(['ada@example.com', '123456', '+15555550100', 'a'.repeat(42)])(
  'an error does not show an error code that could be an identifier or a code: %s',
  (error) => {
    expect(shown(refusalError({ error, description: error, status: 400 }))).not.toContain(error);
  },
);

test('a hostile description of 300 kB does not stall the reader', () => {
  const hostile = ['or verification code'.repeat(15_000), 'connection '.repeat(27_000), ' '.repeat(300_000)];
  for (const error of ['invalid_grant', 'unauthorized', 'bad.connection', 'access_denied', 'a'.repeat(300_000)]) {
    for (const description of hostile) expect(refusalError({ error, description, status: 403 })).toBeDefined();
  }
});
