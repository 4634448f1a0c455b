import type { Response } from 'supertest';
import { describe, expect, test } from 'vitest';
import { ada, setUp } from '../../support/app.js';
import type { Host } from '../../support/host.js';

const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

const bodies = [
  ['no body', undefined, undefined],
  ['an empty form', FORM, ''],
  ['plain text', 'text/plain', `email=${ada}&otp=123456`],
  ['a repeated field', FORM, 'email=a@example.com&email=b@example.com&otp=1&otp=2'],
  ['a nested field', FORM, `email[to]=${ada}&otp[0]=123456`],
  ['the prototype of a form', FORM, `__proto__[email]=${ada}&__proto__[otp]=123456`],
  ["JSON's array", JSON_TYPE, `["${ada}"]`],
  ["JSON's text", JSON_TYPE, `"${ada}"`],
  ["JSON's null", JSON_TYPE, 'null'],
  ['objects for fields', JSON_TYPE, '{"email":{"length":5},"otp":{"length":6}}'],
  ['arrays for fields', JSON_TYPE, `{"email":["${ada}"],"otp":["123456"]}`],
  ['numbers for fields', JSON_TYPE, '{"email":1,"otp":123456}'],
  [
    'parts',
    'multipart/form-data; boundary=x',
    '--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nada\r\n--x--',
  ],
  ['a prototype', JSON_TYPE, `{"__proto__":{"email":"${ada}","otp":"123456"}}`],
  ['a constructor', JSON_TYPE, `{"constructor":{"prototype":{"email":"${ada}","otp":"123456"}}}`],
] as const;

/** Either as the client's mistake, or as the app's: a body parser is missing. */
function isRefused({ status, headers, body }: Response): boolean {
  if (status === 302) return headers.location === '/messages';
  if (status === 500) return (body as { error?: { code?: string } }).error?.code === 'configuration_error';
  return status >= 400 && status < 500;
}

const queries = [
  '?state=a&state=b&code=c',
  '?state[x]=a&code=b',
  '?state=a&code=b&code=c',
  '?__proto__[state]=a&code=b',
];

export function oddRequestScenarios(host: Host) {
  describe('an odd request', () => {
    test.each(bodies)('with %s is refused, and nothing is sent to Auth0', async (_name, type, body) => {
      const app = await setUp({ host });
      const browser = app.browser();
      await browser.post('/start').send({ email: 'bob@example.com' });
      for (const path of ['/start', '/pages/start', '/code', '/pages/code', '/mfa/challenge', '/mfa/enroll']) {
        const request = browser.post(path);
        const response = await (type ? request.set('Content-Type', type).send(body) : request);
        expect([path, response.status, response.headers.location, response.body]).toSatisfy(() => isRefused(response));
      }
      expect(app.reached).toEqual([]);
      expect(app.sent('/passwordless/start')).toHaveLength(1);
      expect(app.tenant.requests).toHaveLength(1);
    });

    test('to the callback with odd parameters is refused, and nothing is sent to Auth0', async () => {
      const app = await setUp({ host });
      const browser = app.browser();
      await browser.post('/link').send({ email: ada });
      for (const query of queries) {
        const { status, body } = await browser.get(`/callback${query}`);
        expect([query, status, body]).toMatchObject([query, 400, { code: 'callback_incomplete' }]);
      }
      expect(app.tenant.requests).toHaveLength(1);
    });
  });
}

export function missingMiddlewareScenarios(host: Host) {
  if (!host.canForget) return;
  describe('a forgotten middleware', () => {
    test('for sessions is an error that names it', async () => {
      const app = await setUp({ host, without: 'session' });
      const browser = app.browser();
      for (const request of [
        browser.post('/start').send({ email: ada }),
        browser.post('/pages/code').send({ otp: '123456' }),
        browser.get('/callback?state=a&code=b'),
        browser.get('/pending'),
        browser.get('/mfa/list'),
      ]) {
        const { status, body } = await request;
        expect([status, body]).toMatchObject([
          500,
          { error: { code: 'configuration_error', message: expect.stringContaining('Install a session middleware') } },
        ]);
      }
      expect(app.tenant.requests).toEqual([]);
    });

    test.each(['form', 'json'])('for bodies is an error that names it (%s)', async (type) => {
      const app = await setUp({ host, without: 'body parser' });
      const browser = app.browser();
      for (const path of ['/start', '/pages/start']) {
        const { status, body } = await browser.post(path).type(type).send({ email: ada });
        expect([status, body]).toMatchObject([
          500,
          { error: { code: 'configuration_error', message: expect.stringContaining('install a body parser') } },
        ]);
      }
      expect(app.tenant.requests).toEqual([]);
    });
  });
}
