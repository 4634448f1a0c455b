import type { FailureCode } from 'passport-auth0-passwordless';
import type { Fault } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { FAILURES } from '../../../lib/errors.js';
import { passTime } from '../../support/time.js';
import { ada, type App, type Browser, setUp, type Setup } from '../../support/app.js';
import type { Host, Step } from '../../support/host.js';
import { needFactor } from './mfa.js';

interface Case {
  setup?: Setup;
  /** Up to the request that fails. */
  before?: (browser: Browser, app: App) => Promise<void> | void;
  step: Step;
  method?: 'get';
  query?: string;
  headers?: Record<string, string>;
  body?: object | ((app: App) => object);
  /** Where it is not the one of the code. */
  message?: RegExp;
  /** Of the second step, for which a session in a cookie has no room. */
  mfa?: true;
}

const start = async (browser: Browser) => {
  await browser.post('/start').send({ email: ada });
};
const startLink = async (browser: Browser) => {
  await browser.post('/link').send({ email: ada });
};
const challengePush = async (browser: Browser) => {
  const { body } = await browser.get('/mfa/list');
  const { id } = (body as { id: string; channel?: string }[]).find(({ channel }) => channel === 'push') ?? {};
  await browser.post('/mfa/challenge').send({ authenticator_id: id });
};
const fails = (path: string, status: number, body: object) => (_browser: Browser, app: App) => {
  const fault: Fault = { path, respond: { status, body } };
  app.tenant.fault(fault);
};
const email = { email: ada };
const rightCode = (app: App) => ({ otp: app.code() });

/** How each comes about. Those that only Auth0's own answers bring about are brought about by such an answer. */
const cases: Record<Exclude<FailureCode, 'subject_mismatch'>, Case> = {
  identifier_missing: { step: 'start', body: {} },
  invalid_email: { step: 'start', body: { email: 'ada' } },
  invalid_phone_number: { step: 'start', body: { phone_number: '020 7946' } },
  code_missing: { before: start, step: 'code', body: {} },
  callback_incomplete: { step: 'callback', method: 'get', message: /response_type/ },
  method_not_allowed: { step: 'start', method: 'get' },
  cross_site_request: { step: 'start', headers: { 'Sec-Fetch-Site': 'cross-site' }, body: email },
  wrong_code: { before: start, step: 'code', body: { otp: '000000' } },
  code_expired: {
    before: async (browser, app) => {
      await start(browser);
      app.tenant.clock.advance(181);
    },
    step: 'code',
    body: rightCode,
  },
  too_many_attempts: {
    before: async (browser) => {
      await start(browser);
      for (const otp of ['000000', '000000', '000000']) await browser.post('/code').send({ otp });
    },
    step: 'code',
    body: rightCode,
  },
  mfa_required: { mfa: true, step: 'code', body: {} },
  mfa_pending: { mfa: true, before: challengePush, step: 'mfa', body: {} },
  mfa_rejected: {
    mfa: true,
    before: async (browser, app) => {
      await challengePush(browser);
      app.tenant.rejectPush(ada);
    },
    step: 'mfa',
    body: {},
  },
  mfa_expired: {
    mfa: true,
    before: (_browser, app) => {
      app.tenant.clock.advance(301);
    },
    step: 'mfa',
    body: { otp: '123456' },
  },
  invalid_factor: { mfa: true, step: 'mfa', body: { recovery_code: 'ABCDEFGH' } },
  enrollment_required: {
    mfa: true,
    before: fails('/oauth/token', 403, { error: 'association_required', error_description: 'User is not enrolled' }),
    step: 'mfa',
    body: { otp: '123456' },
  },
  already_enrolled: {
    mfa: true,
    before: fails('/oauth/token', 403, { error: 'access_denied', error_description: 'User is already enrolled.' }),
    step: 'mfa',
    body: { otp: '123456' },
  },
  account_locked: {
    before: async (browser, app) => {
      await start(browser);
      fails('/oauth/token', 429, { error: 'too_many_attempts' })(browser, app);
    },
    step: 'code',
    body: rightCode,
  },
  user_blocked: {
    before: async (browser, app) => {
      await start(browser);
      fails('/oauth/token', 401, { error: 'unauthorized', error_description: 'user is blocked' })(browser, app);
    },
    step: 'code',
    body: rightCode,
  },
  access_denied: {
    before: async (browser, app) => {
      await start(browser);
      fails('/oauth/token', 403, { error: 'access_denied', error_description: 'Not on Sundays.' })(browser, app);
    },
    step: 'code',
    body: rightCode,
  },
  organization_mismatch: {
    setup: { strategy: { organization: 'org_other' } },
    before: startLink,
    step: 'callback',
    method: 'get',
    query: 'of the link',
  },
  verification_required: {
    before: fails('/passwordless/start', 400, { error: 'requires_verification' }),
    step: 'start',
    body: email,
  },
  delivery_failed: {
    before: fails('/passwordless/start', 400, { error: 'sms_provider_error' }),
    step: 'start',
    body: email,
  },
  refused: { setup: { verify: () => Promise.resolve(false) }, before: start, step: 'code', body: rightCode },
  transaction_missing: { step: 'code', body: { otp: '123456' } },
  transaction_expired: {
    before: async (browser) => {
      await start(browser);
      passTime(601);
    },
    step: 'code',
    body: rightCode,
  },
  transaction_invalid: {
    before: async (browser) => {
      await start(browser);
      await browser.get('/tamper');
    },
    step: 'code',
    body: rightCode,
  },
  link_opened_elsewhere: { step: 'callback', method: 'get', query: '?state=a&code=b' },
  state_mismatch: { before: startLink, step: 'callback', method: 'get', query: '?state=a&code=b' },
  rate_limited: {
    before: fails('/passwordless/start', 429, { error: 'too_many_requests' }),
    step: 'start',
    body: email,
  },
  resend_too_soon: { setup: { strategy: { resendCooldown: 30 } }, before: start, step: 'resend', body: {} },
};

/** A plain failure, one with extra facts, and one of the second factor: how a host shows a failure depends on no more. */
const SHAPES = ['identifier_missing', 'resend_too_soon', 'mfa_pending'];

export function failureScenarios(host: Host, isReference: boolean) {
  const possible = Object.entries(cases).filter(
    ([code, { mfa }]) => (isReference || SHAPES.includes(code)) && !(mfa && host.sessions === 'cookie'),
  );

  describe('failures', () => {
    describe.each(possible)(
      '%s',
      (code, { setup, before, step, method = 'post', query, headers = {}, body, ...rest }) => {
        const [status, usual] = FAILURES[code as FailureCode];
        const message = rest.message ? expect.stringMatching(rest.message) : usual;

        async function fail(base: '/pages' | '') {
          const app = rest.mfa
            ? await needFactor(host, [{ type: 'otp' }, { type: 'push' }])
            : await setUp({ host, ...setup });
          const browser = 'required' in app ? app.browser : app.browser();
          const all = { ...app, browser: app.browser } as App;
          await before?.(browser, all);
          const path = query === 'of the link' ? await app.openLink() : `/${step}${query ?? ''}`;
          const url = base + path;
          const request = method === 'get' ? browser.get(url) : browser.post(url);
          const response = await request.set(headers).send(typeof body === 'function' ? body(all) : body);
          return { response, browser, reached: app.reached };
        }

        test('redirects, and leaves its message', async () => {
          const { response, browser, reached } = await fail('/pages');
          expect([response.status, response.headers.location]).toEqual(
            code === 'mfa_required' ? [303, '/pending'] : [302, '/messages'],
          );
          expect(reached).toEqual([]);
          const { messages } = (await browser.get('/messages')).body;
          expect(messages).toEqual(code === 'mfa_required' ? [] : [message]);
          expect((await browser.get('/me')).body).toEqual({ user: null });
        });

        test(`is the info of a custom callback, with ${status}`, async () => {
          const { response, browser } = await fail('');
          expect([response.status, response.body]).toEqual([status, expect.objectContaining({ code, message })]);
          expect((await browser.get('/me')).body).toEqual({ user: null });
        });
      },
    );
  });
}
