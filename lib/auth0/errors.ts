import { type ErrorDetails, type FailureCode, PasswordlessError } from '../errors.js';
import { epochSeconds } from '../time.js';
import type { Body, HttpResponse } from './http.js';
import { mfaRequiredError } from './mfa-required.js';

/** How Auth0 says no: in the body of an answer, or in the query of a link's callback. */
export interface Refusal {
  error: string;
  description: string;
  /** The HTTP status; none on a callback. */
  status?: number;
  headers?: HttpResponse['headers'];
  body?: Body;
}

const DASHBOARD = 'In the Auth0 Dashboard, Applications > your application';

const REMEDIES = {
  credentials: `Auth0 refused the client credentials. Check clientID and clientSecret (or clientAssertionSigningKey). ${DASHBOARD} > Credentials: the authentication method must be "Client Secret (Post)" for a secret, "Private Key JWT" for a key.`,
  clientAuthentication: `Auth0 wants the application to authenticate. Set clientSecret or clientAssertionSigningKey. ${DASHBOARD} > Credentials: the authentication method must not be "None".`,
  grant: `The application may not use this grant. ${DASHBOARD} > Advanced Settings > Grant Types: enable "Passwordless OTP" for codes, "Authorization Code" for links, "MFA" for a second factor and "Refresh Token" for refreshes. If they are enabled, look at Authentication > Authentication Profile: "Identifier First" is said to refuse codes in this way.`,
  audience:
    'Auth0 knows no API with this audience. Check the audience option against Applications > APIs in the Auth0 Dashboard.',
  connection: `Auth0 has no such passwordless connection for this application. Create it under Authentication > Passwordless in the Auth0 Dashboard, enable it for the application, and check the connection option.`,
  link: 'The link carried other parameters than the app sent. In the Auth0 Dashboard, Authentication > Passwordless > Email > Authentication Parameters: take out redirect_uri and response_type.',
  identifier: `The connection does not accept this kind of identifier: an email connection takes an email address, an SMS connection a phone number. Check the connection option of start() and the form.`,
  organization:
    'The application requires an organization, and none was asked for. Set the organization option and send a link, or in the Auth0 Dashboard, Applications > your application > Login Experience, let individuals sign in.',
  scope: 'Auth0 does not grant this scope. Check the scope option against the permissions of the API.',
  clientID: 'Auth0 does not know this clientID.',
  domain: 'Auth0 has no tenant at this domain.',
};

/**
 * The one place that turns what Auth0 says into an error. Branches on `error`, and on the description only where one
 * `error` means several things, since Auth0 may reword it.
 */
export function refusalError(refusal: Refusal): PasswordlessError {
  const { error, description, status } = refusal;
  const failure = (code: FailureCode) => new PasswordlessError(code);
  const configuration = (remedy: keyof typeof REMEDIES) =>
    new PasswordlessError('configuration_error', REMEDIES[remedy]);
  const denied = () => new PasswordlessError('access_denied', undefined, description ? { description } : {});

  // Brute-force protection has blocked the account: that lasts until it is unblocked, at most 30 days.
  if (error === 'too_many_attempts' && !isServerError(status)) {
    return new PasswordlessError('account_locked', undefined, rateLimit(refusal.headers));
  }
  if (isRateLimit(refusal)) return rateLimitError(refusal);
  // What a post-login Action denies has status 500, as a failure of Auth0's own has (nextjs-auth0#2512).
  const isDenied = status === 500 && error === 'access_denied';
  if (isServerError(status) && !isDenied) return unexpected(refusal);

  switch (error) {
    case 'mfa_required':
      return mfaRequiredError(refusal.body ?? {});
    case 'invalid_grant':
      return failure(codeFailure(description) ?? 'wrong_code');
    case 'unauthorized': {
      const code = codeFailure(description);
      if (code) return failure(code);
      return /^user is blocked/i.test(description) ? failure('user_blocked') : denied();
    }
    case 'access_denied':
      if (status === 401 && /^unauthorized$/i.test(description)) return configuration('credentials');
      return /^service not found: /i.test(description) ? configuration('audience') : denied();
    case 'extensibility_error':
      // What a pre-user-registration Action denies.
      return denied();
    case 'invalid_client':
      return configuration('credentials');
    case 'unauthorized_client':
      if (/client authentication/i.test(description)) return configuration('clientAuthentication');
      return configuration(/redirect uri/i.test(description) ? 'link' : 'grant');
    case 'invalid_request':
      if (/\borganization is required\b/i.test(description)) return configuration('organization');
      return /: response_type\b/i.test(description) ? configuration('link') : unexpected(refusal);
    case 'invalid_scope':
      return configuration('scope');
    case 'unsupported_grant_type':
      return configuration('grant');
    case 'unsupported_response_type':
      return configuration('link');
    case 'login_required':
    case 'interaction_required':
    case 'consent_required':
      return denied();
    case 'bad.connection':
      // Anything else is about the address (sign-ups disabled), and start tells nothing of it.
      return CONNECTION.test(description) ? configuration('connection') : denied();
    case 'bad.request':
      return NOT_ALLOWED.test(description) ? configuration('identifier') : unexpected(refusal);
    case 'bad.client_id':
      return configuration('clientID');
    case 'bad.tenant':
      return configuration('domain');
    case 'bad.email':
      return failure('invalid_email');
    case 'bad.phone_number':
      return failure('invalid_phone_number');
    case 'sms_provider_error':
    case 'email_provider_error':
      return failure('delivery_failed');
    case 'requires_verification':
    case 'invalid_captcha':
    case 'captcha_required':
      return failure('verification_required');
    default:
      return unexpected(refusal);
  }
}

/** {@link refusalError} for what sends a first code or link, where no post-login Action runs. */
export function startRefusalError(refusal: Refusal): PasswordlessError {
  if (refusal.error !== 'access_denied' || isRateLimit(refusal)) return refusalError(refusal);
  // Wrong credentials, in whatever words: read as a refusal of the address, nobody would learn of them.
  if (refusal.status === 401) return new PasswordlessError('configuration_error', REMEDIES.credentials);
  return refusal.status === 500 ? unexpected(refusal) : refusalError(refusal);
}

/** {@link refusalError} for a refresh, which has no code that could be wrong. */
export function refreshRefusalError(refusal: Refusal): PasswordlessError {
  if (refusal.error !== 'invalid_grant') return refusalError(refusal);
  return new PasswordlessError('access_denied', 'The refresh token is not good any more. Sign in again.');
}

/** {@link refusalError} for `/userinfo`, where an access token is the bearer: RFC 6750, section 3.1. */
export function userInfoRefusalError(refusal: Refusal): PasswordlessError {
  if (refusal.status !== 401) return refusalError(refusal);
  return new PasswordlessError(
    'access_denied',
    'The access token does not open /userinfo: it is over, or was granted without the scope openid.',
  );
}

const NOT_ALLOWED = /^the following properties are not allowed: (email|phone_number)$/i;

const CONNECTION =
  /^(missing required property: connection|(the )?connection (does not exist|is disabled|is not enabled)|invalid connection)/i;

/** The three ways in which a code fails; links carry the same codes, and say the same under `unauthorized`. */
function codeFailure(description: string): FailureCode | undefined {
  if (/maximum number of attempts/i.test(description)) return 'too_many_attempts';
  if (/verification code has expired/i.test(description)) return 'code_expired';
  if (/or verification code\b/i.test(description)) return 'wrong_code';
  return undefined;
}

const isServerError = (status: number | undefined) => status !== undefined && status >= 500;

const RATE_LIMITS = new Set(['too_many_requests', 'too_many_attempts', 'too_many_sms']);

function isRateLimit({ error, status, headers }: Refusal): boolean {
  if (status === 429 || RATE_LIMITS.has(error)) return true;
  return status !== undefined && status < 500 && headers?.['retry-after'] !== undefined;
}

export function rateLimitError({ headers }: Refusal): PasswordlessError {
  return new PasswordlessError('rate_limited', undefined, rateLimit(headers));
}

function rateLimit(headers: HttpResponse['headers'] = {}): ErrorDetails {
  const number = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
  };
  const resetAt = number('x-ratelimit-reset');
  const untilReset = resetAt === undefined ? undefined : Math.max(1, resetAt - epochSeconds());
  const details = {
    retryAfter: number('retry-after') ?? untilReset,
    limit: number('x-ratelimit-limit'),
    remaining: number('x-ratelimit-remaining'),
    resetAt,
  };
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}

/** An answer that no documented behaviour of Auth0 explains. Its text may hold an address, so only its code is told. */
function unexpected({ error, status }: Refusal): PasswordlessError {
  const what = [status, /^[a-z][a-z._-]{0,40}$/i.test(error) ? error : ''].filter(Boolean).join(', ');
  return new PasswordlessError(
    'unexpected_response',
    `Auth0 answered in an unexpected way (${what || 'no error code'}).`,
  );
}
