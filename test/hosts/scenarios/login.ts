import type { OptionRequest } from 'passport-auth0-passwordless';
import { describe, expect, test } from 'vitest';
import { ada, setUp } from '../../support/app.js';
import type { Host } from '../../support/host.js';

const user = { id: expect.any(String) as string, name: ada };

export function loginScenarios(host: Host) {
  describe('a code', () => {
    test('signs in by redirects, and tells of itself as pending until then', async () => {
      const app = await setUp({ host });
      const browser = app.browser();
      const started = await browser.post('/pages/start').type('form').send({ email: ' Ada@example.com ' });
      expect([started.status, started.headers.location]).toEqual([303, '/pending']);
      expect((await browser.get('/pending')).body).toMatchObject({
        pending: { stage: 'code', connection: 'email', to: 'a•••@example.com' },
      });
      expect(app.reached).toEqual([]);

      const signedIn = await browser.post('/pages/code').type('form').send({ otp: app.code() });
      expect([signedIn.status, signedIn.body]).toEqual([200, { user, info: { connection: 'email', method: 'code' } }]);
      expect(app.reached).toEqual(['/pages/code']);
      expect((await browser.get('/me')).body).toEqual({ user });
      expect((await browser.get('/pending')).body).toEqual({ pending: null });
    });

    test('signs in by a custom callback, behind a start whose own handler answers', async () => {
      const app = await setUp({ host });
      const browser = app.browser();
      const started = await browser.post('/start').send({ phone_number: '+1 202 555 0123' });
      expect(started.body).toMatchObject({ pending: { stage: 'code', connection: 'sms' } });
      const signedIn = await browser.post('/code').send({ otp: app.code('+12025550123') });
      expect(signedIn.body).toMatchObject({ user: {}, info: { connection: 'sms', method: 'code' } });
      expect((await browser.get('/me')).body).toMatchObject({ user: { name: '+12025550123' } });
    });

    test('can be sent again', async () => {
      const app = await setUp({ host });
      const browser = app.browser();
      await browser.post('/pages/start').send({ email: ada });
      const again = await browser.post('/pages/resend');
      expect([again.status, again.headers.location]).toEqual([303, '/pending']);
      expect(app.tenant.requests.filter(({ path }) => path === '/passwordless/start')).toHaveLength(2);
      expect((await browser.post('/pages/code').send({ otp: app.code() })).body).toMatchObject({ user });
    });

    test('is pending for a client that goes on at the headers of the answer, as fetch does', async () => {
      const { origin } = await setUp({ host });
      const body = new URLSearchParams({ email: ada });
      const started = await fetch(`${origin}/start`, { method: 'POST', body });
      expect(started.status).toBe(200);
      const cookie = started.headers.getSetCookie().map((each) => each.split(';')[0]);
      const page = await fetch(`${origin}/pending`, { headers: { cookie: cookie.join('; ') } });
      expect(await page.json()).toMatchObject({ pending: { stage: 'code' } });
    });

    test('that is posted twice at once is one login', async () => {
      let verified = 0;
      const verify = () => Promise.resolve({ name: ada, number: (verified += 1) });
      const app = await setUp({ host, verify });
      const browser = app.browser();
      await browser.post('/pages/start').send({ email: ada });
      const submit = () => browser.post('/code').send({ otp: app.code() });
      const answers = await Promise.all([submit(), submit()]);
      // One that comes when the other is done is too late, and is told so.
      expect(answers.map(({ status }) => status).filter((status) => ![200, 401, 403].includes(status))).toEqual([]);
      expect([verified, (await browser.get('/me')).body]).toEqual([1, { user: { name: ada, number: 1 } }]);
    });

    test('is pending no more when verify refuses its user', async () => {
      const app = await setUp({ host, verify: () => Promise.resolve(false) });
      const browser = app.browser();
      await browser.post('/pages/start').send({ email: ada });
      expect((await browser.post('/code').send({ otp: app.code() })).body).toMatchObject({ code: 'refused' });
      expect((await browser.get('/pending')).body).toEqual({ pending: null });
    });
  });

  describe('a link', () => {
    test('is one of three, whichever is opened', async () => {
      const app = await setUp({ host });
      const browser = app.browser();
      await browser.post('/pages/link').send({ email: ada });
      const first = await app.openLink();
      await browser.post('/pages/link').send({ email: 'bob@example.com' });
      await browser.post('/pages/link').send({ email: 'carol@example.com' });
      expect((await browser.get(`/pages${first}`)).body).toMatchObject({ user });
    });
  });

  describe('the request', () => {
    test("tells Auth0 the end user's address as the host knows it", async () => {
      const app = await setUp({ host });
      await app.browser().post('/pages/start').set('X-Forwarded-For', '8.8.8.8').send({ email: ada });
      expect(app.tenant.requests[0]?.headers).toMatchObject({ 'auth0-forwarded-for': '8.8.8.8' });
    });

    test('is what an option of the strategy reads, and what verify gets with passReqToCallback', async () => {
      const users: unknown[] = [];
      const app = await setUp({
        host,
        strategy: {
          passReqToCallback: true,
          language: ({ headers, query }: OptionRequest) =>
            (query.lang as string | undefined) ?? headers['accept-language'],
        } as object,
        verify: ((req: { body: { otp: string } }) => {
          users.push(req.body.otp);
          return Promise.resolve({ name: ada });
        }) as never,
      });
      const browser = app.browser();
      await browser.post('/pages/start?lang=fr').set('Accept-Language', 'de').send({ email: ada });
      expect(app.tenant.inbox.latest(ada)?.language).toBe('fr');
      await browser.post('/pages/resend').set('Accept-Language', 'de').send({});
      expect(app.tenant.inbox.latest(ada)?.language).toBe('de');
      const otp = app.code();
      expect((await browser.post('/pages/code').send({ otp })).body).toMatchObject({ user: { name: ada } });
      expect(users).toEqual([otp]);
    });
  });
}
