import { describe, expect, test } from 'vitest';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { isPressed, page, press, textOf } from './inbox-support.js';
import { ada, firstFactor, list, mfaTenant, mfaToken } from './mfa-support.js';
import { call, codeFor, exchange, linkFor, message, postForm, start, tenantFor } from './support.js';

describe('policy', () => {
  test('asks for a second factor never, always, or as the code has it', async () => {
    const policy = ({ email }: { email?: string }) => email === 'eve@example.com';
    const tenant = await tenantFor({ mfa: policy });
    expect(await isPressed(tenant, 'Set by the code')).toBe(true);
    expect((await firstFactor(tenant)).status).toBe(200);

    const { status, headers } = await press(tenant, 'Always');
    expect([status, headers.location]).toEqual([303, '/inbox#policy']);
    expect([await isPressed(tenant, 'Always'), await isPressed(tenant, 'Set by the code')]).toEqual([true, false]);
    expect(tenant.settings.mfa).toBe('always');
    expect((await firstFactor(tenant)).body.error).toBe('mfa_required');

    await press(tenant, 'Never');
    expect(
      (await exchange(tenant, await codeFor(tenant, 'eve@example.com'), { username: 'eve@example.com' })).status,
    ).toBe(200);
    await press(tenant, 'Set by the code');
    expect(tenant.settings.mfa).toBe(policy);
  });

  test('comes back to what the code configured while it ran', async () => {
    const tenant = await tenantFor();
    const policy = () => 2;
    tenant.configure({ mfa: policy });
    tenant.configure({ codeTTL: 60 });
    expect(await isPressed(tenant, 'Set by the code')).toBe(true);
    await press(tenant, 'Never');
    expect(await isPressed(tenant, 'Set by the code')).toBe(false);
    await press(tenant, 'Set by the code');
    expect(tenant.settings.mfa).toBe(policy);
    tenant.configure({ mfa: 'always' });
    expect(await page(tenant)).not.toContain('Set by the code');
  });

  test('has two choices where the option was one of them', async () => {
    const tenant = await tenantFor({ mfa: 'always' });
    expect(await isPressed(tenant, 'Always')).toBe(true);
    expect(await page(tenant)).not.toContain('Set by the code');
  });

  test('switches factors off and on', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }, { type: 'push' }, { type: 'sms' }]);
    const token = await mfaToken(tenant);
    const types = async () => (await list(tenant, token)).map(({ id }) => String(id).split('|')[0]);
    await press(tenant, 'Push');
    await press(tenant, 'Email');
    expect(tenant.settings.mfaFactors).toEqual(['otp', 'phone', 'recovery-code']);
    expect([await isPressed(tenant, 'Push'), await isPressed(tenant, 'SMS and calls')]).toEqual([false, true]);
    expect(await types()).toEqual(['totp', 'sms']);
    await press(tenant, 'Push');
    expect(await types()).toEqual(['totp', 'push', 'sms']);
    for (const label of ['Authenticator app', 'SMS and calls', 'Push', 'Recovery codes']) await press(tenant, label);
    expect(tenant.settings.mfaFactors).toEqual([]);
  });

  test('refuses sign-ups, and lets them be again', async () => {
    const tenant = await tenantFor();
    await press(tenant, 'Are refused');
    expect((await start(tenant)).body.error_description).toBe('Public signup is disabled');
    await press(tenant, 'Sign up');
    expect((await start(tenant)).status).toBe(200);
  });

  test('wants a session for links, and says where a browser gets one', async () => {
    const tenant = await tenantFor();
    expect(await page(tenant)).not.toContain('/authorize');
    await press(tenant, 'With a session only');
    const link = await linkFor(tenant);
    expect((await call(tenant, link)).status).toBe(403);
    expect(await page(tenant)).toContain('href="/authorize"');
    await press(tenant, 'In any browser');
    expect((await call(tenant, link)).status).toBe(302);
  });
});

describe('faults', () => {
  const arm = (tenant: LocalTenant, respond: string, times = '1') =>
    press(tenant, 'Let it go wrong', { path: '/oauth/token', respond, times });

  test.each([
    ['server-error', 500, 'server_error'],
    ['bad-gateway', 502, undefined],
    ['unavailable', 503, undefined],
    ['rate-limited', 429, 'too_many_requests'],
    ['wrong-secret', 401, 'access_denied'],
    ['action', 500, 'access_denied'],
    ['captcha', 401, 'requires_verification'],
  ])('%s is an answer of %i', async (respond, status, error) => {
    const tenant = await tenantFor();
    expect((await arm(tenant, respond)).headers.location).toBe('/inbox#faults');
    const answer = await exchange(tenant, '000000');
    expect([answer.status, answer.body.error]).toEqual([status, error]);
    if (respond === 'rate-limited') expect(answer.headers['retry-after']).toBe('30');
    expect(tenant.faults).toEqual([]);
  });

  test.each(['reset', 'truncate'])('%s is none', async (respond) => {
    const tenant = await tenantFor();
    await arm(tenant, respond);
    await expect(exchange(tenant, '000000')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
  });

  test('says what is going to happen, and what a test has set up', async () => {
    const tenant = await tenantFor();
    expect(await textOf(tenant, 'faults')).toContain('Nothing will go wrong.');
    await arm(tenant, 'timeout', '3');
    tenant.fault({ path: '/userinfo', respond: { status: 418 } });
    expect(tenant.faults).toEqual([
      { path: '/oauth/token', times: 3, respond: 'timeout' },
      { path: '/userinfo', times: 1, respond: { status: 418 } },
    ]);
    const text = await textOf(tenant, 'faults');
    expect(text).toContain('/oauth/token Never answers, 3 times Undo');
    expect(text).toContain('/userinfo Answers 418, once Undo');
    expect((await call(tenant, '/userinfo')).status).toBe(418);
    expect(await textOf(tenant, 'faults')).not.toContain('418');
  });

  test('go on until they are undone', async () => {
    const tenant = await tenantFor();
    await arm(tenant, 'server-error', 'Infinity');
    expect(await textOf(tenant, 'faults')).toContain('until it is undone');
    for (let i = 0; i < 4; i += 1) expect((await exchange(tenant, '000000')).status).toBe(500);
    expect((await press(tenant, 'Undo')).status).toBe(303);
    expect((await exchange(tenant, '000000')).status).toBe(403);
  });

  test('are for endpoints that there are', async () => {
    const tenant = await tenantFor();
    const paths = [...(await page(tenant)).matchAll(/<option value="(\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(paths).toEqual(expect.arrayContaining(['/passwordless/start', '/otp/challenge', '/oauth/revoke']));
    for (const path of paths) {
      const answers = [await call(tenant, path), await postForm(tenant, path, {})];
      expect(answers.map(({ body }) => body.error)).not.toEqual(['not_found', 'not_found']);
    }
  });
});

describe('the clock', () => {
  test.each([
    ['30 s', 30],
    ['181 s', 181],
    ['10 min', 600],
    ['1 hour', 3_600],
    ['1 day', 86_400],
  ])('moves on by %s', async (label, seconds) => {
    const tenant = await tenantFor();
    const before = tenant.clock.now();
    expect((await press(tenant, label)).headers.location).toBe('/inbox#clock');
    expect(tenant.clock.now() - before).toBeGreaterThanOrEqual(seconds);
    expect(tenant.clock.now() - before).toBeLessThan(seconds + 30);
  });

  test('says how far it is ahead', async () => {
    const tenant = await tenantFor();
    expect(await textOf(tenant, 'clock')).toContain('as on this machine');
    tenant.clock.advance(90_061);
    expect(await textOf(tenant, 'clock')).toContain("1 d 1 h 1 min 1 s ahead of this machine's");
  });

  test('moves on past the life of a code, whatever it is', async () => {
    const tenant = await tenantFor({ codeTTL: 300 });
    await start(tenant);
    await press(tenant, '301 s');
    expect(await textOf(tenant, 'messages')).toContain('Expired');
  });

  test('goes back to the time of the machine', async () => {
    const tenant = await tenantFor();
    expect(await page(tenant)).not.toContain('Back to this machine');
    await start(tenant);
    await press(tenant, '1 hour');
    expect(await textOf(tenant, 'messages')).toContain('Expired');
    expect((await press(tenant, "Back to this machine's time")).headers.location).toBe('/inbox#clock');
    expect(await textOf(tenant, 'clock')).toContain('as on this machine');
    expect((await exchange(tenant, message(tenant).code)).status).toBe(200);
  });

  test('stamps tokens wrongly, and right again', async () => {
    const tenant = await tenantFor();
    const claims = async () => {
      const { body } = await firstFactor(tenant);
      const [, payload = ''] = String(body.id_token).split('.');
      return JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iat: number; exp: number };
    };
    await press(tenant, 'As expired');
    expect((await claims()).exp).toBeLessThan(Date.now() / 1000);
    await press(tenant, 'An hour ahead');
    expect((await claims()).iat).toBeGreaterThan(Date.now() / 1000 + 3_000);
    await press(tenant, 'Right');
    expect(tenant.clock.skew).toBe(0);
  });

  test('comes with the keys, which are rotated', async () => {
    const tenant = await tenantFor();
    const kids = async () =>
      ((await call(tenant, '/.well-known/jwks.json')).body.keys as { kid: string }[]).map(({ kid }) => kid);
    const [first = '', second = ''] = await kids();
    expect(await textOf(tenant, 'clock')).toContain(`${first.slice(0, 8)}…`);
    await press(tenant, 'Rotate the keys');
    expect(await kids()).toEqual([second, expect.any(String), first]);
    expect(await textOf(tenant, 'clock')).toContain(`${second.slice(0, 8)}…`);
  });
});

describe('a form with a bad value', () => {
  test.each([
    ['policy', { mfa: 'sometimes' }, "mfa: pass 'never', 'always' or a function of the user"],
    ['policy', { disableSignup: 'perhaps' }, 'disableSignup: pass true or false'],
    ['policy', { mfaFactors: 'otp smoke-signals' }, 'mfaFactors: pass an array of'],
    ['policy', { port: '80' }, 'configure: port is no option that can be changed while the tenant runs'],
    ['policy', { constructor: '1' }, 'configure: constructor is no option'],
    ['fault', { path: '/oauth/token', respond: 'explode', times: '1' }, 'fault: respond must be one of reset'],
    ['fault', { path: '/oauth/token', respond: 'constructor', times: '1' }, 'fault: respond must be one of reset'],
    ['fault', { path: '/oauth/token', respond: 'reset', times: 'often' }, 'fault: times must be'],
    ['fault', { path: '/inbox', respond: 'reset', times: '1' }, 'fault: path must be one of the wire'],
    ['fault', {}, 'fault: respond must be one of reset'],
    ['clock', { seconds: '-1' }, 'clock.advance: pass a number of seconds'],
    ['clock', { seconds: '1e300' }, 'seconds: a number from 0'],
    ['clock', {}, 'seconds: a number from 0'],
    ['skew', { skew: 'much' }, 'skew: a number of seconds'],
    ['user', { user: 'x', blocked: 'maybe' }, 'blocked: true or false'],
    ['push', { push: 'x', answer: 'maybe' }, 'answer: approved or rejected'],
  ])('%s %j is told so, and changes nothing', async (path, body, reason) => {
    const tenant = await tenantFor();
    const before = JSON.stringify(tenant.settings);
    const answer = await postForm(tenant, `/inbox/${path}`, body);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.text.replaceAll('&#39;', "'")).toContain(reason);
    expect(answer.text).toContain('href="/inbox"');
    expect(JSON.stringify(tenant.settings)).toBe(before);
    expect([tenant.faults, tenant.clock.skew]).toEqual([[], 0]);
    expect(Math.abs(tenant.clock.now() - Date.now() / 1000)).toBeLessThan(30);
  });

  test.each([
    ['user', { user: 'email|gone', blocked: 'true' }],
    ['factor', { user: 'email|gone', factor: 'push|gone' }],
    ['undo', { fault: '7' }],
    ['push', { push: 'gone', answer: 'approved' }],
  ])('%s %j names what is gone, and nothing happens', async (path, body) => {
    const tenant = await tenantFor({ users: [{ email: ada }] });
    tenant.fault({ path: '/userinfo', respond: 'reset' });
    expect((await postForm(tenant, `/inbox/${path}`, body as Record<string, string>)).status).toBe(303);
    expect(tenant.users[0]?.blocked).toBeUndefined();
    expect(tenant.faults).toHaveLength(1);
  });
});
