import { isPasswordlessError } from 'passport-auth0-passwordless';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import type { Response } from 'supertest';
import { ada, type App, type Browser, phone, type Setup, setUpCode, setUpLink } from '../support/app.js';
import { setUpMfa } from '../support/mfa.js';
import { passTime } from '../support/time.js';
import type { Step } from './table.js';

/** Of a route, or what its error handler would make of a call. */
type Answer = Pick<Response, 'status' | 'text'> & { body: Record<string, unknown> };

/** A login as far as the step that fails. */
interface Prepared {
  tenant: LocalTenant;
  sent: App['sent'];
  agent: Browser;
  /** Takes the step. */
  attempt: () => PromiseLike<Answer>;
  /** Continues the login that was pending before; default: the step, taken again. */
  goOn?: () => PromiseLike<Answer>;
  /** The recipient of the message that start and resend send. */
  to?: string;
}

const bob = 'bob@example.com';

type Options = NonNullable<Setup['strategy']>;
type Prepare = (strategy: Options) => Promise<Prepared>;

const code: Prepare = async (strategy) => {
  const app = await withCode({ strategy });
  return { ...app, attempt: app.type };
};

export const PREPARE: Record<Step, Prepare> = {
  start: async (strategy) => {
    const app = await withCode({ strategy });
    return { ...app, attempt: () => app.agent.post('/start').send({ email: bob }), goOn: app.type, to: bob };
  },
  resend: async (strategy) => {
    const app = await withCode({ strategy });
    return { ...app, attempt: () => app.agent.post('/resend'), goOn: app.type, to: ada };
  },
  code,
  'signing keys': code,
  userinfo: (strategy) => code({ ...strategy, fetchUserInfo: true }),
  'callback of a link': async (strategy) => {
    const app = await setUpLink({ strategy });
    const callback = await app.openLink();
    return { ...app, attempt: () => app.agent.get(callback) };
  },
  'authenticator app': async (strategy) => {
    const app = await setUpMfa([{ type: 'otp' }], { strategy });
    const otp = app.tenant.totp(ada);
    return { ...app, attempt: () => app.agent.post('/mfa').send({ otp }) };
  },
  'code by SMS': async (strategy) => {
    const app = await withFactor('sms', strategy);
    await app.challenge();
    const otp = app.code(phone);
    return { ...app, attempt: () => app.agent.post('/mfa').send({ otp }) };
  },
  'recovery code': async (strategy) => {
    const app = await setUpMfa([{ type: 'otp' }, { type: 'recovery-code' }], { strategy });
    const recovery_code = app.tenant.recoveryCode(ada);
    return { ...app, attempt: () => app.agent.post('/mfa').send({ recovery_code }) };
  },
  'poll of a push': async (strategy) => {
    const app = await withFactor('push', strategy);
    await app.challenge();
    app.tenant.approvePush(ada);
    const attempt = () => app.agent.post('/mfa');
    const goOn = () => {
      // A poll that comes early makes no call.
      passTime(6);
      return attempt();
    };
    return { ...app, attempt, goOn };
  },
  'mfa.list': async (strategy) => {
    const app = await setUpMfa([{ type: 'otp' }], { strategy });
    return { ...app, attempt: () => app.agent.get('/mfa/list') };
  },
  'mfa.challenge': async (strategy) => {
    const app = await withFactor('sms', strategy);
    return { ...app, attempt: app.challenge };
  },
  'mfa.enroll': async (strategy) => {
    const app = await setUpMfa([], { strategy, tenant: { mfaFactors: ['otp'] } });
    return { ...app, attempt: () => app.agent.post('/mfa/enroll').send({ type: 'otp' }) };
  },
  'start for a database connection': async (strategy) => {
    const tenant = {
      connections: [{ name: 'users', strategy: 'auth0' as const, otp: true }],
      users: [ada, bob].map((email) => ({ email, connection: 'users' })),
    };
    const app = await withCode({ strategy, tenant, route: { connection: { database: 'users' } } });
    return { ...app, attempt: () => app.agent.post('/start').send({ email: bob }), goOn: app.type };
  },
  refresh: async (strategy) => {
    const app = await withRefreshToken(strategy);
    return { ...app, attempt: () => answerOf(app.strategy.auth0.refresh(app.refreshToken)) };
  },
  revoke: async (strategy) => {
    const app = await withRefreshToken(strategy);
    return { ...app, attempt: () => answerOf(app.strategy.auth0.revoke(app.refreshToken)) };
  },
  'factors.remove': async (strategy) => {
    const { refreshToken, ...app } = await withRefreshToken(strategy);
    const asked = { audience: `${app.tenant.domain}/mfa/`, scope: 'remove:authenticators' };
    const { accessToken } = await app.strategy.auth0.refresh(refreshToken, asked);
    for (const user of app.tenant.users) user.factors = [{ type: 'otp', id: 'totp|1' }];
    return { ...app, attempt: () => answerOf(app.strategy.factors.remove(accessToken, 'totp|1')) };
  },
};

/** A code was sent to Ada; `type` types it. */
async function withCode(setup: Setup) {
  const app = await setUpCode(setup);
  const otp = app.code();
  return { ...app, type: () => app.agent.post('/code').send({ otp }) };
}

/** Ada is signed in, and her app keeps a refresh token. */
export async function withRefreshToken(strategy: Options) {
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

/** The result of a call that an app makes by itself, as its error handler would send it. */
async function answerOf(call: Promise<unknown>): Promise<Answer> {
  try {
    await call;
    return { status: 200, body: {}, text: '' };
  } catch (error) {
    if (!isPasswordlessError(error)) throw error;
    const text = JSON.stringify({ error });
    return { status: error.status, body: JSON.parse(text) as Answer['body'], text };
  }
}

/** Auth0 requires a second factor, and Ada's authenticators were listed; `challenge` challenges that one. */
async function withFactor(channel: 'sms' | 'push', strategy: Options) {
  const app = await setUpMfa([{ type: channel }], { strategy });
  const { body } = await app.agent.get('/mfa/list');
  const authenticator_id = (body as { id: string; channel?: string }[]).find((each) => each.channel === channel)?.id;
  return { ...app, challenge: () => app.agent.post('/mfa/challenge').send({ authenticator_id }) };
}
