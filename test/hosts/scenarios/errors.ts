import type { Fault } from 'passport-auth0-passwordless/testing';
import { describe, expect, test } from 'vitest';
import { ada, setUp, type Setup } from '../../support/app.js';
import type { Host } from '../../support/host.js';

const faults: [code: string, status: number, respond: Fault['respond'], setup?: Setup][] = [
  ['configuration_error', 500, { status: 403, body: { error: 'unauthorized_client' } }],
  ['transport_error', 503, 'reset'],
  ['timeout', 504, 'timeout', { strategy: { timeout: 1000 } }],
  ['unexpected_response', 502, { status: 500, body: '<html>' }],
  [
    'id_token_invalid',
    502,
    { status: 200, body: { access_token: 'a', token_type: 'Bearer', expires_in: 1, id_token: 'a.b.c' } },
  ],
];

export function errorScenarios(host: Host, isReference: boolean) {
  describe("the app's error handler", () => {
    describe.each(['/pages', ''])('%s', (base) => {
      test.each(isReference ? faults : faults.slice(0, 1))('gets %s', async (code, status, respond, setup) => {
        const app = await setUp({ host, ...setup });
        const browser = app.browser();
        await browser.post(`${base}/start`).send({ email: ada });
        const otp = app.code();
        app.tenant.fault({ path: '/oauth/token', respond });
        const response = await browser.post(`${base}/code`).send({ otp });
        expect([response.status, response.body]).toMatchObject([status, { error: { code } }]);
        expect(app.reached).toEqual([]);
        expect((await browser.get('/me')).body).toEqual({ user: null });
      });

      test('gets the error of every step', async () => {
        const app = await setUp({ host });
        const browser = app.browser();
        await browser.post(`${base}/link`).send({ email: ada });
        const callback = await app.openLink();
        const fails = async (path: string, request: () => ReturnType<typeof browser.get>) => {
          app.tenant.fault({ path, respond: 'reset' });
          const response = await request();
          expect([response.status, response.body]).toMatchObject([503, { error: { code: 'transport_error' } }]);
        };
        await fails('/passwordless/start', () => browser.post(`${base}/start`).send({ email: ada }));
        await fails('/passwordless/start', () => browser.post(`${base}/resend`));
        await fails('/oauth/token', () => browser.get(base + callback));
        expect(app.reached).toEqual([]);
      });

      test('gets what verify throws, unchanged', async () => {
        const verify = () => Promise.reject(Object.assign(new Error('no database'), { status: 418 }));
        const app = await setUp({ host, verify });
        const browser = app.browser();
        await browser.post(`${base}/start`).send({ email: ada });
        const response = await browser.post(`${base}/code`).send({ otp: app.code() });
        expect([response.status, response.body]).toMatchObject([418, { error: { message: 'no database' } }]);
      });
    });
  });
}
