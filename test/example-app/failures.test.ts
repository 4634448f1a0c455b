import { type FailureCode, PasswordlessError } from 'passport-auth0-passwordless';
import type { LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import type { Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import { signInPage } from '../../example-app/views/sign-in.js';
import { passTime } from '../support/time.js';
import { ada, type Browser, hosts, setUp, textOf } from './support.js';

type Steps = (user: Browser, tenant: LocalTenant) => Promise<Response>;
type Meanwhile = (tenant: LocalTenant) => void;

interface Case {
  tenant?: LocalTenantOptions;
  steps: Steps;
  /** The app's own words, if it has any. */
  sentence?: string;
}

const rightCode = ({ inbox }: LocalTenant) => inbox.latest(ada)?.code ?? '';
const start =
  (fields: Record<string, string>, headers = {}): Steps =>
  async (user) => {
    await user.get('/login');
    return user.submit('/login', fields, { headers });
  };
const callback =
  (query: string): Steps =>
  (user) =>
    user.get(`/login/callback${query}`);
const code =
  (otp: string | typeof rightCode, meanwhile?: Meanwhile): Steps =>
  async (user, tenant) => {
    await user.ask({ email: ada });
    meanwhile?.(tenant);
    return user.submit('/login/code', { otp: typeof otp === 'string' ? otp : otp(tenant) });
  };
/** Lets Auth0 answer the next request to a path with this. */
const answer =
  (path: string, status: number, error: string, error_description?: string): Meanwhile =>
  (tenant) => {
    tenant.fault({ path, respond: { status, body: { error, error_description } } });
  };
const startAnswered =
  (status: number, error: string): Steps =>
  (user, tenant) => {
    answer('/passwordless/start', status, error)(tenant);
    return start({ email: ada })(user, tenant);
  };

/** A second factor of this type, up to the response to its proof. */
function second(type: 'otp' | 'push', meanwhile: Meanwhile, path = '/login/mfa/answer'): Case {
  return {
    tenant: { users: [{ email: ada, factors: [{ type }] }], mfa: 'always' },
    steps: async (user, tenant) => {
      await code(rightCode)(user, tenant);
      await user.get('/login/mfa');
      if (path === '/login/mfa/challenge') return user.submit(path, { authenticator_id: 'nobody' });
      await user.submit('/login/mfa/challenge');
      await user.get('/login/mfa/answer');
      meanwhile(tenant);
      return user.submit(path, type === 'otp' ? { otp: '123456' } : {});
    },
  };
}

/** Failures that cannot happen with the settings and the routes of this app. */
const neverHere = [
  'mfa_required', // leads to the second factor
  'method_not_allowed', // only HEAD, which has no page
  'organization_mismatch',
  'refused',
  'subject_mismatch',
  'transaction_invalid', // the session is on the server
] as const satisfies FailureCode[];

const cases: Record<Exclude<FailureCode, (typeof neverHere)[number]>, Case> = {
  identifier_missing: { steps: start({}) },
  invalid_email: { steps: start({ email: 'ada' }) },
  invalid_phone_number: { steps: start({ phone_number: '12' }) },
  code_missing: { steps: code('') },
  callback_incomplete: { steps: callback(''), sentence: 'This sign-in link is incomplete. Ask for a new one.' },
  cross_site_request: { steps: start({ email: ada }, { 'Sec-Fetch-Site': 'cross-site' }) },
  wrong_code: { steps: code('000000') },
  code_expired: {
    steps: code(rightCode, ({ clock }) => {
      clock.advance(181);
    }),
  },
  too_many_attempts: {
    steps: async (user, tenant) => {
      await code('000000')(user, tenant);
      await user.submit('/login/code', { otp: '000000' });
      return user.submit('/login/code', { otp: '000000' });
    },
  },
  mfa_pending: { ...second('push', () => undefined), sentence: 'Your phone has not answered yet.' },
  mfa_rejected: second('push', (tenant) => {
    tenant.rejectPush(ada);
  }),
  mfa_expired: second('otp', ({ clock }) => {
    clock.advance(301);
  }),
  invalid_factor: second('otp', () => undefined, '/login/mfa/challenge'),
  enrollment_required: second('otp', answer('/oauth/token', 403, 'association_required')),
  already_enrolled: second('otp', answer('/oauth/token', 403, 'access_denied', 'User is already enrolled.')),
  account_locked: { steps: code(rightCode, answer('/oauth/token', 429, 'too_many_attempts')) },
  user_blocked: {
    tenant: { users: [{ email: ada }] },
    steps: code(rightCode, ({ users }) => {
      for (const user of users) user.blocked = true;
    }),
  },
  access_denied: {
    steps: code(rightCode, answer('/oauth/token', 403, 'access_denied', 'Not on Sundays.')),
    sentence: 'Access was denied. Not on Sundays. Use another account',
  },
  verification_required: {
    steps: startAnswered(400, 'requires_verification'),
    sentence: 'An extra check is needed, which this page cannot show.',
  },
  delivery_failed: { steps: startAnswered(400, 'sms_provider_error') },
  transaction_missing: {
    steps: async (user) => {
      await user.get('/login');
      return user.post('/login/code', { _csrf: user.csrf, otp: '123456' });
    },
  },
  transaction_expired: {
    steps: code(rightCode, () => {
      passTime(601);
    }),
  },
  link_opened_elsewhere: { steps: callback('?state=a&code=b') },
  state_mismatch: {
    steps: async (user, tenant) => {
      await user.ask({ email: ada, send: 'link' });
      return callback('?state=a&code=b')(user, tenant);
    },
  },
  rate_limited: { steps: startAnswered(429, 'too_many_requests') },
  resend_too_soon: {
    steps: async (user) => {
      await user.ask({ email: ada });
      return user.submit('/login/resend');
    },
  },
};

describe.each(hosts)('on $host', ({ createApp }) => {
  test.each(Object.entries(cases))(
    '%s is shown with its status and its message',
    async (failure, { steps, ...rest }) => {
      const { status, message } = new PasswordlessError(failure as FailureCode);
      const { tenant, browser } = await setUp(createApp, { tenant: rest.tenant });
      const page = await steps(browser(), tenant);
      expect(page.status).toBe(status);
      expect(textOf(page)).toContain(rest.sentence ?? message);
      expect(page.text).toMatch(/role="(alert|status)"[^>]*>[^<]+</);
    },
  );
});

test.each(neverHere)('%s would be shown with its message', (code) => {
  const { message } = new PasswordlessError(code);
  const { main } = signInPage({ session: {}, query: {} }, { code, message });
  expect(main.markup).toContain(`role="alert" id="alert">${message}`);
});
