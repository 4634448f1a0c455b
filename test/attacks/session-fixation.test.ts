// SECURITY.md: a session is fixed before the login, or restored after it.
import session from 'express-session';
import type { User } from 'passport-auth0-passwordless/testing';
import { expect, test } from 'vitest';
import { ada, eve, phone, setUp, type Setup, setUpCode } from '../support/app.js';
import { sessionKey } from '../support/host.js';
import { createTap } from '../support/tap.js';

/** An attacker makes a session, and plants its cookie in the victim's browser. */
async function planted(setup: Setup = {}) {
  const app = await setUp(setup);
  const made = await app.browser().post('/start').send({ email: eve });
  const cookie = String(made.headers['set-cookie']).split(';')[0] ?? '';
  const victim = app.browser();
  victim.jar.setCookie(cookie, '127.0.0.1');
  // Supertest sends a request's own cookie header in addition to the jar's, so the attacker has an empty jar.
  const attacker = (path: string) => app.browser().get(path).set('cookie', cookie);
  expect((await victim.get('/pending')).body, 'the cookie is planted').toMatchObject({
    pending: { to: 'e•••@example.com' },
  });
  return { ...app, victim, attacker };
}

test('a planted session is not signed in when its victim signs in', async () => {
  const { victim, attacker, code } = await planted();
  await victim.post('/start').send({ email: ada });
  expect((await victim.post('/code').send({ otp: code() })).status).toBe(200);
  expect((await attacker('/me')).body).toEqual({ user: null });
  expect((await attacker('/pending')).body).toEqual({ pending: null });
});

test('a planted session neither sees nor continues the second factor of its victim', async () => {
  const users: User[] = [{ email: ada, phoneNumber: phone, factors: [{ type: 'sms' }] }];
  const { victim, attacker, code } = await planted({ tenant: { mfa: 'always', users } });
  await victim.post('/start').send({ email: ada });
  expect((await victim.post('/code').send({ otp: code() })).body).toMatchObject({ code: 'mfa_required' });
  expect((await attacker('/pending')).body).toEqual({ pending: null });
  expect((await attacker('/mfa/list')).body).toMatchObject({ error: { code: 'transaction_missing' } });
  expect((await victim.get('/pending')).body).toMatchObject({ pending: { stage: 'mfa' } });
});

test('a double submit restores neither the planted session nor one in which the login is still pending', async () => {
  const store = new session.MemoryStore();
  const tap = createTap();
  const [first, second] = [tap.hold('/oauth/token'), tap.hold('/oauth/token')];
  const { victim, attacker, code, sent } = await planted({ store, strategy: { dispatcher: tap.dispatcher } });
  await victim.post('/start').send({ email: ada });
  const otp = code();
  // The right code signs in; the wrong one is answered meanwhile.
  const right = victim.post('/code').send({ otp }).then();
  await first.arrived;
  const again = victim.post('/code').send({ otp }).then();
  const wrong = victim.post('/code').send({ otp: '000000' }).then();
  await second.arrived;
  first.open();
  second.open();
  const [{ status: won }, , { status: lost }] = await Promise.all([right, again, wrong]);
  expect([won, lost]).toEqual([200, 401]);
  expect(sent('/oauth/token')).toHaveLength(2);
  expect((await attacker('/me')).body).toEqual({ user: null });
  expect((await attacker('/pending')).body).toEqual({ pending: null });
  expect(JSON.stringify(await sessionsIn(store))).not.toContain(sessionKey);
});

test('a start whose response comes after the login restores no session', async () => {
  const store = new session.MemoryStore();
  const tap = createTap();
  const { agent, code } = await setUpCode({ store, strategy: { dispatcher: tap.dispatcher } });
  const { arrived, open } = tap.hold('/passwordless/start');
  const late = agent.post('/start').send({ email: 'bob@example.com' }).then();
  await arrived;
  expect((await agent.post('/code').send({ otp: code() })).status).toBe(200);
  open();
  await late;
  const sessions: unknown[] = Object.values(await sessionsIn(store));
  expect(sessions).toHaveLength(1);
  expect(sessions[0]).toHaveProperty('passport');
});

function sessionsIn(store: session.MemoryStore): Promise<object> {
  return new Promise((resolve) => {
    store.all((_error, sessions) => {
      resolve(sessions ?? {});
    });
  });
}
