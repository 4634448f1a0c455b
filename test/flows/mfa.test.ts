import { TOTP } from 'otpauth';
import { describe, expect, test } from 'vitest';
import { ada, phone, setUpLink } from '../support/app.js';
import { setUpMfa } from '../support/mfa.js';
import { createTap } from '../support/tap.js';
import { passTime } from '../support/time.js';

const authenticators = (...setup: Parameters<typeof setUpMfa>) =>
  setUpMfa(...setup).then(async (app) => {
    const { body } = await app.agent.get('/mfa/list');
    return { ...app, list: body as { id: string; type: string; channel?: string; name?: string }[] };
  });

describe('when Auth0 requires a second factor', () => {
  test('the request fails with requirements and expiry, and without the mfa_token', async () => {
    const { required, agent } = await setUpMfa([{ type: 'otp' }, { type: 'sms' }, { type: 'recovery-code' }]);
    const now = Math.floor(Date.now() / 1000);
    expect(required.status).toBe(401);
    expect(required.body).toEqual({
      code: 'mfa_required',
      message: expect.any(String) as string,
      requirements: { challenge: expect.arrayContaining(['otp', 'phone', 'recovery-code']) as string[], enroll: [] },
      expiresAt: expect.any(Number) as number,
    });
    const { expiresAt } = required.body as { expiresAt: number };
    expect(expiresAt - now).toBeGreaterThanOrEqual(299);
    expect(expiresAt - now).toBeLessThanOrEqual(301);
    expect(required.text + JSON.stringify(required.headers)).not.toContain('Fe26');
    const { pending } = (await agent.get('/pending')).body as { pending: { mfa: unknown } };
    expect(pending).toMatchObject({ stage: 'mfa', connection: 'email', to: 'a•••@example.com' });
    expect(pending.mfa).toEqual(required.body);
  });

  test('nobody is signed in yet', async () => {
    const { agent } = await setUpMfa([{ type: 'otp' }]);
    expect((await agent.get('/me')).body).toEqual({ user: null });
  });

  test('the link whose code was typed is no longer pending', async () => {
    const { agent, code, tenant } = await setUpLink({ tenant: { mfa: 'always', users: [{ email: ada }] } });
    const state = new URL(tenant.inbox.latest(ada)?.link ?? '').searchParams.get('state');
    await agent.post('/code').send({ otp: code() });
    expect((await agent.get('/pending')).body).toMatchObject({ pending: { stage: 'mfa' } });
    const callback = await agent.get(`/callback?state=${state}&code=any`);
    expect(callback.body).toMatchObject({ code: 'link_opened_elsewhere' });
  });

  test('it is consumed if verify refuses the user', async () => {
    const verify = () => Promise.resolve(false);
    const { agent, tenant } = await setUpMfa([{ type: 'otp' }], { verify });
    expect((await agent.post('/mfa').send({ otp: tenant.totp(ada) })).body).toMatchObject({ code: 'refused' });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('mfaRedirect redirects the browser', async () => {
    const { required, agent } = await setUpMfa([{ type: 'otp' }], { route: { mfaRedirect: '/second' } });
    expect([required.status, required.headers.location]).toEqual([303, '/second']);
    expect((await agent.get('/pending')).body).toMatchObject({
      pending: { stage: 'mfa', mfa: { code: 'mfa_required' } },
    });
  });

  test.each(['/code', '/resend'])('%s repeats mfa_required without a call to Auth0', async (path) => {
    const { agent, required, tenant } = await setUpMfa([{ type: 'otp' }]);
    const before = tenant.requests.length;
    const again = await agent.post(path).send({ otp: '123456' });
    expect([again.status, again.body]).toEqual([401, required.body]);
    expect(tenant.requests).toHaveLength(before);
  });

  test('a new start replaces it', async () => {
    const { agent, code } = await setUpMfa([{ type: 'otp' }]);
    await agent.post('/start').send({ email: 'bob@example.com' });
    expect((await agent.get('/pending')).body).toMatchObject({ pending: { stage: 'code', to: 'b•••@example.com' } });
    expect(code('bob@example.com')).toMatch(/^\d{6}$/);
  });
});

describe('an authenticator app', () => {
  test('signs the user in by its code, without a challenge', async () => {
    const { agent, sent, tenant } = await setUpMfa([{ type: 'otp' }]);
    const verified = await agent.post('/mfa').send({ otp: tenant.totp(ada) });
    expect(verified).toMatchObject({
      status: 200,
      body: {
        user: { name: ada },
        info: { connection: 'email', method: 'code', mfa: { factor: 'otp' } },
      },
    });
    expect(sent('/mfa/challenge')).toHaveLength(0);
    expect((await agent.get('/me')).body).toMatchObject({ user: { name: ada } });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('accepts the right code after a wrong one', async () => {
    const { agent, tenant } = await setUpMfa([{ type: 'otp' }]);
    const wrong = await agent.post('/mfa').send({ otp: '000000' });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect(wrong.headers['set-cookie']).toBeUndefined();
    expect((await agent.post('/mfa').send({ otp: tenant.totp(ada) })).status).toBe(200);
  });

  test('is invalid_factor if Auth0 does not ask for one', async () => {
    const { agent, sent } = await setUpMfa([{ type: 'sms' }]);
    const before = sent('/oauth/token').length;
    const response = await agent.post('/mfa').send({ otp: '123456' });
    expect(response).toMatchObject({ status: 400, body: { code: 'invalid_factor' } });
    expect(sent('/oauth/token')).toHaveLength(before);
  });
});

describe.each([
  ['sms', phone],
  ['voice', phone],
  ['email', ada],
] as const)('a code by %s', (channel, to) => {
  test('is sent on a challenge, and signs the user in', async () => {
    const { agent, list, tenant } = await authenticators([{ type: channel }]);
    const authenticator = list.find((each) => each.channel === channel);
    expect(authenticator).toMatchObject({ type: 'oob', name: expect.any(String) as string });
    const challenge = await agent.post('/mfa/challenge').send({ authenticator_id: authenticator?.id });
    expect(challenge.body).toEqual({ type: 'oob', channel, prompt: true, name: authenticator?.name });

    expect((await agent.post('/mfa').send({ otp: '000000' })).body).toMatchObject({ code: 'wrong_code' });
    const verified = await agent.post('/mfa').send({ otp: tenant.inbox.latest(to)?.code });
    expect(verified.body).toMatchObject({ user: { name: ada }, info: { mfa: { factor: channel } } });
  });
});

describe('a push', () => {
  const challenged = async (pushRejection: 'access_denied' | 'invalid_grant' = 'access_denied') => {
    const app = await authenticators([{ type: 'push' }], { tenant: { pushRejection } });
    const id = app.list.find(({ channel }) => channel === 'push')?.id;
    const { body } = await app.agent.post('/mfa/challenge').send({ authenticator_id: id });
    expect(body).toMatchObject({ type: 'oob', channel: 'push', prompt: false });
    return app;
  };

  test('is polled until it is approved; an early poll makes no call', async () => {
    const { agent, sent, tenant } = await challenged();
    const before = sent('/oauth/token').length;
    for (let poll = 0; poll < 3; poll += 1) {
      const pending = await agent.post('/mfa');
      expect(pending).toMatchObject({
        status: 401,
        body: { code: 'mfa_pending', retryAfter: expect.any(Number) as number },
      });
      expect(pending.headers['set-cookie']).toBeUndefined();
    }
    expect(sent('/oauth/token')).toHaveLength(before + 1);

    tenant.approvePush(ada);
    passTime(5);
    const verified = await agent.post('/mfa');
    expect(verified.body).toMatchObject({ user: { name: ada }, info: { mfa: { factor: 'push' } } });
    expect(sent('/oauth/token')).toHaveLength(before + 2);
  });

  test.each(['access_denied', 'invalid_grant'] as const)('that is rejected (%s) ends the login', async (rejection) => {
    const { agent, tenant } = await challenged(rejection);
    tenant.rejectPush(ada);
    const rejected = await agent.post('/mfa');
    expect(rejected).toMatchObject({ status: 401, body: { code: 'mfa_rejected' } });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('that several processes poll too fast is polled less often', async () => {
    const { agent, tenant } = await challenged();
    tenant.fault({
      path: '/oauth/token',
      respond: { status: 400, headers: { 'content-type': 'application/json' }, body: '{"error":"slow_down"}' },
    });
    expect((await agent.post('/mfa')).body).toMatchObject({ code: 'mfa_pending', retryAfter: 10 });
  });
});

describe('a recovery code', () => {
  test('signs the user in, and the next one is returned', async () => {
    const seen: (string | undefined)[] = [];
    const { agent } = await setUpMfa([{ type: 'otp' }, { type: 'recovery-code', code: 'ABCDEFGHIJKLMNOPQRSTUVWX' }], {
      verify: (tokens, profile) => {
        seen.push(tokens.recoveryCode);
        return Promise.resolve({ name: profile.displayName });
      },
    });
    expect((await agent.post('/mfa').send({ recovery_code: 'nonsense' })).body).toMatchObject({ code: 'wrong_code' });
    const verified = await agent.post('/mfa').send({ otp: '', recovery_code: 'ABCDEFGHIJKLMNOPQRSTUVWX' });
    const { info } = verified.body as { info: { recoveryCode: string } };
    expect(info).toMatchObject({ mfa: { factor: 'recovery-code' }, recoveryCode: expect.any(String) as string });
    expect(info.recoveryCode).not.toBe('ABCDEFGHIJKLMNOPQRSTUVWX');
    expect(seen).toEqual([info.recoveryCode]);
  });

  test('is chosen without a call to Auth0', async () => {
    const { agent, list, sent } = await authenticators([{ type: 'otp' }, { type: 'recovery-code' }]);
    const id = list.find(({ type }) => type === 'recovery-code')?.id;
    const { body } = await agent.post('/mfa/challenge').send({ authenticator_id: id });
    expect(body).toEqual({ type: 'recovery-code', prompt: true });
    expect(sent('/mfa/challenge')).toHaveLength(0);
  });
});

describe('a user without an authenticator enrols', () => {
  const totp = (secret: string) => new TOTP({ secret, digits: 6, period: 30, algorithm: 'SHA1' }).generate();

  test('an authenticator app', async () => {
    const { agent, required } = await setUpMfa([]);
    expect(required.body).toMatchObject({
      requirements: { challenge: [], enroll: expect.arrayContaining(['otp', 'phone']) as string[] },
    });
    const { status, body } = await agent.post('/mfa/enroll').send({ type: 'otp' });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      type: 'otp',
      prompt: true,
      barcodeURI: expect.stringMatching(/^otpauth:\/\/totp\//) as string,
    });
    const { secret, recoveryCodes } = body as { secret: string; recoveryCodes: string[] };
    expect(recoveryCodes).toHaveLength(1);
    expect((await agent.get('/pending')).text).not.toContain(secret);

    expect((await agent.post('/mfa').send({ otp: '000000' })).body).toMatchObject({ code: 'wrong_code' });
    expect((await agent.post('/mfa').send({ otp: totp(secret) })).body).toMatchObject({
      info: { mfa: { factor: 'otp' } },
    });
  });

  test.each(['sms', 'voice'] as const)('a code by %s', async (type) => {
    const { agent, tenant } = await setUpMfa([]);
    const { body } = await agent.post('/mfa/enroll').send({ type, phone_number: '+1 (202) 555-0199' });
    expect(body).toMatchObject({ type: 'oob', channel: type, prompt: true });
    const verified = await agent.post('/mfa').send({ otp: tenant.inbox.latest('+12025550199')?.code });
    expect(verified.body).toMatchObject({ info: { mfa: { factor: type } } });
  });

  test('a code by email, if Auth0 does not say what may be enrolled', async () => {
    const { agent, tenant } = await setUpMfa([], { tenant: { mfaRequirements: 'none' } });
    const { body } = await agent.post('/mfa/enroll').send({ type: 'email', email: ' Ada@Work.example ' });
    expect(body).toMatchObject({ type: 'oob', channel: 'email', prompt: true });
    const verified = await agent.post('/mfa').send({ otp: tenant.inbox.latest('ada@work.example')?.code });
    expect(verified.body).toMatchObject({ user: { name: ada }, info: { mfa: { factor: 'email' } } });
  });

  test('a push', async () => {
    const { agent, tenant } = await setUpMfa([]);
    const { body } = await agent.post('/mfa/enroll').send({ type: 'push' });
    expect(body).toMatchObject({
      type: 'oob',
      channel: 'push',
      prompt: false,
      barcodeURI: expect.stringMatching(/^otpauth:/) as string,
    });
    expect((await agent.post('/mfa')).body).toMatchObject({ code: 'mfa_pending' });
    tenant.approvePush(ada);
    passTime(5);
    expect((await agent.post('/mfa')).body).toMatchObject({ info: { mfa: { factor: 'push' } } });
  });

  test('nothing that Auth0 does not offer', async () => {
    const { agent, sent } = await setUpMfa([{ type: 'otp' }]);
    const response = await agent.post('/mfa/enroll').send({ type: 'push' });
    expect(response).toMatchObject({ status: 400, body: { error: { code: 'invalid_factor' } } });
    expect(sent('/mfa/associate')).toHaveLength(0);
  });
});

test('a link that is started meanwhile does not hide the second factor', async () => {
  const { agent } = await setUpMfa([{ type: 'otp' }]);
  await agent.post('/link').send({ email: 'bob@example.com' });
  expect((await agent.get('/pending')).body).toMatchObject({ pending: { stage: 'mfa' } });
});

test('a slow list does not undo the challenge that was requested meanwhile', async () => {
  const { dispatcher, hold } = createTap();
  const { agent, code } = await setUpMfa([{ type: 'sms' }], { strategy: { dispatcher } });
  const { body } = await agent.get('/mfa/list');
  const [{ id } = {}] = (body as { id: string; channel?: string }[]).filter(({ channel }) => channel === 'sms');
  const { arrived, open } = hold('/mfa/authenticators answered');
  const slow = agent.get('/mfa/list').then();
  await arrived;
  await agent.post('/mfa/challenge').send({ authenticator_id: id });
  open();
  await slow;
  expect((await agent.post('/mfa').send({ otp: code(phone) })).body).toMatchObject({
    info: { mfa: { factor: 'sms' } },
  });
});

describe('a call that cannot succeed', () => {
  test.each([
    ['/mfa/challenge', { authenticator_id: 'sms|dev_nobody' }, 'invalid_factor'],
    ['/mfa/challenge', {}, 'invalid_factor'],
    ['/mfa/challenge', { authenticator_id: ['a', 'b'] }, 'invalid_factor'],
    ['/mfa/enroll', {}, 'invalid_factor'],
    ['/mfa/enroll', { type: 'pigeon' }, 'invalid_factor'],
    ['/mfa/enroll', { type: { a: 1 } }, 'invalid_factor'],
    ['/mfa/enroll', { type: 'sms' }, 'invalid_phone_number'],
    ['/mfa/enroll', { type: 'sms', phone_number: '020 7946' }, 'invalid_phone_number'],
    ['/mfa/enroll', { type: 'voice', phone_number: ['+12025550123'] }, 'invalid_phone_number'],
    ['/mfa/enroll', { type: 'email', email: 'nobody' }, 'invalid_email'],
  ])('%s with %j is answered with 400, and Auth0 is not asked', async (path, body, code) => {
    const { agent, tenant } = await authenticators([]);
    const before = tenant.requests.length;
    const response = await agent.post(path).send(body);
    expect(response).toMatchObject({ status: 400, body: { error: { code } } });
    expect(tenant.requests).toHaveLength(before);
  });

  test('without a pending second factor every call is transaction_missing', async () => {
    const { browser, tenant } = await setUpMfa([{ type: 'otp' }]);
    const other = browser();
    await other.post('/start').send({ email: 'bob@example.com' });
    const before = tenant.requests.length;
    for (const [method, path] of [
      ['get', '/mfa/list'],
      ['post', '/mfa/challenge'],
      ['post', '/mfa/enroll'],
    ] as const) {
      const response = await other[method](path).send({ authenticator_id: 'a', type: 'otp' });
      expect([path, response.status, response.body]).toMatchObject([
        path,
        403,
        { error: { code: 'transaction_missing' } },
      ]);
    }
    const verified = await other.post('/mfa').send({ otp: '123456' });
    expect([verified.status, verified.body]).toMatchObject([403, { code: 'transaction_missing' }]);
    expect(tenant.requests).toHaveLength(before);
  });
});

test('the list holds active authenticators only', async () => {
  const { list } = await authenticators([{ type: 'otp' }, { type: 'sms', active: false }, { type: 'recovery-code' }]);
  expect(list.map(({ type }) => type)).toEqual(expect.arrayContaining(['otp', 'recovery-code']));
  expect(list.some(({ channel }) => channel === 'sms')).toBe(false);
  expect(JSON.stringify(list)).not.toContain('Fe26');
});

describe('a second factor that takes too long', () => {
  test('ends when Auth0 reports the mfa_token as expired', async () => {
    const { agent, tenant } = await setUpMfa([{ type: 'otp' }]);
    tenant.clock.advance(301);
    const late = await agent.post('/mfa').send({ otp: tenant.totp(ada) });
    expect(late).toMatchObject({ status: 401, body: { code: 'mfa_expired' } });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('ends in the same way when authenticators are listed', async () => {
    const { agent, tenant } = await setUpMfa([{ type: 'otp' }]);
    tenant.clock.advance(301);
    const late = await agent.get('/mfa/list');
    expect(late).toMatchObject({ status: 401, body: { error: { code: 'mfa_expired' } } });
    expect((await agent.get('/pending')).body).toEqual({ pending: null });
  });

  test('ends after 300 seconds, without a call to Auth0', async () => {
    const { agent, tenant } = await setUpMfa([{ type: 'otp' }]);
    const before = tenant.requests.length;
    passTime(301);
    expect((await agent.post('/mfa').send({ otp: '123456' })).body).toMatchObject({ code: 'transaction_expired' });
    expect((await agent.get('/mfa/list')).body).toMatchObject({ error: { code: 'transaction_expired' } });
    expect(tenant.requests).toHaveLength(before);
  });
});

test('a second mfa_required starts over with the new token', async () => {
  const { agent, tenant } = await setUpMfa([{ type: 'otp' }]);
  const again = {
    error: 'mfa_required',
    mfa_token: 'Fe26.2*another',
    mfa_requirements: { challenge: [{ type: 'phone' }] },
  };
  tenant.fault({
    path: '/oauth/token',
    respond: { status: 401, headers: { 'content-type': 'application/json' }, body: JSON.stringify(again) },
  });
  const response = await agent.post('/mfa').send({ otp: '123456' });
  expect(response).toMatchObject({
    status: 401,
    body: { code: 'mfa_required', requirements: { challenge: ['phone'], enroll: [] } },
  });
  expect((await agent.post('/mfa').send({ otp: '123456' })).body).toMatchObject({ code: 'invalid_factor' });
});

test.each([400, 401, 403])('mfa_required is recognised with status %i', async (status) => {
  const { agent, required, tenant } = await setUpMfa([{ type: 'otp' }], {
    tenant: { mfaRequiredStatus: status } as object,
  });
  expect(required.body).toMatchObject({ code: 'mfa_required' });
  expect((await agent.post('/mfa').send({ otp: tenant.totp(ada) })).status).toBe(200);
});

test('a second factor keeps scope, audience and appState of the start', async () => {
  const { agent, tenant } = await setUpMfa([{ type: 'otp' }], {
    route: { scope: ['openid', 'email'], audience: 'https://api.example.com', appState: { returnTo: '/orders' } },
    verify: (tokens) => Promise.resolve({ scope: tokens.scope, isJWT: tokens.accessToken.startsWith('eyJ') }),
  });
  const verified = await agent.post('/mfa').send({ otp: tenant.totp(ada) });
  expect(verified.body).toMatchObject({
    user: { scope: 'openid email', isJWT: true },
    info: { appState: { returnTo: '/orders' } },
  });
});

test('a second factor that is posted twice concurrently is one exchange', async () => {
  const { agent, sent, tenant } = await setUpMfa([{ type: 'otp' }]);
  const before = sent('/oauth/token').length;
  const otp = tenant.totp(ada);
  const answers = await Promise.all([agent.post('/mfa').send({ otp }), agent.post('/mfa').send({ otp })]);
  expect(answers.map(({ status }) => status)).toContain(200);
  expect(sent('/oauth/token')).toHaveLength(before + 1);
});

describe('a network fault keeps the second factor pending', () => {
  test.each([['/oauth/token', 'post', '/mfa', { otp: '123456' }]] as const)('%s', async (path, method, route, body) => {
    const { agent, list, tenant } = await authenticators([{ type: 'otp' }]);
    const id = list.find(({ type }) => type === 'otp')?.id;
    tenant.fault({ path, respond: 'reset' });
    const failed = await agent[method](route).send({ ...body, authenticator_id: id });
    expect(failed).toMatchObject({ status: 503, body: { error: { code: 'transport_error' } } });
    expect((await agent.post('/mfa').send({ otp: tenant.totp(ada) })).status).toBe(200);
  });
});
