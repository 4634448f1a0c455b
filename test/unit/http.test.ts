import { inspect } from 'node:util';
import { errors, interceptors, MockAgent, Pool } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { HttpRequest } from '../../lib/auth0/http.js';
import { version } from '../../lib/version.js';
import { serve, serveBytes } from '../support/servers.js';
import { deferred } from './deferred.js';
import { httpTo } from './http-to.js';
import { passwordlessErrorFrom, shown } from '../support/errors.js';

const ORIGIN = 'https://acme.eu.auth0.com';
const MiB = 1024 * 1024;
const get: HttpRequest = { method: 'GET', path: '/things' };
const post: HttpRequest = { method: 'POST', path: '/things', headers: { 'content-type': 'text/plain' }, body: 'hi' };

function mocked(telemetry = true) {
  const dispatcher = new MockAgent();
  dispatcher.disableNetConnect();
  onTestFinished(async () => {
    dispatcher.assertNoPendingInterceptors();
    await dispatcher.close();
  });
  return { pool: dispatcher.get(ORIGIN), dispatcher, http: httpTo(ORIGIN, { dispatcher, telemetry }) };
}

/** A dispatcher that throws as it is asked. */
const throwing = (error: unknown) => ({
  dispatch(): boolean {
    throw error;
  },
});

describe('a request', () => {
  test('a request sends its method, path, headers and body, and returns the response', async () => {
    const { pool, http } = mocked();
    pool
      .intercept({ ...post, headers: { accept: 'application/json', 'content-type': 'text/plain' } })
      .reply(201, '{"a":"ü"}', { headers: { 'x-ratelimit-limit': '50' } });
    expect(await http.send(post)).toEqual({ status: 201, headers: { 'x-ratelimit-limit': '50' }, body: '{"a":"ü"}' });
  });

  test('a request uses no connection but those of the dispatcher of the app', async () => {
    const { http } = mocked();
    const error = await passwordlessErrorFrom(() => http.send(get));
    expect(error).toMatchObject({ code: 'transport_error', status: 503 });
    expect(error.message).toContain('/things');
    expect(error.cause).toMatchObject({ name: 'MockNotMatchedError', code: 'UND_MOCK_ERR_MOCK_NOT_MATCHED' });
  });

  test('a request through a dispatcher of undici 6 is an error that names the version it requires', async () => {
    const dispatcher = throwing(new errors.InvalidArgumentError('invalid onError method'));
    const error = await passwordlessErrorFrom(() => httpTo(ORIGIN, { dispatcher }).send(get));
    expect(error).toMatchObject({ code: 'transport_error', cause: { code: 'UND_ERR_INVALID_ARG' } });
    expect(error.message).toContain('undici 7 or later');
  });

  test('an error that a dispatcher makes of a response shows nothing of it', async () => {
    const { origin } = await serve((_req, res) => {
      const headers = { 'content-type': 'application/json', 'set-cookie': 'a=the-cookie' };
      res.writeHead(403, headers).end('{"mfa_token":"the-token"}');
    });
    const dispatcher = new Pool(origin).compose(interceptors.responseError());
    const error = await passwordlessErrorFrom(() => httpTo(origin, { dispatcher }).send(get));
    expect(error).toMatchObject({ code: 'transport_error', cause: { name: 'ResponseError' } });
    expect(inspect(error, { showHidden: true, depth: null })).not.toMatch(/the-token|the-cookie/);
    await dispatcher.close();
  });

  test.each<[string, unknown, string]>([
    ['a code of Node', Object.assign(new Error('secret'), { code: 'ECONNREFUSED' }), ' (ECONNREFUSED)'],
    ['a code of undici', Object.assign(new Error('secret'), { code: 'UND_ERR_SOCKET' }), ' (UND_ERR_SOCKET)'],
    ['what looks like a code in part', Object.assign(new Error('secret'), { code: 'A secret' }), ''],
    ['what ends like a code', Object.assign(new Error('secret'), { code: 'secret_A' }), ''],
    ['a number', Object.assign(new Error('secret'), { code: 42 }), ''],
    ['no code', new Error('secret'), ''],
    ['a code without an error', { code: 'SECRET' }, ''],
    ['nothing', undefined, ''],
  ])('the error of a failed request names only the code of its cause: %s', async (_what, cause, said) => {
    const dispatcher = throwing(cause);
    const error = await passwordlessErrorFrom(() => httpTo(ORIGIN, { dispatcher }).send(get));
    expect(error.message).toMatch(`The connection to Auth0 failed for /things${said}. Check the`);
    expect(shown(error)).not.toContain('secret');
  });

  test('a request that does not reach Auth0 is an error that names the code and the remedy', async () => {
    const error = await passwordlessErrorFrom(() => httpTo('http://127.0.0.1:1').send(get));
    expect(error).toMatchObject({ code: 'transport_error', status: 503, cause: { code: 'ECONNREFUSED' } });
    expect(error.message).toBe(
      'The connection to Auth0 failed for /things (ECONNREFUSED). Check the domain option and the network.',
    );
  });

  test('a dispatcher that throws is a transport_error, and leaves no timer running', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const dispatcher = throwing(new Error('thrown'));
    const error = await passwordlessErrorFrom(() => httpTo(ORIGIN, { dispatcher }).send(get));
    expect(error).toMatchObject({ code: 'transport_error', cause: { name: 'Error' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('the Auth0-Client header names package, version and Node', async () => {
    const { pool, http } = mocked();
    let header = '';
    pool
      .intercept({ path: '/things', headers: { 'auth0-client': (value) => ((header = value), true) } })
      .reply(200, '');
    await http.send(get);
    expect(JSON.parse(Buffer.from(header, 'base64').toString())).toEqual({
      name: 'passport-auth0-passwordless',
      version,
      env: { node: process.versions.node },
    });
  });

  test('there is no Auth0-Client header without telemetry', async () => {
    const { pool, http } = mocked(false);
    let sent: Record<string, string> = {};
    const headers = (given: Record<string, string>) => ((sent = given), true);
    pool.intercept({ path: '/things', headers }).reply(200, '');
    await http.send(get);
    expect(Object.keys(sent)).toEqual(['accept']);
  });

  test.each([301, 302, 303, 307, 308])('a request does not follow a redirect with status %i', async (status) => {
    let requests = 0;
    const { origin } = await serve((_req, res) => {
      requests += 1;
      res.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await httpTo(origin).send(post)).toMatchObject({ status });
    expect(requests).toBe(1);
  });
});

describe('the body of a response', () => {
  test('a body may have 1 MiB', async () => {
    const { origin } = await serve((_req, res) => res.end('x'.repeat(MiB)));
    expect((await httpTo(origin).send(get)).body).toHaveLength(MiB);
  });

  test('a body over 1 MiB is an unexpected_response, whether its length is announced or not', async () => {
    const { origin } = await serve((req, res) => {
      if (req.method === 'GET') res.setHeader('content-length', MiB + 1);
      res.write('x'.repeat(MiB));
      res.end('y');
    });
    for (const request of [get, post]) {
      expect(await passwordlessErrorFrom(() => httpTo(origin).send(request))).toMatchObject({
        code: 'unexpected_response',
        status: 502,
        message: 'The answer to /things is over 1 MiB.',
      });
    }
  });

  test('a body that never ends is read to 1 MiB, and its socket is closed', async () => {
    const closed = deferred();
    const { origin } = await serve((_req, res) => {
      const pour = () => {
        while (!res.destroyed && res.write('x'.repeat(64 * 1024)));
      };
      res.on('drain', pour).on('close', closed.resolve);
      pour();
    });
    expect(await passwordlessErrorFrom(() => httpTo(origin).send(get))).toMatchObject({ code: 'unexpected_response' });
    await closed.promise;
  });

  test('a character may arrive in two chunks of the body', async () => {
    const { origin } = await serve((_req, res) => {
      const bytes = Buffer.from('"€"');
      res.write(bytes.subarray(0, 2), () => res.end(bytes.subarray(2)));
    });
    expect((await httpTo(origin).send(get)).body).toBe('"€"');
  });
});

describe('the deadline', () => {
  const CHUNKED = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n';

  test.each<[string, bytes: string, slowly?: string]>([
    ['never responds', ''],
    ['goes silent after its headers', CHUNKED],
    ['goes silent in its body', 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{'],
    ['sends its headers too slowly', 'HTTP/1.1 200 OK\r\n', 'x-a: b\r\n'],
    ['sends its body too slowly', CHUNKED, '1\r\n \r\n'],
  ])('the deadline ends a call to a server that %s', async (_what, bytes, slowly = '') => {
    const { origin } = await serveBytes((socket) => {
      socket.write(bytes);
      const slow = setInterval(() => socket.write(slowly), 5);
      socket.on('close', () => {
        clearInterval(slow);
      });
    });
    const error = await passwordlessErrorFrom(() => httpTo(origin, { timeout: 100 }).send(post));
    expect(error).toMatchObject({ code: 'timeout', status: 504 });
    expect(error.message).toMatch(/\/things.*100 ms/);
  });

  test('the deadline ends a call that a dispatcher never begins', async () => {
    const call = () => httpTo(ORIGIN, { timeout: 100, dispatcher: { dispatch: () => true } }).send(get);
    expect(await passwordlessErrorFrom(call)).toMatchObject({ code: 'timeout' });
  });

  test('the deadline ends the retries of a dispatcher', async () => {
    let requests = 0;
    const { origin } = await serve((req, res) => {
      requests += 1;
      const from = Number(/bytes=(\d+)/.exec(req.headers.range ?? '')?.[1] ?? 0);
      const headers = { etag: '"a"', 'content-length': 100 - from };
      res.writeHead(from ? 206 : 200, from ? { ...headers, 'content-range': `bytes ${from}-99/100` } : headers);
      res.write('x');
      setTimeout(() => res.destroy(), 5);
    });
    const pool = new Pool(origin);
    const dispatcher = pool.compose(interceptors.retry({ minTimeout: 40, maxTimeout: 40, maxRetries: 4 }));
    // The deadline passes between two of the tries.
    const error = await passwordlessErrorFrom(() => httpTo(origin, { dispatcher, timeout: 25 }).send(get));
    expect(error).toMatchObject({ code: 'timeout' });
    const then = requests;
    // Longer than the tries that are left would take.
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect(requests).toBeLessThanOrEqual(then + 1);
    await pool.destroy();
  });

  test('the deadline includes the wait for a free socket', async () => {
    const { origin } = await serve(() => undefined);
    const http = httpTo(origin, { timeout: 300 });
    const calls = await Promise.allSettled(Array.from({ length: 180 }, () => http.send(get)));
    for (const call of calls) expect(call).toMatchObject({ status: 'rejected', reason: { code: 'timeout' } });
  });

  test('a request that waited for a free socket is not sent after the deadline', async () => {
    const arrived: (() => void)[] = [];
    const { origin } = await serve((_req, res) => {
      arrived.push(() => res.end('first'));
      if (arrived.length > 1) res.end('not to be sent');
    });
    const dispatcher = new Pool(origin, { connections: 1 });
    const first = httpTo(origin, { dispatcher }).send(get);
    await vi.waitFor(() => {
      expect(arrived).toHaveLength(1);
    });
    const late = await passwordlessErrorFrom(() => httpTo(origin, { dispatcher, timeout: 20 }).send(post));
    expect(late).toMatchObject({ code: 'timeout' });

    arrived[0]?.();
    expect(await first).toMatchObject({ body: 'first' });
    // Resolves once nothing waits any more.
    await dispatcher.close();
    expect(arrived).toHaveLength(1);
  });

  test('a call that has ended leaves no timer running, so that a process can end', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { pool, http } = mocked();
    pool.intercept({ path: '/things' }).reply(200, '');
    await http.send(get);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('close', () => {
  test('close waits for the calls in progress, and accepts no more', async () => {
    const arrived = deferred<() => void>();
    const { origin } = await serve((_req, res) => {
      arrived.resolve(() => res.end('late'));
    });
    const http = httpTo(origin);
    const call = http.send(get);
    const answer = await arrived.promise;
    const closing = http.close();
    answer();
    expect(await call).toMatchObject({ body: 'late' });
    await closing;
    expect(await passwordlessErrorFrom(() => http.send(get))).toMatchObject({ code: 'transport_error' });
  });

  test("close leaves the app's own dispatcher open", async () => {
    const { pool, http } = mocked();
    pool.intercept({ path: '/things' }).reply(200, '');
    await http.close();
    expect(await http.send(get)).toMatchObject({ status: 200 });
  });
});
