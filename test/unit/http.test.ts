import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inspect } from 'node:util';
import { errors, interceptors, MockAgent, Pool } from 'undici';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { HttpRequest } from '../../lib/auth0/http.js';
import { version } from '../../lib/version.js';
import { serve, serveBytes } from '../support/servers.js';
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

describe('a request', () => {
  test('goes out with its method, path, headers and body, and the answer comes back', async () => {
    const { pool, http } = mocked();
    pool
      .intercept({
        ...post,
        headers: { accept: 'application/json', 'content-type': 'text/plain' },
      })
      .reply(201, '{"a":"ü"}', { headers: { 'x-ratelimit-limit': '50' } });
    expect(await http.send(post)).toEqual({ status: 201, headers: { 'x-ratelimit-limit': '50' }, body: '{"a":"ü"}' });
  });

  test('of an app with a dispatcher uses no other connection', async () => {
    const { http } = mocked();
    const error = await passwordlessErrorFrom(() => http.send(get));
    expect(error).toMatchObject({ code: 'transport_error', status: 503 });
    expect(error.message).toContain('/things');
    expect(error.cause).toMatchObject({ name: 'MockNotMatchedError', code: 'UND_MOCK_ERR_MOCK_NOT_MATCHED' });
  });

  test('that a dispatcher of undici 6 refuses, as it knows other handlers, is an error that says what it takes', async () => {
    const dispatcher = {
      dispatch() {
        throw new errors.InvalidArgumentError('invalid onError method');
      },
    };
    const error = await passwordlessErrorFrom(() => httpTo(ORIGIN, { dispatcher }).send(get));
    expect(error).toMatchObject({ code: 'transport_error', cause: { code: 'UND_ERR_INVALID_ARG' } });
    expect(error.message).toContain('undici 7 or later');
  });

  test('that a dispatcher makes an error of shows nothing of its answer', async () => {
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
  ])('that fails with %s says so by nothing but the code', async (_what, cause, said) => {
    const dispatcher = {
      dispatch() {
        throw cause;
      },
    };
    const error = await passwordlessErrorFrom(() => httpTo(ORIGIN, { dispatcher }).send(get));
    expect(error.message).toMatch(`The connection to Auth0 failed for /things${said}. Check the`);
    expect(shown(error)).not.toContain('secret');
  });

  test('that does not reach Auth0 names the code, and the remedy', async () => {
    const error = await passwordlessErrorFrom(() => httpTo('http://127.0.0.1:1').send(get));
    expect(error.message).toBe(
      'The connection to Auth0 failed for /things (ECONNREFUSED). Check the domain option and the network.',
    );
  });

  test('that a dispatcher throws at is an error of the connection, and leaves no timer behind', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const dispatcher = {
      dispatch() {
        throw new Error('thrown');
      },
    };
    const error = await passwordlessErrorFrom(() => httpTo(ORIGIN, { dispatcher }).send(get));
    expect(error).toMatchObject({ code: 'transport_error', cause: { name: 'Error' } });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('names package, version and Node in the Auth0-Client header', async () => {
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

  test('has no Auth0-Client header without telemetry', async () => {
    const { pool, http } = mocked(false);
    let sent: Record<string, string> = {};
    const headers = (given: Record<string, string>) => ((sent = given), true);
    pool.intercept({ path: '/things', headers }).reply(200, '');
    await http.send(get);
    expect(Object.keys(sent)).toEqual(['accept']);
  });

  test.each([301, 302, 303, 307, 308])('does not follow a redirect: %i', async (status) => {
    let requests = 0;
    const { origin } = await serve((_req, res) => {
      requests += 1;
      res.writeHead(status, { location: '/elsewhere' }).end();
    });
    expect(await httpTo(origin).send(post)).toMatchObject({ status });
    expect(requests).toBe(1);
  });
});

describe('the body of an answer', () => {
  test('may have 1 MiB', async () => {
    const { origin } = await serve((_req, res) => res.end('x'.repeat(MiB)));
    expect((await httpTo(origin).send(get)).body).toHaveLength(MiB);
  });

  test('may not have a byte more, whether its length is announced or not', async () => {
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

  test('that never ends is read to 1 MiB, and its socket is closed', async () => {
    let close = () => {};
    const closed = new Promise<void>((resolve) => {
      close = resolve;
    });
    const { origin } = await serve((_req, res) => {
      const pour = () => {
        while (!res.destroyed && res.write('x'.repeat(64 * 1024)));
      };
      res.on('drain', pour).on('close', () => {
        close();
      });
      pour();
    });
    expect(await passwordlessErrorFrom(() => httpTo(origin).send(get))).toMatchObject({ code: 'unexpected_response' });
    await closed;
  });

  test('may be cut inside a character', async () => {
    const { origin } = await serve((_req, res) => {
      const bytes = Buffer.from('"€"');
      res.write(bytes.subarray(0, 2), () => res.end(bytes.subarray(2)));
    });
    expect((await httpTo(origin).send(get)).body).toBe('"€"');
  });
});

describe('the deadline', () => {
  test.each<[string, Parameters<typeof serve>[0]]>([
    ['never answers', () => undefined],
    [
      'goes silent after its headers',
      (_req, res) => {
        res.flushHeaders();
      },
    ],
    ['goes silent in its body', (_req, res) => res.writeHead(200, { 'content-length': '10' }).write('{')],
    [
      'lets its body trickle',
      (_req, res) => {
        const trickle = setInterval(() => res.write(' '), 5);
        res.on('close', () => {
          clearInterval(trickle);
        });
      },
    ],
  ])('ends a call to a server that %s', async (_what, listener) => {
    const { origin } = await serve(listener);
    const error = await passwordlessErrorFrom(() => httpTo(origin, { timeout: 100 }).send(post));
    expect(error).toMatchObject({ code: 'timeout', status: 504 });
    expect(error.message).toMatch(/\/things.*100 ms/);
  });

  test('ends a call to a server that lets its headers trickle', async () => {
    const { origin } = await serveBytes((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const trickle = setInterval(() => socket.write('x-a: b\r\n'), 5);
      socket.on('close', () => {
        clearInterval(trickle);
      });
    });
    const error = await passwordlessErrorFrom(() => httpTo(origin, { timeout: 100 }).send(get));
    expect(error).toMatchObject({ code: 'timeout' });
  });

  test('holds while a call waits for a connection, of which undici can tell no abort', async () => {
    const dispatcher = { dispatch: () => true };
    const error = await passwordlessErrorFrom(() => httpTo(ORIGIN, { timeout: 100, dispatcher }).send(get));
    expect(error).toMatchObject({ code: 'timeout' });
  });

  test('ends what a dispatcher tries again by itself, and goes on with', async () => {
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
    const dispatcher = pool.compose(interceptors.retry({ minTimeout: 150, maxTimeout: 150, maxRetries: 4 }));
    // It passes between two of the tries.
    const error = await passwordlessErrorFrom(() => httpTo(origin, { dispatcher, timeout: 80 }).send(get));
    expect(error).toMatchObject({ code: 'timeout' });
    const then = requests;
    // As long as all of the tries would take.
    await new Promise((resolve) => setTimeout(resolve, 900));
    expect(requests).toBeLessThanOrEqual(then + 1);
    await pool.destroy();
  });

  test('counts the wait for a free socket', async () => {
    const { origin } = await serve(() => undefined);
    const http = httpTo(origin, { timeout: 300 });
    const calls = await Promise.allSettled(Array.from({ length: 180 }, () => http.send(get)));
    expect(calls.map((call) => (call.status === 'rejected' ? (call.reason as { code: string }).code : ''))).toEqual(
      Array.from({ length: 180 }, () => 'timeout'),
    );
  });

  test('lets nothing be sent that was still waiting for a free socket', async () => {
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

  test('leaves no timer behind: a process ends when its work is done', async () => {
    const { origin } = await serve((_req, res) => res.end('{}'));
    const script = `
      const { createHttp } = await import(${JSON.stringify(new URL('../../lib/auth0/http.ts', import.meta.url).href)});
      const http = createHttp({ origin: '${origin}', timeout: 3600000, telemetry: true });
      console.log((await http.send({ method: 'GET', path: '/' }, (answer) => answer)).status);`;
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    onTestFinished(() => void child.kill());
    let output = '';
    child.stdout.on('data', (data) => (output += String(data)));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(output).toBe('200\n');
  }, 30_000);
});

describe('close', () => {
  test('waits for the calls under way, and takes no more', async () => {
    let arrive: (answer: () => void) => void = () => {};
    const arrived = new Promise<() => void>((resolve) => {
      arrive = resolve;
    });
    const { origin } = await serve((_req, res) => {
      arrive(() => res.end('late'));
    });
    const http = httpTo(origin);
    const call = http.send(get);
    const answer = await arrived;
    const closing = http.close();
    answer();
    expect(await call).toMatchObject({ body: 'late' });
    await closing;
    expect(await passwordlessErrorFrom(() => http.send(get))).toMatchObject({ code: 'transport_error' });
  });

  test("leaves the app's own dispatcher open", async () => {
    const { pool, http } = mocked();
    pool.intercept({ path: '/things' }).reply(200, '');
    await http.close();
    expect(await http.send(get)).toMatchObject({ status: 200 });
  });
});
