import { TOTP } from 'otpauth';
import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { passTime } from '../support/time.js';
import { type CreateApp, hosts, setUp } from './support.js';

const email = 'grace@example.com';
const phoneNumber = '+12025550123';

type Factors = NonNullable<LocalTenantOptions['users']>[number]['factors'];

/** The example app, and a browser whose code was right, on the way to a second step. */
async function secondStep(createApp: CreateApp, factors: Factors = []) {
  const { tenant, browser } = await setUp(createApp, {
    tenant: { users: [{ email, phoneNumber, factors }], mfa: 'always' },
  });
  const { agent } = browser();
  let page = '';
  const get = async (path: string) => {
    const response = await agent.get(path);
    page = response.text;
    return response;
  };
  /** Posts with the CSRF token of the page that was got last, as its form does. */
  const post = async (path: string, fields: object = {}) => {
    const [, _csrf] = /name="_csrf" value="([^"]+)"/.exec(page) ?? [];
    const response = await agent
      .post(path)
      .type('form')
      .send({ _csrf, ...fields });
    if (response.text) page = response.text;
    return response;
  };
  await get('/login');
  await post('/login', { email, send: 'code' });
  await get('/login/code');
  const verified = await post('/login/code', { otp: tenant.inbox.latest(email)?.code });
  expect([verified.status, verified.headers.location]).toEqual([303, '/login/mfa']);
  await get('/login/mfa');
  /** What the page's only button of this text would post. */
  const choose = async (label: string) => {
    const form = page.split('<form').find((each) => each.includes(label)) ?? '';
    const [, id = ''] = /name="authenticator_id" value="([^"]+)"/.exec(form) ?? [];
    const response = await post('/login/mfa/challenge', { authenticator_id: id });
    expect([response.status, response.headers.location]).toEqual([303, '/login/mfa/answer']);
    await get('/login/mfa/answer');
  };
  return { tenant, get, post, choose, page: () => page };
}

describe.each(hosts)('on $host', ({ createApp }) => {
  test('an authenticator app: a wrong code, then the right one', async () => {
    const { tenant, get, post, choose, page } = await secondStep(createApp, [{ type: 'otp' }]);
    await choose('Authenticator app');
    expect(page()).toContain('autocomplete="one-time-code"');
    const wrong = await post('/login/mfa/answer', { otp: '000000' });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('The code is wrong');
    const right = await post('/login/mfa/answer', { otp: tenant.totp(email) });
    expect([right.status, right.headers.location]).toEqual([303, '/']);
    expect((await get('/')).text).toContain('Second step');
  });

  test('a text message', async () => {
    const { tenant, post, choose, page } = await secondStep(createApp, [{ type: 'sms' }]);
    expect(page()).toContain('0123');
    await choose('Text message');
    const right = await post('/login/mfa/answer', { otp: tenant.inbox.latest(phoneNumber)?.code });
    expect(right.headers.location).toBe('/');
  });

  test('a push: the page waits, then lets in', async () => {
    const { tenant, post, choose, page } = await secondStep(createApp, [{ type: 'push' }]);
    await choose('Notification');
    expect(page()).toContain('data-poll-after="5"');
    const waiting = await post('/login/mfa/answer');
    expect(waiting.status).toBe(401);
    expect(waiting.text).toContain('Check your phone');
    expect(waiting.text).not.toContain('role="alert"');
    tenant.approvePush(email);
    passTime(5);
    expect((await post('/login/mfa/answer')).headers.location).toBe('/');
  });

  test('a push that is refused leads back to the start', async () => {
    const { tenant, post, choose } = await secondStep(createApp, [{ type: 'push' }]);
    await choose('Notification');
    tenant.rejectPush(email);
    const refused = await post('/login/mfa/answer');
    expect(refused.status).toBe(401);
    expect(refused.text).toContain('was refused on your phone');
    expect(refused.text).toContain('name="email"');
  });

  test('a recovery code: the next one is shown once', async () => {
    const { tenant, get, post, choose, page } = await secondStep(createApp, [
      { type: 'otp' },
      { type: 'recovery-code' },
    ]);
    const used = tenant.recoveryCode(email);
    await choose('Recovery code');
    expect(page()).toContain('name="recovery_code"');
    const done = await post('/login/mfa/answer', { recovery_code: used });
    expect(done.status).toBe(200);
    expect(done.text).toContain(tenant.recoveryCode(email));
    expect(tenant.recoveryCode(email)).not.toBe(used);
    expect((await get('/')).text).not.toContain(tenant.recoveryCode(email));
  });

  test('a user without a factor sets an authenticator app up', async () => {
    const { post, page } = await secondStep(createApp, []);
    expect(page()).toContain('Set up a second step');
    const enrolled = await post('/login/mfa/enroll', { type: 'otp' });
    expect(enrolled.text).toContain('<svg');
    expect(enrolled.text).toContain('data-copy="recovery-codes"');
    const [, secret = ''] = /<code>([A-Z2-7]{16,})<\/code>/.exec(enrolled.text) ?? [];
    const right = await post('/login/mfa/answer', { otp: new TOTP({ secret }).generate() });
    expect(right.headers.location).toBe('/');
  });

  test('a number that is none, and a factor that does not exist, are told where the choice is made again', async () => {
    const { get, post } = await secondStep(createApp, []);
    const number = await post('/login/mfa/enroll', { type: 'sms', phone_number: '12' });
    expect(number.status).toBe(400);
    expect(number.text).toMatch(/role="alert"[^>]*>Enter the phone number in international form/);
    expect(number.text).toMatch(/name="phone_number"[^>]*aria-describedby="alert" aria-invalid="true"/);
    const factor = await post('/login/mfa/challenge', { authenticator_id: 'nobody' });
    expect(factor.status).toBe(400);
    expect(factor.text).toContain('This second step is not available');
    expect(factor.text).toContain('Authenticator app');
    for (const path of ['/login/mfa/challenge', '/login/mfa/enroll']) {
      expect((await get(path)).headers.location).toBe('/login/mfa');
    }
  });

  test('without a pending second step its pages lead to the start', async () => {
    const { agent } = (await setUp(createApp)).browser();
    for (const path of ['/login/mfa', '/login/mfa/answer']) {
      expect((await agent.get(path)).headers.location).toBe('/login');
    }
  });
});
