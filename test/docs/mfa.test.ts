import type express from 'express';
import type { PasswordlessStrategy } from 'passport-auth0-passwordless';
import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { expect, test } from 'vitest';
import { ada, browse, createApp, extract, serve, setUp } from './examples.js';

type AddRoutes = (app: express.Express, strategy: PasswordlessStrategy, signedIn: express.Handler) => void;

const { load } = extract('docs/mfa.md');
const { secondFactorPages } = (await load('pages.ts')) as { secondFactorPages: AddRoutes };
const { loginAPI } = (await load('api.ts')) as { loginAPI: AddRoutes };
const { waitForPush } = (await load('push.ts')) as {
  waitForPush: (url: string, headers: Record<string, string>) => Promise<unknown>;
};

/** The pages and the API in one app, and a tenant that requires a second factor. */
async function setUpMfa(options: LocalTenantOptions) {
  const { tenant, strategy, code } = await setUp({ tenant: { mfa: 'always', ...options } });
  const app = createApp(strategy);
  const signedIn: express.Handler = (req, res) => {
    res.json({ user: req.user, authInfo: req.authInfo });
  };
  secondFactorPages(app, strategy, signedIn);
  loginAPI(app, strategy, signedIn);
  return { tenant, app, code };
}

test('the API signs a user in with a second factor', async () => {
  const { tenant, app, code } = await setUpMfa({ users: [{ email: ada, factors: [{ type: 'otp' }] }] });
  const api = request.agent(app);
  expect((await api.post('/api/login').send({ email: ada })).status).toBe(204);
  const required = await api.post('/api/login/code').send({ otp: code() });
  expect([required.status, required.body]).toMatchObject([401, { code: 'mfa_required' }]);
  const [{ id }] = (await api.get('/api/login/mfa')).body as [{ id: string }];
  const challenge = await api.post('/api/login/mfa/challenge').send({ authenticator_id: id });
  expect(challenge.body).toEqual({ type: 'otp', prompt: true });
  expect((await api.post('/api/login/mfa').send({ otp: '000000' })).body).toMatchObject({ code: 'wrong_code' });
  expect((await api.post('/api/login/mfa').send({ otp: tenant.totp(ada) })).body).toMatchObject({ name: ada });
  expect((await api.post('/api/login/mfa/enroll').send({ type: 'otp' })).status).toBe(403);
});

test('the pages sign a user in with a second factor', async () => {
  const { tenant, app, code } = await setUpMfa({ users: [{ email: ada, factors: [{ type: 'otp' }] }] });
  const { get, post, submit } = browse(app);
  await post('/api/login', { email: ada });
  expect(await submit('/login/code', { otp: code() })).toBe('/login/mfa');
  const [, id] = /value="(.*?)"/.exec((await get('/login/mfa')).text) ?? [];
  expect(await submit('/login/mfa/challenge', { authenticator: id })).toBe('/login/mfa/answer');
  expect((await get('/login/mfa/answer')).text).toContain('recovery_code');
  expect(await submit('/login/mfa', { otp: '000000' })).toBe('/login/mfa/answer');
  expect((await get('/login/mfa/answer')).text).toContain('The code is wrong.');
  const { body } = await post('/login/mfa', { otp: tenant.totp(ada), recovery_code: '' });
  expect(body).toMatchObject({ user: { name: ada }, authInfo: { mfa: { factor: 'otp' } } });
});

test('the pages enrol an authenticator app for a user without a second factor', async () => {
  const { tenant, app, code } = await setUpMfa({ mfaFactors: ['otp', 'recovery-code'] });
  const { get, post } = browse(app);
  await post('/api/login', { email: ada });
  await post('/login/code', { otp: code() });
  expect((await get('/login/mfa')).headers.location).toBe('/login/mfa/enroll');
  expect((await get('/login/mfa/enroll')).text).toContain('Set up an authenticator app');
  expect((await post('/login/mfa/enroll')).text).toMatch(/Key: \w+\. Recovery codes, shown once: \w{24}</);
  expect((await post('/login/mfa', { otp: tenant.totp(ada) })).body).toMatchObject({ user: { name: ada } });
});

test.each([
  ['approvePush', { name: ada }],
  ['rejectPush', { code: 'mfa_rejected' }],
] as const)('the page that waits for a push learns its outcome after %s', async (answer, outcome) => {
  const { tenant, app, code } = await setUpMfa({ users: [{ email: ada, factors: [{ type: 'push' }] }] });
  const origin = await serve(app);
  const api = request.agent(origin);
  await api.post('/api/login').send({ email: ada });
  const required = await api.post('/api/login/code').send({ otp: code() });
  const cookie = required.get('Set-Cookie')?.[0] ?? '';
  const list = (await api.get('/api/login/mfa')).body as { id: string; channel?: string }[];
  const push = list.find(({ channel }) => channel === 'push');
  const challenge = await api.post('/api/login/mfa/challenge').send({ authenticator_id: push?.id });
  expect(challenge.body).toMatchObject({ prompt: false });
  tenant[answer](ada);
  const waited = waitForPush(`${origin}/api/login/mfa`, { cookie });
  await expect(waited.catch((failure: unknown) => failure)).resolves.toMatchObject(outcome);
});
