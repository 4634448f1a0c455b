import type { LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { ada, type Browser, setUp } from '../support/app.js';
import type { Host } from '../support/host.js';
import { expressHosts } from './adapters/express.js';
import { fastifyHosts } from './adapters/fastify.js';
import { koaHosts } from './adapters/koa.js';
import { nest } from './adapters/nest.js';

// What `npm test` asks of every host, by Passport's redirects (`/pages`) and by custom callbacks.

const user = { id: expect.any(String) as string, name: ada };

/** A browser that has posted the right code to a tenant that requires a second factor. */
async function postCode(host: Host, base: string) {
  const tenant: LocalTenantOptions = {
    mfa: 'always',
    users: [{ email: ada, factors: [{ type: 'otp' }] }],
    mfaFactors: ['otp'],
  };
  const app = await setUp({ host, tenant });
  const browser = app.browser();
  await browser.post(`${base}/start`).type('form').send({ email: ' Ada@example.com ' });
  const required = await browser.post(`${base}/code`).type('form').send({ otp: app.code() });
  return { ...app, browser, required };
}

const whoAmI = async (browser: Browser) => ((await browser.get('/me')).body as { user: unknown }).user;

describe.each([...expressHosts, ...fastifyHosts, ...koaHosts, nest].map((host) => [host.name, host] as const))(
  '%s',
  (_name, host) => {
    describe('a code and a second factor', () => {
      if (host.sessions === 'cookie') {
        test.each(['/pages', ''])('do not fit into a cookie: an error names the remedy (%s)', async (base) => {
          const { required, browser } = await postCode(host, base);
          const message = expect.stringContaining('Keep sessions on the server') as string;
          expect([required.status, required.body]).toMatchObject([
            500,
            { error: { code: 'configuration_error', message } },
          ]);
          expect(await whoAmI(browser)).toBeNull();
        });
        return;
      }

      test('sign in by redirects, and are pending until then', async () => {
        const { browser, required, reached, tenant } = await postCode(host, '/pages');
        expect([required.status, required.headers.location]).toEqual([303, '/pending']);
        expect((await browser.get('/pending')).body).toMatchObject({
          pending: { stage: 'mfa', mfa: { code: 'mfa_required', requirements: { challenge: ['otp'] } } },
        });
        expect([await whoAmI(browser), reached]).toEqual([null, []]);
        const otp = tenant.totp(ada);
        const signedIn = await browser.post('/pages/mfa').type('form').send({ otp });
        expect(signedIn.body).toEqual({ user, info: { connection: 'email', method: 'code', mfa: { factor: 'otp' } } });
        expect([await whoAmI(browser), reached]).toEqual([user, ['/pages/mfa']]);
        expect((await browser.get('/pending')).body).toEqual({ pending: null });
      });

      test('sign in by custom callbacks, without a token in any response', async () => {
        const { browser, required, tenant } = await postCode(host, '');
        expect([required.status, required.body]).toMatchObject([401, { code: 'mfa_required' }]);
        expect(JSON.stringify(required.body)).not.toContain('token');
        const signedIn = await browser.post('/mfa').send({ otp: tenant.totp(ada) });
        expect([signedIn.status, signedIn.body]).toMatchObject([200, { user, info: { mfa: { factor: 'otp' } } }]);
        expect(await whoAmI(browser)).toEqual(user);
      });
    });

    describe('a link', () => {
      test.each(['/pages', ''])('signs in only the browser that requested it (%s)', async (base) => {
        const app = await setUp({ host });
        const browser = app.browser();
        const started = await browser.post(`${base}/link`).send({ email: ada });
        expect(started.status).toBe(base === '/pages' ? 303 : 200);
        expect((await browser.get('/pending')).body).toMatchObject({
          pending: { stage: 'link', to: 'a•••@example.com' },
        });
        const callback = await app.openLink();
        expect((await app.browser().get(callback)).body).toMatchObject({ code: 'link_opened_elsewhere' });

        const signedIn = await browser.get(base + callback);
        expect([signedIn.status, signedIn.body]).toEqual([
          200,
          { user, info: { connection: 'email', method: 'link' } },
        ]);
        expect(await whoAmI(browser)).toEqual(user);
        expect((await browser.get(callback)).body).toMatchObject({ code: 'link_opened_elsewhere' });
      });
    });

    describe('a failure', () => {
      test('redirects and leaves its message, or is the info of a custom callback', async () => {
        const app = await setUp({ host });
        const browser = app.browser();
        await browser.post('/start').send({ email: ada });
        const page = await browser.post('/pages/code').type('form').send({ otp: '000000' });
        expect([page.status, page.headers.location, app.reached]).toEqual([302, '/messages', []]);
        const { status, body } = await browser.post('/code').send({ otp: '000000' });
        const { message } = body as { message: string };
        expect([status, body]).toEqual([401, { code: 'wrong_code', message }]);
        expect((await browser.get('/messages')).body).toEqual({ messages: [message] });
        expect(await whoAmI(browser)).toBeNull();
      });
    });
  },
);
