import { mfaMiddleware, type MfaSession, PasswordlessError } from 'passport-auth0-passwordless';
import { describe, expect, test, vi } from 'vitest';

function setUp(fails = false) {
  const step = (name: string) =>
    vi.fn((req: object, options?: object) =>
      fails ? Promise.reject(new PasswordlessError('transaction_missing')) : Promise.resolve({ name, options, req }),
    );
  const steps = { list: step('list'), challenge: step('challenge'), enroll: step('enroll') };
  const mfa = { ...steps, refuseCrossSite: () => undefined };
  return { mfa, middleware: mfaMiddleware({ mfa: mfa as unknown as MfaSession }) };
}

const bodies = {
  list: [{}, undefined],
  challenge: [{ authenticator_id: 'sms|dev_1' }, { authenticatorId: 'sms|dev_1' }],
  enroll: [
    { type: 'sms', phone_number: '+12025550123', email: '' },
    { type: 'sms', phoneNumber: '+12025550123', email: '' },
  ],
} as const;

describe.each(['list', 'challenge', 'enroll'] as const)('%s', (name) => {
  const [body, options] = bodies[name];

  test('puts its result on an Express or Fastify request and calls back', async () => {
    const { middleware } = setUp();
    const req = { headers: {}, body };
    const done = await new Promise((resolve) => {
      const returned = middleware[name]()(req, {}, (...args) => {
        resolve(args);
      });
      expect(returned).toBeUndefined();
    });
    expect(done).toEqual([]);
    expect(req).toMatchObject({ mfa: { name, options } });
  });

  test('hands an error on there', async () => {
    const { middleware } = setUp(true);
    const req = { headers: {}, body };
    const error = await new Promise((resolve) => void middleware[name]()(req, {}, resolve));
    expect(error).toMatchObject({ code: 'transaction_missing', status: 403 });
    expect(req).not.toHaveProperty('mfa');
  });

  test("puts its result on Koa's context and waits for what follows", async () => {
    const { middleware } = setUp();
    const ctx = { request: { body } };
    const order: string[] = [];
    await middleware[name]()(ctx, async () => {
      await Promise.resolve();
      order.push('handler');
    });
    order.push('after');
    expect(order).toEqual(['handler', 'after']);
    expect(ctx).toMatchObject({ mfa: { name, options } });
  });

  test('throws an error there', async () => {
    const { middleware } = setUp(true);
    const next = vi.fn();
    await expect(middleware[name]()({ request: { body } }, next)).rejects.toMatchObject({
      code: 'transaction_missing',
    });
    expect(next).not.toHaveBeenCalled();
  });
});

test('a body that is none is a request with nothing in it', async () => {
  for (const body of [undefined, null, 'text', []]) {
    const { middleware, mfa } = setUp();
    await new Promise((resolve) => void middleware.challenge()({ headers: {}, body }, {}, resolve));
    expect(mfa.challenge.mock.lastCall?.[1]).toEqual({ authenticatorId: undefined });
  }
});
