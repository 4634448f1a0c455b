import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { RequestLike } from '../../lib/request.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import type { VerifyFunction } from '../../lib/verify.js';
import { CLIENT, hostileAuth0 } from './hostile-auth0.js';
import { settled } from './errors.js';

export const start = { action: 'start' } as const;
export const ADDRESS = { email: 'ada@example.com' };
export const CODE = { otp: '123456' };
export const signedIn: VerifyFunction = (_tokens, { id }) => Promise.resolve({ id });

export function createStrategy(options: Partial<StrategyOptions> = {}, verify = signedIn): PasswordlessStrategy {
  // Without what it keeps, which the tests of logs must not find in a strategy.
  const { dispatch } = hostileAuth0();
  const ours = { idTokenSigningAlg: 'HS256', dispatcher: { dispatch }, resendCooldown: 0 } as const;
  return new PasswordlessStrategy({ ...CLIENT, ...ours, ...options, passReqToCallback: false }, verify);
}

export type Action = [name: string, ...args: unknown[]];

/** Runs the strategy as Passport does, and returns the actions it took, once it has taken one and had time for more. */
export async function authenticate(
  strategy: PasswordlessStrategy,
  req: RequestLike,
  options?: AuthenticateOptions,
  onAction: (name: string) => void = () => undefined,
): Promise<Action[]> {
  const taken: Action[] = [];
  const running = Object.create(strategy) as PasswordlessStrategy;
  await new Promise<void>((resolve) => {
    for (const name of ['success', 'fail', 'redirect', 'pass', 'error']) {
      const action = (...args: unknown[]) => {
        taken.push([name, ...args]);
        resolve();
        onAction(name);
      };
      Object.assign(running, { [name]: action });
    }
    running.authenticate(req, options);
  });
  for (let round = 0; round < 5; round += 1) await settled();
  return taken;
}

/** A POST with a session. */
export const post = (body: object = {}, session: object = {}, headers: RequestLike['headers'] = {}): RequestLike => ({
  method: 'POST',
  headers,
  body,
  session,
  query: {},
});

/** A session that has room for a second factor, since it is kept on the server. */
export const serverSession = () => ({
  save: (done: () => void) => {
    done();
  },
});

/** A session in which a code is pending. */
export async function pendingSession(strategy: PasswordlessStrategy): Promise<object> {
  const session = {};
  const actions = await authenticate(strategy, post(ADDRESS, session), start);
  if (actions[0]?.[0] !== 'pass') throw new Error('nothing was sent');
  return session;
}
