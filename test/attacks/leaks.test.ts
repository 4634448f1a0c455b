// SECURITY.md: secrets, codes, tokens or addresses leak into logs.
import { PasswordlessStrategy, type RequestLike } from 'passport-auth0-passwordless';
import { startLocalTenant } from 'passport-auth0-passwordless/testing';
import { expect, onTestFinished, test } from 'vitest';
import { type Action, authenticate, post, start } from '../support/strategy.js';
import { diagnostics } from '../support/diagnostics.js';
import { errorFrom, shown } from '../support/errors.js';
import { createTap } from '../support/tap.js';

const ada = 'ada@example.com';
const phone = '+12025550123';
const IP = '8.8.4.4';
const transactionSecret = 'a transaction secret of 32 bytes or more';

/** Members of a body or an answer that nobody may read in a log. */
const SECRET =
  /^(client_secret|username|email|phone_number|otp|code|state|nonce|mfa_token|oob_code|binding_code|recovery_code|recovery_codes|access_token|id_token|refresh_token|secret|barcode_uri)$/;

function secretsIn(value: unknown, isSecret = false): string[] {
  if (typeof value === 'string') return isSecret ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    secretsIn(member, SECRET.test(name) || (isSecret && Array.isArray(value))),
  );
}

/** Runs every step, well and badly, and keeps what each ended in and all that went over the wire. */
async function recordedRun() {
  const told = diagnostics();
  let wantsMfa = false;
  const tenant = await startLocalTenant({
    mfa: () => wantsMfa,
    users: [{ email: ada, phoneNumber: phone, factors: [{ type: 'otp' }, { type: 'sms' }, { type: 'recovery-code' }] }],
  });
  const { dispatcher, exchanges } = createTap();
  const { domain, clientID, clientSecret } = tenant;
  const signedIn = { refreshToken: '', accessToken: '', sub: '' };
  const strategy = new PasswordlessStrategy(
    {
      domain,
      clientID,
      clientSecret,
      transactionSecret,
      dispatcher,
      callbackURL: 'http://127.0.0.1/cb',
      resendCooldown: 0,
      scope: 'openid profile email offline_access',
    },
    ({ refreshToken, accessToken, claims }, profile) => {
      Object.assign(signedIn, { refreshToken, accessToken, sub: claims.sub });
      return Promise.resolve({ id: profile.id });
    },
  );
  onTestFinished(async () => {
    await strategy.auth0.close();
    await tenant.close();
  });
  const kept: { what: string; text: string }[] = [];
  const keep = (what: string, value: unknown) => kept.push({ what, text: shown(value) });
  const log = () => keep('the strategy', [strategy, strategy.mfa, strategy.auth0]);
  const save = (done: () => void) => {
    done();
  };
  const session: object = { save };
  const typed: string[] = [];

  async function act(
    what: string,
    body: object,
    options: object = {},
    over: Partial<RequestLike> = {},
  ): Promise<Action[]> {
    typed.push(...secretsIn(body));
    const actions = await authenticate(strategy, { ...post(body, session), ip: IP, ...over }, options);
    // What verify made of the profile is the app's own, and the next recovery code is there to be shown.
    const told = actions.map(([name, first, info]) =>
      name === 'success' ? [name, { ...(info as object), recoveryCode: '' }] : [name, first, info],
    );
    keep(what, told);
    // Alone, too: the stack and the causes of an error show only where it is what is logged.
    keep(what, actions[0]?.[1]);
    keep(`${what}, pending`, await strategy.pending(post({}, session)));
    log();
    return actions;
  }
  const fault = async (
    what: string,
    path: string,
    respond: Parameters<typeof tenant.fault>[0]['respond'],
    step: () => Promise<unknown>,
  ) => {
    tenant.fault({ path, respond });
    keep(what, await step().catch((error: unknown) => error));
    log();
  };
  const code = () => ({ otp: tenant.inbox.latest(ada)?.code ?? '' });
  const echoed = (body: string) => ({
    status: 500,
    headers: { 'content-type': 'text/html' },
    body: `<html>${ada} ${phone} ${clientSecret} ${body}`,
  });

  for (const respond of ['reset', 'truncate', echoed('')] as const) {
    await fault('start', '/passwordless/start', respond, () => act('start', { email: ada }, start));
  }
  await act('start by SMS', { phone_number: phone }, start);
  await act('start', { email: ada }, start);
  for (const respond of ['reset', 'truncate', echoed(code().otp)] as const) {
    await fault('code', '/oauth/token', respond, () => act('code', code()));
  }
  await fault(
    'refused',
    '/oauth/token',
    { status: 403, headers: {}, body: JSON.stringify({ error: code().otp, error_description: ada }) },
    () => act('code', code()),
  );
  await act('wrong code', { otp: '000000' });
  await act('code', code());

  await act('start of a link', { email: ada }, { ...start, send: 'link' });
  const link = await fetch(tenant.inbox.latest(ada)?.link ?? '', { redirect: 'manual' });
  const query = Object.fromEntries(new URL(link.headers.get('location') ?? '').searchParams);
  await act('forged callback', {}, {}, { method: 'GET', query: { ...query, state: 'forged' } });
  tenant.fault({
    path: '/oauth/token',
    respond: {
      status: 200,
      headers: {},
      body: JSON.stringify({
        access_token: 'the-access-token',
        token_type: 'Bearer',
        expires_in: 1,
        id_token: `x.${ada}.y`,
      }),
    },
  });
  await act('callback', {}, {}, { method: 'GET', query });
  typed.push(...secretsIn(query));

  wantsMfa = true;
  await act('start', { email: ada }, start);
  await act('code, then a second factor', code());
  const list = await strategy.mfa.list(post({}, session));
  const [{ id } = { id: '' }] = list.filter(({ channel }) => channel === 'sms');
  keep('list and challenge', [list, await strategy.mfa.challenge(post({}, session), { authenticatorId: id })]);
  const factor = { otp: tenant.inbox.latest(phone)?.code ?? '' };
  for (const respond of ['reset', 'truncate', echoed(factor.otp)] as const) {
    await fault('factor', '/oauth/token', respond, () => act('factor', factor));
    await fault('list', '/mfa/authenticators', respond, () => strategy.mfa.list(post({}, session)));
  }
  await act('wrong factor', { otp: '000000' });
  await act('factor', factor);

  const { refreshToken, accessToken, sub } = signedIn;
  const { auth0, factors } = strategy;
  for (const respond of ['reset', 'truncate', echoed(refreshToken), echoed(accessToken)] as const) {
    await fault('refresh', '/oauth/token', respond, () => auth0.refresh(refreshToken, { sub }));
    await fault('revoke', '/oauth/revoke', respond, () => auth0.revoke(refreshToken));
    await fault('userInfo', '/userinfo', respond, () => auth0.userInfo(accessToken));
    await fault('factors', '/mfa/authenticators', respond, () => factors.list(accessToken));
    await fault('removal', '/mfa/authenticators/totp%7C1', respond, () => factors.remove(accessToken, 'totp|1'));
  }
  keep('factors of a token that is not good', await errorFrom(() => factors.list(accessToken)));
  keep('a refresh for another', await errorFrom(() => auth0.refresh(refreshToken, { sub: 'email|somebody-else' })));
  keep('a refresh that is refused', await errorFrom(() => auth0.refresh('v1.made-up')));

  const required = JSON.stringify({ error: 'mfa_required', error_description: ada, mfa_token: 'the-mfa-token\n' });
  await act('start', { email: ada }, start);
  tenant.fault({ path: '/oauth/token', respond: { status: 403, headers: {}, body: required } });
  await act('code, then a second factor', code());
  keep('a token that fits into no header', await errorFrom(() => strategy.mfa.list(post({}, session))));
  const sealed = String(Object.values(session).find((each) => typeof each === 'string')).slice(40, 80);
  // Digits of a duration are no code, though they may look like one.
  const messages = [...told.outcomes, ...told.requests.map(([, message]) => message)].map((message) => ({
    ...message,
    duration: 0,
  }));
  keep('diagnostics', messages);
  return { exchanges, kept, typed, clientSecret, messages, personal: [sub, IP, sealed] };
}

test('no outcome, error or log of a recorded run shows a secret, code, token or address', async () => {
  const { exchanges, kept, typed, clientSecret, messages, personal } = await recordedRun();
  const wire = exchanges.flatMap(({ body, answer }) => [...secretsIn(body), ...secretsIn(answer)]);
  const secrets = [
    ...new Set([...wire, ...typed, ada, phone, clientSecret, transactionSecret, 'the-mfa-token']),
  ].filter((secret) => secret.length >= 6);
  // What it looks for is really there, and what it looks through as well.
  for (const secret of [ada, phone, clientSecret, 'the-mfa-token', 'the-access-token'])
    expect(secrets).toContain(secret);
  expect(secrets.length).toBeGreaterThan(15);
  expect(new Set(kept.map(({ what }) => what)).size).toBeGreaterThan(10);

  // What an app may show its user, but no log of calls and outcomes.
  const log = shown(messages);
  expect(messages.length).toBeGreaterThan(100);
  for (const each of personal) {
    expect(each.length).toBeGreaterThan(5);
    expect(log).not.toContain(each);
  }

  const forms = (secret: string) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  for (const { what, text } of kept) {
    for (const secret of secrets) {
      for (const form of forms(secret)) expect(text.includes(form), `${what} shows ${secret}: ${text}`).toBe(false);
    }
  }
});
