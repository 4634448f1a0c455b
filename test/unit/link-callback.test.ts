import { describe, expect, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import { FAILURES } from '../../lib/errors.js';
import type { PasswordlessStrategy } from '../../lib/strategy.js';
import { dispatcherOf } from '../support/dispatcher.js';
import { type Action, ADDRESS, auth0, authenticate, createStrategy, post, serverSession, start } from './harness.js';
import { settled } from './support.js';

const callbackURL = 'https://app.example/login/callback';

/** A session in which a link is pending, and how its browser comes back. */
async function sent(strategy: PasswordlessStrategy, sentTo = recordingOf(strategy)) {
  const session = serverSession();
  await authenticate(strategy, post(ADDRESS, session), { ...start, send: 'link', callbackURL });
  const state = sentTo.states.at(-1);
  return {
    session,
    open: (query: object, options?: AuthenticateOptions): Promise<Action[]> =>
      authenticate(strategy, { method: 'GET', headers: {}, session, query: { state, ...query } }, options),
  };
}

const dispatchers = new WeakMap<object, ReturnType<typeof recording>>();
const recordingOf = (strategy: PasswordlessStrategy) => {
  const found = dispatchers.get(strategy);
  if (!found) throw new Error('made by create only');
  return found;
};

/** Answers as `auth0` does, and notes the states of the links that were asked for. */
function recording(answers: Parameters<typeof auth0>[0]) {
  const { paths, request } = auth0(answers);
  const states: string[] = [];
  return {
    paths,
    states,
    ...dispatcherOf((asked) => {
      if (asked.path === '/passwordless/start') {
        const body = JSON.parse(asked.body ?? '') as { authParams?: { state: string } };
        if (body.authParams) states.push(body.authParams.state);
      }
      return request(asked);
    }),
  };
}

function create(answers: Parameters<typeof auth0>[0]) {
  const dispatcher = recording(answers);
  const strategy = createStrategy({ dispatcher });
  dispatchers.set(strategy, dispatcher);
  return { strategy, exchanges: () => dispatcher.paths.filter((path) => path === '/oauth/token').length };
}

const refusal = (error: string, description: string) => () => ({
  status: 403,
  body: { error, error_description: description },
});
const codeIn = ([action]: Action[]) => action?.[1] as { code: string; message: string };

describe('the exchange of a link', () => {
  test('is shared by nobody else, and by no other code', async () => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const refuse = refusal('invalid_grant', 'Invalid authorization code');
    const { strategy, exchanges } = create({ '/oauth/token': () => held.then(refuse) });
    const [one, other] = [await sent(strategy), await sent(strategy)];
    const opened = [
      one.open({ code: 'a' }),
      one.open({ code: 'b' }),
      other.open({ code: 'a' }),
      one.open({ code: 'a' }),
    ];
    for (let round = 0; round < 5; round += 1) await settled();
    expect(exchanges()).toBe(3);
    answer();
    await Promise.all(opened);
  });

  test.each([
    ['wrong_code', 'Wrong phone number, email or verification code.'],
    ['code_expired', 'The verification code has expired. Please try to login again.'],
    ['too_many_attempts', "You've reached the maximum number of attempts. Please try to login again."],
  ])('that Auth0 refuses as %s is said of a link, whose user typed no code', async (code, description) => {
    const { strategy } = create({});
    const { open } = await sent(strategy);
    const info = codeIn(await open({ error: 'unauthorized', error_description: description }));
    expect(info).toMatchObject({ code, message: expect.stringMatching(/^This link/) as string });
  });

  test('that Auth0 refuses without a description is access_denied, in its own words', async () => {
    const { strategy, exchanges } = create({});
    const { open } = await sent(strategy);
    const info = codeIn(await open({ error: 'access_denied' }));
    expect(info.code).toBe('access_denied');
    expect(info.message).not.toMatch(/link/);
    expect(exchanges()).toBe(0);
  });
});

describe('a link whose user has to prove a second factor', () => {
  const answers = { '/oauth/token': () => ({ status: 403, body: { error: 'mfa_required', mfa_token: 'the-token' } }) };

  test('fails as mfa_required, and stays pending as that', async () => {
    const { strategy } = create(answers);
    const { open, session } = await sent(strategy);
    const info = codeIn(await open({ code: 'a' }));
    expect(info).toMatchObject({ code: 'mfa_required', message: FAILURES.mfa_required[1] });
    const pending = await strategy.pending(post({}, session));
    expect(pending).toMatchObject({ stage: 'mfa', connection: 'email', to: 'a•••@example.com' });
  });

  test('goes where mfaRedirect leads', async () => {
    const { strategy } = create(answers);
    const { open } = await sent(strategy);
    expect(await open({ code: 'a' }, { mfaRedirect: '/login/mfa' })).toEqual([['redirect', '/login/mfa', 303]]);
  });
});
