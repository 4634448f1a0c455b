import { type RequestLike, type TransactionStore } from 'passport-auth0-passwordless';
import type { Test } from 'supertest';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createTap } from '../support/tap.js';
import { ada, type App, type Browser, setUp, setUpCode, setUpLink } from '../support/app.js';
import { setUpMfa } from '../support/mfa.js';
import { dispatcherOf } from '../support/dispatcher.js';

/** Options by which calls to /oauth/token wait until so many requests have read their pending login since `expect`. */
function meetingPoint() {
  let awaited = 0;
  let meet = () => {};
  let met = Promise.resolve();
  const pool = new Agent();
  onTestFinished(() => pool.close());
  const sessionOf = (req: RequestLike) => req.session as { pending?: string | undefined };
  const store: TransactionStore = {
    load(req) {
      awaited -= 1;
      if (awaited === 0) meet();
      return sessionOf(req).pending;
    },
    save(req, value) {
      sessionOf(req).pending = value;
    },
    clear(req) {
      sessionOf(req).pending = undefined;
    },
  };
  const dispatcher = dispatcherOf(async (asked) => {
    if (asked.path === '/oauth/token') await met;
    return pool.request(asked);
  });
  return {
    options: { store, dispatcher },
    expect(requests: number) {
      awaited = requests;
      met = new Promise((resolve) => {
        meet = resolve;
      });
    },
  };
}

test('a code that is posted twice concurrently is one exchange, one call of verify and one login', async () => {
  let calls = 0;
  const meeting = meetingPoint();
  const { agent, code, sent } = await setUpCode({
    strategy: meeting.options,
    verify: (_tokens, profile) => {
      calls += 1;
      return Promise.resolve({ name: profile.displayName });
    },
  });
  const otp = code();
  meeting.expect(5);
  const answers = await Promise.all(Array.from({ length: 5 }, () => agent.post('/code').send({ otp })));
  expect(answers.map(({ status, body }) => [status, body])).toEqual(
    Array.from({ length: 5 }, () => [200, { user: { name: ada }, info: { connection: 'email', method: 'code' } }]),
  );
  expect(sent('/oauth/token')).toHaveLength(1);
  expect(calls).toBe(1);
});

test('a wrong code that is posted twice concurrently costs one attempt', async () => {
  const meeting = meetingPoint();
  const { agent, sent } = await setUpCode({ strategy: meeting.options });
  meeting.expect(3);
  const answers = await Promise.all([1, 2, 3].map(() => agent.post('/code').send({ otp: '000000' })));
  expect(answers.map(({ body }) => body)).toMatchObject(Array.from({ length: 3 }, () => ({ code: 'wrong_code' })));
  expect(sent('/oauth/token')).toHaveLength(1);
});

test('two browsers with the same address and the same code share nothing', async () => {
  const { browser, code, sent } = await setUp();
  const [one, other] = [browser(), browser()];
  await one.post('/start').send({ email: ada });
  await other.post('/start').send({ email: ada });
  const otp = code();
  const answers = await Promise.all([one.post('/code').send({ otp }), other.post('/code').send({ otp })]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401]);
  expect(sent('/oauth/token')).toHaveLength(2);
});

test('a callback that arrives twice concurrently is one exchange', async () => {
  const meeting = meetingPoint();
  const { agent, openLink, sent } = await setUpLink({ strategy: meeting.options });
  const path = await openLink();
  meeting.expect(2);
  const answers = await Promise.all([agent.get(path), agent.get(path)]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect(sent('/oauth/token')).toHaveLength(1);
});

test('an error of verify reaches both requests of a double click', async () => {
  const meeting = meetingPoint();
  const { agent, code } = await setUpCode({
    strategy: meeting.options,
    verify: () => Promise.reject(new Error('no database')),
  });
  const otp = code();
  meeting.expect(2);
  const answers = await Promise.all([1, 2].map(() => agent.post('/code').send({ otp })));
  expect(answers.map(({ body }) => body)).toEqual([
    { error: { message: 'no database' } },
    { error: { message: 'no database' } },
  ]);
});

test("a slow start keeps what another request saved in the app's store meanwhile", async () => {
  const tap = createTap();
  const kept: { value?: string | undefined } = {};
  const store: TransactionStore = {
    load: () => Promise.resolve(kept.value),
    save: async (_req, value) => {
      await Promise.resolve();
      kept.value = value;
    },
    clear: () => {
      kept.value = undefined;
    },
  };
  const { browser, openLink } = await setUp({ strategy: { store, dispatcher: tap.dispatcher } });
  const agent = browser();
  const { arrived, open } = tap.hold('/passwordless/start');
  const slow = Promise.resolve(agent.post('/start').send({ email: 'bob@example.com' }));
  await arrived;
  await agent.post('/link').send({ email: ada });
  open();
  await slow;
  expect((await agent.get(await openLink())).body).toMatchObject({ user: { name: ada } });
});

describe('concurrent requests of one session that ask for the same message', () => {
  /** Sends all of them before Auth0 responds to the first. */
  async function concurrently(send: (agent: Browser, app: App) => Test[]) {
    const { dispatcher, hold } = createTap();
    const app = await setUp({ strategy: { dispatcher } });
    const agent = app.browser();
    await agent.post('/start').send({ email: 'bob@example.com' });
    const { arrived, open } = hold('/passwordless/start');
    const begun = vi.spyOn(app.strategy, 'authenticate');
    const answers = send(agent, app).map((request) => request.then());
    await arrived;
    await vi.waitFor(() => {
      expect(begun).toHaveBeenCalledTimes(answers.length);
    });
    open();
    return { ...app, agent, answers: await Promise.all(answers), calls: app.sent('/passwordless/start').length - 1 };
  }

  test('share one start, and its code signs in', async () => {
    const start = (agent: Browser) => [1, 2].map(() => agent.post('/start').send({ email: ada }));
    const { agent, answers, calls, code } = await concurrently(start);
    expect([calls, ...answers.map(({ status }) => status)]).toEqual([1, 200, 200]);
    expect((await agent.post('/code').send({ otp: code() })).body).toMatchObject({ user: { name: ada } });
  });

  test('share one start of a link, which signs in', async () => {
    const start = (agent: Browser) => [1, 2].map(() => agent.post('/link').send({ email: ada }));
    const { agent, calls, openLink } = await concurrently(start);
    expect(calls).toBe(1);
    expect((await agent.get(await openLink())).body).toMatchObject({ user: { name: ada } });
  });

  test('share one resend', async () => {
    const resend = (agent: Browser) => Array.from({ length: 40 }, () => agent.post('/resend'));
    const { agent, answers, calls, code } = await concurrently(resend);
    expect([calls, new Set(answers.map(({ status }) => status))]).toEqual([1, new Set([200])]);
    expect((await agent.post('/code').send({ otp: code('bob@example.com') })).status).toBe(200);
  });

  test('share the failure of a start, and the next one is sent', async () => {
    const start = (agent: Browser, { tenant }: App) => {
      tenant.fault({ path: '/passwordless/start', respond: 'reset' });
      return [1, 2].map(() => agent.post('/start').send({ email: ada }));
    };
    const { agent, answers } = await concurrently(start);
    expect(answers.map(({ status }) => status)).toEqual([503, 503]);
    expect((await agent.post('/start').send({ email: ada })).status).toBe(200);
  });

  test('share nothing with another address or another browser', async () => {
    const { browser, sent } = await setUp();
    const [one, other] = [browser(), browser()];
    await Promise.all([
      ...[one, other].map((agent) => agent.post('/start').send({ email: ada })),
      one.post('/start').send({ email: 'eve@example.com' }),
    ]);
    expect(sent('/passwordless/start')).toHaveLength(3);
  });

  test.each(['/mfa/challenge', '/mfa/associate'])('share one call of %s', async (path) => {
    const { dispatcher, hold } = createTap();
    const factors = path === '/mfa/challenge' ? [{ type: 'sms' as const }] : [];
    const { agent, sent, strategy } = await setUpMfa(factors, { strategy: { dispatcher } });
    const { body: list } = await agent.get('/mfa/list');
    const id = (list as { id: string; channel?: string }[]).find(({ channel }) => channel === 'sms')?.id;
    const { arrived, open } = hold(path);
    const send = () =>
      path === '/mfa/challenge'
        ? agent.post('/mfa/challenge').send({ authenticator_id: id }).then()
        : agent.post('/mfa/enroll').send({ type: 'otp' }).then();
    const begun = vi.spyOn(strategy.mfa, path === '/mfa/challenge' ? 'challenge' : 'enroll');
    const answers = [send(), send()];
    await arrived;
    await vi.waitFor(() => {
      expect(begun).toHaveBeenCalledTimes(2);
    });
    open();
    const [one, other] = await Promise.all(answers);
    expect([one?.status, other?.body as unknown]).toEqual([200, one?.body]);
    expect(sent(path)).toHaveLength(1);
  });
});
