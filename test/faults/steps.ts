import { isPasswordlessError } from 'passport-auth0-passwordless';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import type { Response } from 'supertest';
import { ada, phone, setUp, type Setup } from '../support/app.js';
import { setUpMfa } from '../support/mfa.js';
import { passTime } from '../support/time.js';
import type { Step } from './table.js';

type App = Awaited<ReturnType<typeof setUp>>;
type Browser = ReturnType<App['browser']>;

/** Of a route, or what its error handler would make of a call. */
type Answer = Pick<Response, 'status' | 'text'> & { body: Record<string, unknown> };

/** A login as far as the step that is to fail. */
interface Prepared {
  tenant: LocalTenant;
  sent: App['sent'];
  browser: Browser;
  /** Takes the step. */
  attempt: () => PromiseLike<Answer>;
  /** Goes on with the login that was pending before; default: the step, taken again. */
  goOn?: () => PromiseLike<Answer>;
  /** To whom a message is sent, by start and resend. */
  to?: string;
}

const bob = 'bob@example.com';

type Options = NonNullable<Setup['strategy']>;
type Prepare = (strategy: Options) => Promise<Prepared>;

export const PREPARE: Record<Step, Prepare> = {
  start: async (strategy) => {
    const app = await withCode({ strategy });
    return { ...app, attempt: () => app.browser.post('/start').send({ email: bob }), goOn: app.type, to: bob };
  },
  resend: async (strategy) => {
    const app = await withCode({ strategy });
    return { ...app, attempt: () => app.browser.post('/resend'), goOn: app.type, to: ada };
  },
  code: async (strategy) => {
    const app = await withCode({ strategy });
    return { ...app, attempt: app.type };
  },
  'signing keys': async (strategy) => {
    const app = await withCode({ strategy });
    return { ...app, attempt: app.type };
  },
  userinfo: async (strategy) => {
    const app = await withCode({ strategy: { ...strategy, fetchUserInfo: true } });
    return { ...app, attempt: app.type };
  },
  'callback of a link': async (strategy) => {
    const app = await setUp({ strategy });
    const browser = app.browser();
    await browser.post('/link').send({ email: ada });
    const callback = await app.openLink();
    return { ...app, browser, attempt: () => browser.get(callback) };
  },
  'authenticator app': async (strategy) => {
    const app = await setUpMfa([{ type: 'otp' }], { strategy });
    const otp = app.tenant.totp(ada);
    return { ...app, browser: app.agent, attempt: () => app.agent.post('/mfa').send({ otp }) };
  },
  'code by SMS': async (strategy) => {
    const { challenge, ...app } = await withFactor('sms', strategy);
    await challenge();
    const otp = app.code(phone);
    return { ...app, attempt: () => app.browser.post('/mfa').send({ otp }) };
  },
  'recovery code': async (strategy) => {
    const app = await setUpMfa([{ type: 'otp' }, { type: 'recovery-code' }], { strategy });
    const recovery_code = app.tenant.recoveryCode(ada);
    return { ...app, browser: app.agent, attempt: () => app.agent.post('/mfa').send({ recovery_code }) };
  },
  'poll of a push': async (strategy) => {
    const { challenge, ...app } = await withFactor('push', strategy);
    await challenge();
    app.tenant.approvePush(ada);
    const attempt = () => app.browser.post('/mfa');
    const goOn = () => {
      // A poll that comes early makes no call.
      passTime(6);
      return attempt();
    };
    return { ...app, attempt, goOn };
  },
  'mfa.list': async (strategy) => {
    const app = await setUpMfa([{ type: 'otp' }], { strategy });
    return { ...app, browser: app.agent, attempt: () => app.agent.get('/mfa/list') };
  },
  'mfa.challenge': async (strategy) => {
    const { challenge, ...app } = await withFactor('sms', strategy);
    return { ...app, attempt: challenge };
  },
  'mfa.enroll': async (strategy) => {
    const app = await setUpMfa([], { strategy, tenant: { mfaFactors: ['otp'] } });
    return { ...app, browser: app.agent, attempt: () => app.agent.post('/mfa/enroll').send({ type: 'otp' }) };
  },
  'start for a database connection': async (strategy) => {
    const tenant = {
      connections: [{ name: 'users', strategy: 'auth0' as const, otp: true }],
      users: [ada, bob].map((email) => ({ email, connection: 'users' })),
    };
    const app = await withCode({ strategy, tenant, route: { connection: { database: 'users' } } });
    return { ...app, attempt: () => app.browser.post('/start').send({ email: bob }), goOn: app.type };
  },
  refresh: async (strategy) => {
    const { refreshToken, ...app } = await withTokens(strategy);
    return { ...app, attempt: () => answerOf(() => app.strategy.auth0.refresh(refreshToken)) };
  },
  revoke: async (strategy) => {
    const { refreshToken, ...app } = await withTokens(strategy);
    return { ...app, attempt: () => answerOf(() => app.strategy.auth0.revoke(refreshToken)) };
  },
  'factors.remove': async (strategy) => {
    const { refreshToken, ...app } = await withTokens(strategy);
    const asked = { audience: `${app.tenant.domain}/mfa/`, scope: 'remove:authenticators' };
    const { accessToken } = await app.strategy.auth0.refresh(refreshToken, asked);
    for (const user of app.tenant.users) user.factors = [{ type: 'otp', id: 'totp|1' }];
    return { ...app, attempt: () => answerOf(() => app.strategy.factors.remove(accessToken, 'totp|1')) };
  },
};

/** A code is on its way to Ada; `type` types it. */
async function withCode(setup: Setup) {
  const app = await setUp(setup);
  const browser = app.browser();
  await browser.post('/start').send({ email: ada });
  const otp = app.code();
  return { ...app, browser, type: () => browser.post('/code').send({ otp }) };
}

/** Ada is signed in, and her app keeps a refresh token. */
async function withTokens(strategy: Options) {
  let refreshToken = '';
  const app = await withCode({
    strategy: { ...strategy, scope: 'openid offline_access' },
    verify: (tokens, { id }) => {
      refreshToken = tokens.refreshToken ?? '';
      return Promise.resolve({ id });
    },
  });
  await app.type();
  return { ...app, refreshToken };
}

/** What comes of a call that an app makes by itself, as its error handler would tell it. */
async function answerOf(call: () => Promise<unknown>): Promise<Answer> {
  try {
    await call();
    return { status: 200, body: {}, text: '' };
  } catch (error) {
    if (!isPasswordlessError(error)) throw error;
    const text = JSON.stringify({ error });
    return { status: error.status, body: JSON.parse(text) as Answer['body'], text };
  }
}

/** A second factor is wanted, and what Ada has was listed; `challenge` asks for it. */
async function withFactor(channel: 'sms' | 'push', strategy: Options) {
  const app = await setUpMfa([{ type: channel }], { strategy });
  const { body } = await app.agent.get('/mfa/list');
  const authenticator_id = (body as { id: string; channel?: string }[]).find((each) => each.channel === channel)?.id;
  return { ...app, browser: app.agent, challenge: () => app.agent.post('/mfa/challenge').send({ authenticator_id }) };
}

/** The tenant sends a code after all. */
export async function sendLate({ domain, clientID, clientSecret, inbox }: LocalTenant, to: string): Promise<string> {
  await fetch(`${domain}/passwordless/start`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      ...{ client_id: clientID, client_secret: clientSecret, connection: 'email', email: to, send: 'code' },
    }),
  });
  return inbox.latest(to)?.code ?? '';
}
