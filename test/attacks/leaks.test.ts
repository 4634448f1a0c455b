// SECURITY.md: secrets, codes, tokens or addresses leak into logs.
import { PasswordlessStrategy, type RequestLike } from 'passport-auth0-passwordless';
import { type LocalTenant, startLocalTenant } from 'passport-auth0-passwordless/testing';
import { expect, onTestFinished, test } from 'vitest';
import { ada, callbackURL, phone } from '../support/app.js';
import { diagnostics } from '../support/diagnostics.js';
import { errorFrom, shown } from '../support/errors.js';
import { authenticate, post, serverSession, start } from '../support/strategy.js';
import { createTap } from '../support/tap.js';

const IP = '8.8.4.4';
const transactionSecret = 'a transaction secret of 32 bytes or more';

/** Members of requests and responses whose values must be in no log. */
const SECRET =
  /^(client_secret|username|email|phone_number|otp|code|state|nonce|mfa_token|oob_code|binding_code|recovery_code|recovery_codes|access_token|id_token|refresh_token|secret|barcode_uri)$/;

function secretsIn(value: unknown, isSecret = false): string[] {
  if (typeof value === 'string') return isSecret ? [value] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    secretsIn(member, SECRET.test(name) || (isSecret && Array.isArray(value))),
  );
}

type Respond = Parameters<LocalTenant['fault']>[0]['respond'];

/** A strategy and its tenant; `kept` has whatever an app could log of each step. */
async function setUp() {
  const policy = { wantsMfa: false };
  const tenant = await startLocalTenant({
    mfa: () => policy.wantsMfa,
    users: [{ email: ada, phoneNumber: phone, factors: [{ type: 'otp' }, { type: 'sms' }, { type: 'recovery-code' }] }],
  });
  const { dispatcher, exchanges } = createTap();
  const { domain, clientID, clientSecret } = tenant;
  const signedIn = { refreshToken: '', accessToken: '', sub: '' };
  const ours = { transactionSecret, dispatcher, callbackURL, resendCooldown: 0 };
  const strategy = new PasswordlessStrategy(
    { domain, clientID, clientSecret, ...ours, scope: 'openid profile email offline_access' },
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
  const typed: string[] = [];
  const session: object = serverSession();
  const keep = (what: string, value: unknown) => {
    for (const each of [value, [strategy, strategy.mfa, strategy.auth0]]) kept.push({ what, text: shown(each) });
  };

  async function act(what: string, body: object, options: object = {}, over: Partial<RequestLike> = {}) {
    typed.push(...secretsIn(body), ...secretsIn(over.query));
    const actions = await authenticate(strategy, { ...post(body, session), ip: IP, ...over }, options);
    // The user is the app's own, and the next recovery code is there to be shown.
    const told = actions.map(([name, first, info]) =>
      name === 'success' ? [name, { ...(info as object), recoveryCode: '' }] : [name, first, info],
    );
    keep(what, told);
    // By itself, too: only then are an error's stack and causes shown.
    keep(what, actions[0]?.[1]);
    keep(`${what}, pending`, await strategy.pending(post({}, session)));
  }

  /** The step while Auth0 breaks off its response, or repeats in an error page what it was sent. */
  async function fail(what: string, path: string, step: () => Promise<unknown>, echoed: string) {
    const body = `<html>${ada} ${phone} ${clientSecret} ${echoed}`;
    const page = { status: 500, headers: { 'content-type': 'text/html' }, body };
    for (const respond of ['reset', 'truncate', page] as Respond[]) {
      tenant.fault({ path, respond });
      keep(what, await step().catch((error: unknown) => error));
    }
  }

  return { policy, tenant, strategy, exchanges, signedIn, kept, keep, typed, session, act, fail };
}

/** Takes every step, successfully and not. */
async function recordedRun() {
  const published = diagnostics();
  const { policy, tenant, strategy, signedIn, keep, session, act, fail, ...recorded } = await setUp();
  const code = (to = ada) => ({ otp: tenant.inbox.latest(to)?.code ?? '' });
  const respondOnce = (status: number, body: object) => {
    tenant.fault({ path: '/oauth/token', respond: { status, body } });
  };

  await fail('start', '/passwordless/start', () => act('start', { email: ada }, start), '');
  await act('start by SMS', { phone_number: phone }, start);
  await act('start', { email: ada }, start);
  await fail('code', '/oauth/token', () => act('code', code()), code().otp);
  respondOnce(403, { error: code().otp, error_description: ada });
  await act('refused code', code());
  await act('wrong code', { otp: '000000' });
  await act('code', code());

  await act('start of a link', { email: ada }, { ...start, send: 'link' });
  const link = await fetch(tenant.inbox.latest(ada)?.link ?? '', { redirect: 'manual' });
  const query = Object.fromEntries(new URL(link.headers.get('location') ?? '').searchParams);
  await act('forged callback', {}, {}, { method: 'GET', query: { ...query, state: 'forged' } });
  const forged = { access_token: 'the-access-token', token_type: 'Bearer', expires_in: 1, id_token: `x.${ada}.y` };
  respondOnce(200, forged);
  await act('callback', {}, {}, { method: 'GET', query });

  policy.wantsMfa = true;
  await act('start', { email: ada }, start);
  await act('code, then a second factor', code());
  const list = await strategy.mfa.list(post({}, session));
  const [{ id } = { id: '' }] = list.filter(({ channel }) => channel === 'sms');
  keep('list and challenge', [list, await strategy.mfa.challenge(post({}, session), { authenticatorId: id })]);
  const factor = code(phone);
  await fail('factor', '/oauth/token', () => act('factor', factor), factor.otp);
  await fail('list', '/mfa/authenticators', () => strategy.mfa.list(post({}, session)), factor.otp);
  await act('wrong factor', { otp: '000000' });
  await act('factor', factor);

  const { refreshToken, accessToken, sub } = signedIn;
  const { auth0, factors } = strategy;
  const both = `${refreshToken} ${accessToken}`;
  await fail('refresh', '/oauth/token', () => auth0.refresh(refreshToken, { sub }), both);
  await fail('revoke', '/oauth/revoke', () => auth0.revoke(refreshToken), both);
  await fail('userInfo', '/userinfo', () => auth0.userInfo(accessToken), both);
  await fail('factors', '/mfa/authenticators', () => factors.list(accessToken), both);
  await fail('removal', '/mfa/authenticators/totp%7C1', () => factors.remove(accessToken, 'totp|1'), both);
  keep('factors by an invalid token', await errorFrom(() => factors.list(accessToken)));
  keep("another user's refresh", await errorFrom(() => auth0.refresh(refreshToken, { sub: 'email|somebody-else' })));
  keep('refused refresh', await errorFrom(() => auth0.refresh('v1.made-up')));

  await act('start', { email: ada }, start);
  respondOnce(403, { error: 'mfa_required', error_description: ada, mfa_token: 'the-mfa-token\n' });
  await act('code, then a second factor', code());
  keep('a token that fits into no header', await errorFrom(() => strategy.mfa.list(post({}, session))));

  const sealed = String(Object.values(session).find((each) => typeof each === 'string')).slice(40, 80);
  // The digits of a duration may look like a code.
  const messages = [...published.outcomes, ...published.requests.map(([, message]) => message)].map((message) => ({
    ...message,
    duration: 0,
  }));
  keep('diagnostics', messages);
  return { ...recorded, messages, clientSecret: tenant.clientSecret, personal: [sub, IP, sealed] };
}

test('no outcome, error or log of a recorded run shows a secret, code, token or address', async () => {
  const { exchanges, kept, typed, clientSecret, messages, personal } = await recordedRun();
  const calls = exchanges.flatMap(({ body, answer }) => [...secretsIn(body), ...secretsIn(answer)]);
  const known = [ada, phone, clientSecret, transactionSecret, 'the-mfa-token'];
  const secrets = [...new Set([...calls, ...typed, ...known])].filter((secret) => secret.length >= 6);
  // The run really had secrets, and there is something to search.
  for (const secret of [...known, 'the-access-token']) expect(secrets).toContain(secret);
  expect(secrets.length).toBeGreaterThan(15);
  expect(new Set(kept.map(({ what }) => what)).size).toBeGreaterThan(10);

  // An app may show these to the user, but no log of calls and outcomes has them.
  const log = shown(messages);
  expect(messages.length).toBeGreaterThan(100);
  for (const each of personal) {
    expect(each.length).toBeGreaterThan(5);
    expect(log).not.toContain(each);
  }

  for (const secret of secrets) {
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    const leaks = kept.filter(({ text }) => forms.some((form) => text.includes(form)));
    expect(leaks, `shows ${secret}`).toEqual([]);
  }
});
