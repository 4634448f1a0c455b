import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import type { Response } from 'supertest';
import { setUp, type Setup } from '../support/app.js';
import { ada, phone, setUpMfa } from '../support/mfa.js';
import { passTime } from '../support/time.js';
import type { Step } from './table.js';

type App = Awaited<ReturnType<typeof setUp>>;
type Browser = ReturnType<App['browser']>;

/** A login as far as the step that is to fail. */
interface Prepared {
  tenant: LocalTenant;
  sent: App['sent'];
  browser: Browser;
  /** Takes the step. */
  attempt: () => PromiseLike<Response>;
  /** Goes on with the login that was pending before; default: the step, taken again. */
  goOn?: () => PromiseLike<Response>;
  /** To whom a message is sent, by start and resend. */
  to?: string;
}

const bob = 'bob@example.com';

type Options = NonNullable<Setup['strategy']>;
type Prepare = (strategy: Options) => Promise<Prepared>;

export const PREPARE: Record<Step, Prepare> = {
  start: async (strategy) => {
    const app = await withCode({ strategy });
    return { ...app, attempt: () => app.browser.post('/login').send({ email: bob }), goOn: app.type, to: bob };
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
    const callback = await app.openLink(ada);
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
};

/** A code is on its way to Ada; `type` types it. */
async function withCode(setup: Setup) {
  const app = await setUp(setup);
  const browser = app.browser();
  await browser.post('/login').send({ email: ada });
  const otp = app.code(ada);
  return { ...app, browser, type: () => browser.post('/code').send({ otp }) };
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
