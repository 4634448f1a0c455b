import { mfaMiddleware, type MfaSession, PasswordlessError } from 'passport-auth0-passwordless';
import { describe, expect, test, vi } from 'vitest';
import { express, koa } from './handlers.js';

function setUp(fails = false) {
  const step = (name: string) =>
    vi.fn((req: object, options?: object) =>
      fails ? Promise.reject(new PasswordlessError('transaction_missing')) : Promise.resolve({ name, options, req }),
    );
  const steps = { list: step('list'), challenge: step('challenge'), enroll: step('enroll') };
  const mfa = { ...steps, refuseCrossSite: () => undefined };
  return { mfa, middleware: mfaMiddleware({ mfa: mfa as unknown as MfaSession }) };
}

const phone = '+12025550123';

describe.each([
  ['list', {}, undefined],
  ['challenge', { authenticator_id: 'sms|dev_1' }, { authenticatorId: 'sms|dev_1' }],
  ['enroll', { type: 'sms', phone_number: phone, email: '' }, { type: 'sms', phoneNumber: phone, email: '' }],
] as const)('mfaMiddleware.%s', (name, body, options) => {
  test(`${name} puts its result on an Express or Fastify request and calls back`, async () => {
    const req = { headers: {}, body };
    expect(await express(setUp().middleware[name](), req)).toBe('passed');
    expect(req).toMatchObject({ mfa: { name, options } });
  });

  test(`${name} puts its result on Koa's context and waits for the next middleware`, async () => {
    const ctx = { request: { body } };
    expect(await koa(setUp().middleware[name](), ctx)).toBe('passed');
    expect(ctx).toMatchObject({ mfa: { name, options } });
  });

  test.each([
    ['an Express or Fastify request', express, { headers: {}, body }],
    ["Koa's context", koa, { request: { body } }],
  ])(`${name} passes an error on for %s, and sets no result`, async (_host, call, req) => {
    expect(await call(setUp(true).middleware[name](), req)).toMatchObject({ code: 'transaction_missing', status: 403 });
    expect(req).not.toHaveProperty('mfa');
  });
});

test.each([undefined, null, 'text', []])('a challenge with the body %j names no authenticator', async (body) => {
  const { middleware, mfa } = setUp();
  await express(middleware.challenge(), { headers: {}, body });
  expect(mfa.challenge.mock.lastCall?.[1]).toEqual({ authenticatorId: undefined });
});
