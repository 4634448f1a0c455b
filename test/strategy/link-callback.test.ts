import { describe, expect, test } from 'vitest';
import type { AuthenticateOptions } from '../../lib/authenticate-options.js';
import { bodyOf, hostileAuth0 } from '../support/hostile-auth0.js';
import { type Action, ADDRESS, authenticate, createStrategy, post, serverSession, start } from '../support/strategy.js';
import { settled } from '../support/errors.js';

const callbackURL = 'https://app.example/login/callback';

type Script = Parameters<typeof hostileAuth0>[0];

function create(script: Script) {
  const auth0 = hostileAuth0(script);
  const strategy = createStrategy({ dispatcher: auth0 });
  return {
    strategy,
    exchanges: () => auth0.paths().filter((path) => path === '/oauth/token').length,
    /** Sends a link: the session in which it is pending, and how its browser comes back. */
    sendLink: async () => {
      const session = serverSession();
      await authenticate(strategy, post(ADDRESS, session), { ...start, send: 'link', callbackURL });
      const request = auth0.sent.findLast(({ path }) => path === '/passwordless/start');
      const { state } = (request && (bodyOf(request).authParams as { state?: string })) ?? {};
      return {
        session,
        open: (query: object, options?: AuthenticateOptions): Promise<Action[]> =>
          authenticate(strategy, { method: 'GET', headers: {}, session, query: { state, ...query } }, options),
      };
    },
  };
}

const refusal = (error: string, description: string) => () => ({
  status: 403,
  body: { error, error_description: description },
});
const codeIn = ([action]: Action[]) => action?.[1] as { code: string; message: string };

describe('the exchange of a link', () => {
  test('is not shared with another link or another code', async () => {
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const refuse = refusal('invalid_grant', 'Invalid authorization code');
    const { sendLink, exchanges } = create({ '/oauth/token': () => held.then(refuse) });
    const [one, other] = [await sendLink(), await sendLink()];
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
  ])('that Auth0 refuses as %s has the message of a link', async (code, description) => {
    const { sendLink } = create({});
    const { open } = await sendLink();
    const info = codeIn(await open({ error: 'unauthorized', error_description: description }));
    expect(info).toMatchObject({ code, message: expect.stringMatching(/^This link/) as string });
  });

  test('that Auth0 refuses without a description is access_denied, with its usual message', async () => {
    const { sendLink, exchanges } = create({});
    const { open } = await sendLink();
    const info = codeIn(await open({ error: 'access_denied' }));
    expect(info.code).toBe('access_denied');
    expect(info.message).not.toMatch(/link/);
    expect(exchanges()).toBe(0);
  });
});

test('mfa_required for a link is an unexpected_response, and consumes only the link', async () => {
  const required = { status: 403, body: { error: 'mfa_required', mfa_token: 'the-token' } };
  const { sendLink, strategy } = create({ '/oauth/token': () => required });
  const { open, session } = await sendLink();
  await authenticate(strategy, post({ email: 'bob@example.com' }, session), start);
  expect(await open({ code: 'a' }, { mfaRedirect: '/login/mfa' })).toMatchObject([
    ['error', { code: 'unexpected_response', message: expect.stringContaining('link') as string }],
  ]);
  expect(await strategy.pending(post({}, session))).toMatchObject({ stage: 'code', to: 'b•••@example.com' });
});
