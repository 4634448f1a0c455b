import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import type { Misbehaviour } from './servers.js';

// Every fault between the app and Auth0, by step of a login, with its outcome. The tests run this table, and
// docs/reliability.md shows it.

type Respond = Parameters<LocalTenant['fault']>[0]['respond'];

/** HTTP status of each outcome. */
export const STATUS = {
  works: 200,
  rate_limited: 429,
  unexpected_response: 502,
  transport_error: 503,
  timeout: 504,
};

type Outcome = keyof typeof STATUS;

/** The effect on the transaction. `asked`: it is that of the start or resend, although no response confirms it. */
type Effect = 'kept' | 'gone' | 'asked';

interface Expected {
  outcome: Outcome;
  effect: Effect;
}

interface StepOfLogin {
  /** The endpoint that fails. */
  path: string;
  /** The effect of a failed call on the transaction. */
  effect: 'kept' | 'gone';
}

const kept = (path: string): StepOfLogin => ({ path, effect: 'kept' });
const gone = (path: string): StepOfLogin => ({ path, effect: 'gone' });

export const STEPS = {
  start: kept('/passwordless/start'),
  resend: kept('/passwordless/start'),
  code: kept('/oauth/token'),
  'authenticator app': kept('/oauth/token'),
  'code by SMS': kept('/oauth/token'),
  'recovery code': kept('/oauth/token'),
  'poll of a push': kept('/oauth/token'),
  'mfa.list': kept('/mfa/authenticators'),
  'mfa.challenge': kept('/mfa/challenge'),
  'mfa.enroll': kept('/mfa/associate'),
  'start for a database connection': kept('/otp/challenge'),
  refresh: kept('/oauth/token'),
  revoke: kept('/oauth/revoke'),
  'factors.remove': kept('/mfa/authenticators/totp%7C1'),
  'callback of a link': gone('/oauth/token'),
  'signing keys': gone('/.well-known/jwks.json'),
  userinfo: gone('/userinfo'),
} satisfies Record<string, StepOfLogin>;

export type Step = keyof typeof STEPS;

/** Steps on which every fault has the same effect: the columns of the table. Every fault is tested at the first. */
export const GROUPS: [title: string, steps: [Step, ...Step[]]][] = [
  ['start, resend', ['start', 'resend']],
  [
    'code, second factor, poll of a push',
    ['code', 'authenticator app', 'code by SMS', 'recovery code', 'poll of a push'],
  ],
  ['`mfa.list`, `mfa.challenge`, `mfa.enroll`', ['mfa.list', 'mfa.challenge', 'mfa.enroll']],
  ['start for a database connection, `refresh`', ['start for a database connection', 'refresh']],
  ['`revoke`, `factors.remove`', ['revoke', 'factors.remove']],
  ['callback of a link', ['callback of a link']],
  ['signing keys, `/userinfo`', ['signing keys', 'userinfo']],
];

const EXCHANGES = GROUPS[1]?.[1] ?? [];

export interface Fault {
  name: string;
  /** Its cause: the tenant's fault switch, or a server of the tests in the tenant's place. */
  by: { tenant: Respond } | { server: Misbehaviour };
  outcome: Outcome;
  /** Requests that arrive; default: 1, because nothing is sent twice. */
  arrive?: 0 | 1;
  /** Facts that the outcome carries. */
  facts?: Record<string, number>;
  /** The reason that the message names. */
  reason?: string;
  /** Steps with another outcome or effect. */
  except?: { steps: readonly Step[]; outcome?: Outcome; effect?: Effect }[];
}

const html = (status: number, headers: Record<string, string> = {}): Respond => ({
  status,
  headers: { 'content-type': 'text/html', ...headers },
  body: `<html><h1>${status}</h1></html>`,
});

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Respond => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
});

const limit = (headers: Record<string, string>): Respond =>
  json(429, { error: 'too_many_requests', error_description: 'Global limit has been reached' }, headers);

const SENDING = ['start', 'resend'] as const;

/** Whatever JSON a 2xx has, the message was sent. */
const sent = { steps: SENDING, outcome: 'works', effect: 'asked' } as const;

/** The same for calls that read nothing from the response. */
const done = { steps: ['revoke', 'factors.remove'], outcome: 'works' } as const;

/** The message may still arrive. */
const unanswered = { steps: SENDING, effect: 'asked' } as const;

/** A 200 with any object means that the code was consumed. */
const spent = { steps: EXCHANGES, effect: 'gone' } as const;

const WRONG_TYPES = {
  ...{ access_token: 1, id_token: {}, token_type: [], expires_in: 'soon', refresh_token: 1, recovery_code: {} },
  ...{ oob_code: 1, binding_method: {}, secret: 1, barcode_uri: {}, recovery_codes: 'x', keys: 'x', sub: {} },
};

export const FAULTS: Fault[] = [
  {
    name: 'connection refused',
    by: { server: 'refused' },
    outcome: 'transport_error',
    reason: '(ECONNREFUSED)',
    arrive: 0,
  },
  { name: 'name not found (DNS)', by: { server: 'nameless' }, outcome: 'transport_error', arrive: 0 },
  {
    name: 'TLS: certificate not trusted',
    by: { server: 'untrusted' },
    outcome: 'transport_error',
    reason: '(DEPTH_ZERO_SELF_SIGNED_CERT)',
    arrive: 0,
  },
  {
    name: 'TLS: certificate of another host',
    by: { server: 'otherHost' },
    outcome: 'transport_error',
    reason: '(ERR_TLS_CERT_ALTNAME_INVALID)',
    arrive: 0,
  },
  {
    name: 'TLS: handshake never answered',
    by: { server: 'silentTLS' },
    outcome: 'timeout',
    arrive: 0,
    except: [unanswered],
  },
  {
    name: 'kept-alive socket closed just before its next use',
    by: { server: 'closedIdle' },
    outcome: 'works',
    except: [sent],
  },
  {
    name: 'kept-alive socket closed as the request arrives',
    by: { server: 'closedOnUse' },
    outcome: 'transport_error',
  },
  { name: 'closed before the answer', by: { tenant: 'reset' }, outcome: 'transport_error' },
  { name: 'reset before the answer', by: { server: 'reset' }, outcome: 'transport_error' },
  { name: 'reset in the body', by: { server: 'resetInBody' }, outcome: 'transport_error' },
  { name: 'truncated', by: { tenant: 'truncate' }, outcome: 'transport_error' },
  { name: 'not HTTP', by: { server: 'notHTTP' }, outcome: 'transport_error' },
  { name: 'never answered', by: { tenant: 'timeout' }, outcome: 'timeout', except: [unanswered] },
  { name: 'silent after the headers', by: { server: 'silentBody' }, outcome: 'timeout', except: [unanswered] },
  { name: '200, not JSON', by: { tenant: html(200) }, outcome: 'unexpected_response' },
  {
    name: '200, JSON that is no object',
    by: { tenant: json(200, null) },
    outcome: 'unexpected_response',
    except: [sent, done],
  },
  {
    name: '200, members of the wrong types',
    by: { tenant: json(200, WRONG_TYPES) },
    outcome: 'unexpected_response',
    except: [sent, done, spent],
  },
  {
    name: '200, 8 MB',
    by: { tenant: { status: 200, body: JSON.stringify('x'.repeat(8 * 1024 * 1024)) } },
    outcome: 'unexpected_response',
  },
  { name: 'a redirect', by: { tenant: json(302, {}, { location: '/userinfo' }) }, outcome: 'unexpected_response' },
  {
    name: '400, members of the wrong types',
    by: { tenant: json(400, { error: { a: 1 }, error_description: [], code: 7 }) },
    outcome: 'unexpected_response',
  },
  { name: '403 in HTML', by: { tenant: html(403) }, outcome: 'unexpected_response' },
  { name: '500 in HTML', by: { tenant: html(500) }, outcome: 'unexpected_response' },
  { name: '502 in HTML', by: { tenant: html(502) }, outcome: 'unexpected_response' },
  { name: '503 in HTML', by: { tenant: html(503, { 'retry-after': '7' }) }, outcome: 'unexpected_response' },
  {
    name: '429 with `retry-after`',
    by: {
      tenant: limit({
        'retry-after': '7',
        'x-ratelimit-limit': '50',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': '1900000000',
      }),
    },
    outcome: 'rate_limited',
    facts: { retryAfter: 7, limit: 50, remaining: 0, resetAt: 1900000000 },
  },
  { name: '429 without', by: { tenant: limit({}) }, outcome: 'rate_limited' },
  {
    name: '429 with nonsense',
    by: { tenant: limit({ 'retry-after': 'soon', 'x-ratelimit-limit': '-1', 'x-ratelimit-reset': '1e9' }) },
    outcome: 'rate_limited',
  },
  { name: '429 in HTML', by: { tenant: html(429) }, outcome: 'rate_limited' },
];

/** The faults for every step: a failure of each kind, and a response that consumes a code. */
export const REPRESENTATIVE = FAULTS.filter(({ name }) =>
  ['kept-alive socket closed as the request arrives', 'never answered', '200, members of the wrong types'].includes(
    name,
  ),
);

export function expected({ outcome, except = [] }: Fault, step: Step): Expected {
  const exception = except.find(({ steps }) => steps.includes(step));
  return { outcome: exception?.outcome ?? outcome, effect: exception?.effect ?? STEPS[step].effect };
}

/** The table as docs/reliability.md shows it. */
export function rows(): string[][] {
  const cell = (fault: Fault, steps: Step[]) => {
    const [one = '', ...others] = new Set(steps.map((step) => effectOf(fault, step)));
    if (others.length > 0)
      throw new Error(`"${fault.name}" has not the same effect on these steps: ${steps.join(', ')}`);
    return one;
  };
  return [
    ['Fault', 'Outcome', ...GROUPS.map(([title]) => title)],
    ...FAULTS.map((fault) => [
      fault.name,
      fault.outcome === 'works' ? 'none' : `\`${fault.outcome}\``,
      ...GROUPS.map(([, steps]) => cell(fault, steps)),
    ]),
  ];
}

function effectOf(fault: Fault, step: Step): string {
  const { outcome, effect } = expected(fault, step);
  return outcome === 'works' ? 'works' : effect;
}
