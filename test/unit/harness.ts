import { SignJWT } from 'jose';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import type { StrategyOptions } from '../../lib/options.js';
import type { RequestLike } from '../../lib/request.js';
import { PasswordlessStrategy } from '../../lib/strategy.js';
import type { VerifyFunction } from '../../lib/verify.js';
import { dispatcherOf } from '../support/dispatcher.js';
import { settled } from './support.js';

export const start = { action: 'start' } as const;
export const ADDRESS = { email: 'ada@example.com' };
export const CODE = { otp: '123456' };
export const SECRET = 'a client secret of 32 bytes or more';
export const signedIn: VerifyFunction = (_tokens, { id }) => Promise.resolve({ id });

type Answer = { status?: number; body?: object } | Error;

/** A dispatcher that answers `/oauth/token` with good tokens, or each path as it is told, and notes the paths asked. */
export function auth0(answers: Record<string, (() => Answer | Promise<Answer>) | undefined> = {}) {
  const paths: string[] = [];
  const request = async ({ path }: { path: string }) => {
    paths.push(path);
    const answer = await (answers[path]?.() ?? { body: path === '/oauth/token' ? await tokens() : {} });
    if (answer instanceof Error) throw answer;
    return { statusCode: answer.status ?? 200, headers: {}, body: [Buffer.from(JSON.stringify(answer.body ?? {}))] };
  };
  return { paths, request, ...dispatcherOf(request) };
}

export async function tokens(sub = 'email|ada', claims: object = {}) {
  const id_token = await new SignJWT({ sub, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer('https://acme.eu.auth0.com/')
    .setAudience('the-client')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(Buffer.from(SECRET));
  return { access_token: 'the-access-token', id_token, token_type: 'Bearer', expires_in: 60 };
}

export function createStrategy(options: Partial<StrategyOptions> = {}, verify = signedIn): PasswordlessStrategy {
  const required = { domain: 'acme.eu.auth0.com', clientID: 'the-client', clientSecret: SECRET };
  const ours = { idTokenSigningAlg: 'HS256', dispatcher: auth0(), resendCooldown: 0 } as const;
  return new PasswordlessStrategy({ ...required, ...ours, ...options, passReqToCallback: false }, verify);
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
