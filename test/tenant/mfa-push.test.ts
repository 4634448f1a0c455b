import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { page, textOf } from './inbox-support.js';
import {
  ada,
  associateOOB,
  mfaTenant,
  mfaToken,
  oobCodeFor,
  phone,
  refusal,
  toNextStep,
  verifyOOB,
  verifyOTP,
} from './mfa-support.js';
import { postForm } from './support.js';

const pending = [400, 'authorization_pending', 'Authorization pending: please repeat the request in a few seconds.'];

/** A push that is out, and what polls for its answer after so many seconds. */
async function push(options?: LocalTenantOptions) {
  const tenant = await mfaTenant([{ type: 'push' }], options);
  const token = await mfaToken(tenant);
  const oobCode = await oobCodeFor(tenant, token, 'push');
  const poll = (after = 5) => {
    tenant.clock.advance(after);
    return verifyOOB(tenant, token, oobCode);
  };
  return { tenant, token, poll };
}

test('is pending until it is approved', async () => {
  const { tenant, poll } = await push();
  expect(refusal(await poll(0))).toEqual(pending);
  expect(refusal(await poll())).toEqual(pending);
  tenant.approvePush(ada);
  const { status, body } = await poll();
  expect(status).toBe(200);
  expect(body).toMatchObject({ id_token: expect.any(String) as string, token_type: 'Bearer' });
});

test.each([
  [{}, 400, 'access_denied'],
  [{ pushRejection: 'access_denied' }, 400, 'access_denied'],
  [{ pushRejection: 'invalid_grant' }, 403, 'invalid_grant'],
] as const)('that is refused with %j ends in %i %s', async (options, status, error) => {
  const { tenant, poll } = await push(options);
  tenant.rejectPush(phone);
  expect(refusal(await poll())).toEqual([status, error, 'MFA Authorization rejected.']);
  expect(refusal(await poll())).toEqual([status, error, 'MFA Authorization rejected.']);
  expect(() => {
    tenant.approvePush(ada);
  }).toThrow(/^No push is pending/);
});

test.each([400, 429] as const)('that is polled too fast is answered with slow_down, %i', async (slowDownStatus) => {
  const { tenant, poll } = await push({ slowDownStatus });
  expect(refusal(await poll(0))).toEqual(pending);
  for (const early of [2, 5, 10]) {
    const { status, body } = await poll(early);
    expect([status, body.error]).toEqual([slowDownStatus, 'slow_down']);
  }
  expect(refusal(await poll(20))).toEqual(pending);
  tenant.approvePush(ada);
  expect((await poll(10)).body.error).toBe('slow_down');
  expect((await poll(25)).status).toBe(200);
});

test('lives five minutes', async () => {
  const { tenant, poll } = await push({ mfaTokenTTL: 1_000 });
  expect(refusal(await poll(300))).toEqual([401, 'expired_token', 'oob_code is expired']);
  expect(() => {
    tenant.approvePush(ada);
  }).toThrow(/^No push is pending/);
});

test('is the newest one that is approved', async () => {
  const { tenant, token, poll } = await push();
  const newer = await oobCodeFor(tenant, token, 'push');
  tenant.approvePush(ada);
  expect(refusal(await poll())).toEqual(pending);
  expect((await verifyOOB(tenant, token, newer)).status).toBe(200);
});

describe('the inbox page', () => {
  const idIn = (html: string) => /name="push" value="([\w-]+)"/.exec(html)?.[1] ?? '';

  test.each([
    ['approved', 200],
    ['rejected', 400],
  ])('has a button by which a push is %s', async (answer, status) => {
    const { tenant, poll } = await push();
    const id = idIn(await page(tenant));
    const pressed = await postForm(tenant, '/inbox/push', { push: id, answer });
    expect([pressed.status, pressed.headers.location]).toEqual([303, '/inbox#pushes']);
    expect((await poll()).status).toBe(status);
    expect(idIn(await page(tenant))).toBe('');
    expect(tenant.requests.filter(({ path }) => path.startsWith('/inbox'))).toEqual([]);
  });

  test('takes no answer for a push it does not know, nor an answer that is none', async () => {
    const { tenant, poll } = await push();
    const id = idIn(await page(tenant));
    await postForm(tenant, '/inbox/push', { push: 'other', answer: 'approved' });
    await postForm(tenant, '/inbox/push', { push: id, answer: 'maybe' });
    await postForm(tenant, '/inbox/push', {});
    expect(refusal(await poll())).toEqual(pending);
  });

  test('says which users there are, and what they would type', async () => {
    const tenant = await mfaTenant([
      { type: 'otp' },
      { type: 'sms' },
      { type: 'voice', phoneNumber: '+12025550199' },
      { type: 'push' },
      { type: 'recovery-code' },
    ]);
    tenant.users.push({ email: '<b>@example.com' });
    await mfaToken(tenant);
    toNextStep(tenant);
    const text = await textOf(tenant, 'users');
    expect(text).toContain(`${ada} · ${phone}`);
    expect(text).toContain(`Authenticator app ${tenant.totp(ada)} Copy`);
    expect(text).toContain(`Recovery code ${tenant.recoveryCode(ada)} Copy`);
    for (const part of [`SMS to ${phone}`, 'Voice call to +12025550199', 'Push', `Email to ${ada}`]) {
      expect(text).toContain(part);
    }
    expect(await page(tenant)).not.toContain('<b>');
    expect(text).not.toContain('not verified yet');
  });

  test('says that a code of an app was used, and when the next one comes', async () => {
    const tenant = await mfaTenant([{ type: 'otp' }]);
    const token = await mfaToken(tenant);
    toNextStep(tenant);
    tenant.clock.advance(10);
    expect(await textOf(tenant, 'users')).toMatch(/ next in (20|19) s/);
    await verifyOTP(tenant, token, tenant.totp(ada));
    expect(await textOf(tenant, 'users')).toMatch(/ used, next in (20|1\d) s/);
  });

  test('tells a factor that is being enrolled from one that is active', async () => {
    const tenant = await mfaTenant();
    await associateOOB(tenant, await mfaToken(tenant), 'auth0');
    expect(await textOf(tenant, 'pushes')).toContain('Scan the QR code?');
    expect(await textOf(tenant, 'users')).toContain('Push not verified yet');
  });
});
