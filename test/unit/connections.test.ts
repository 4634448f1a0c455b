import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { HttpRequest } from '../../lib/auth0/http.js';
import { listen, serve, serveBytes } from '../support/servers.js';
import { httpTo } from './http-to.js';
import { passwordlessErrorFrom, shown } from '../support/errors.js';

const get: HttpRequest = { method: 'GET', path: '/things' };
const post: HttpRequest = { method: 'POST', path: '/things', headers: { 'content-type': 'text/plain' }, body: 'hi' };

describe('a connection', () => {
  test.each([
    ['before a response', ''],
    ['in the headers', 'HTTP/1.1 200 OK\r\ncontent-le'],
    ['in the body', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"id_token":"'],
    ['in a chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{'],
  ])('a connection that is reset %s is a transport_error, and the POST is not repeated', async (_when, bytes) => {
    let requests = 0;
    const { origin } = await serveBytes((socket) => {
      requests += 1;
      socket.write(bytes, () => socket.resetAndDestroy());
    });
    const error = await passwordlessErrorFrom(() => httpTo(origin).send(post));
    expect(error).toMatchObject({ code: 'transport_error', status: 503, cause: expect.any(Error) });
    expect(requests).toBe(1);
  });

  test.each([
    ['a malformed length', 'HTTP/1.1 200 OK\r\ncontent-length: abc\r\n\r\n{"id_token":"eyJhbGci"}'],
    ['a malformed chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nZZ\r\n{"id_token":"eyJhbGci"}'],
    ['a short chunk', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id_token":"eyJhbGci"}'],
    ['no HTTP at all', '{"id_token":"eyJhbGci"}'],
  ])('a response with %s is a transport_error that shows nothing of it', async (_what, bytes) => {
    const { origin } = await serveBytes((socket) => socket.write(bytes));
    const error = await passwordlessErrorFrom(() => httpTo(origin).send({ ...post, body: 'otp=123456' }));
    expect(error).toMatchObject({ code: 'transport_error' });
    expect(error.cause).toBeInstanceOf(Error);
    expect(shown(error)).not.toMatch(/eyJ|token|123456/);
  });

  test('a connection is kept alive and reused', async () => {
    const { origin, sockets } = await serve((_req, res) => res.end('{}'));
    const http = httpTo(origin);
    for (const request of [get, post, post, get, get, post, get]) await http.send(request);
    // Two, because a pool opens another socket while the first one has not yet noticed that it is free.
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  test('a POST is not repeated when the server drops a reused connection', async () => {
    const requests: string[] = [];
    const { origin } = await serveBytes((socket, request) => {
      requests.push(request);
      if (requests.length === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      else socket.destroy();
    });
    const http = httpTo(origin);
    await http.send(post);
    expect(await passwordlessErrorFrom(() => http.send(post))).toMatchObject({ code: 'transport_error' });
    expect(requests).toHaveLength(2);
  });

  test('a POST is not sent twice when the server closes the connection after its response', async () => {
    let requests = 0;
    const { origin } = await serveBytes((socket) => {
      requests += 1;
      socket.end('HTTP/1.1 200 OK\r\nconnection: keep-alive\r\ncontent-length: 0\r\n\r\n');
    });
    const http = httpTo(origin);
    const calls = await Promise.allSettled([0, 1, 2, 3].map(() => http.send(post)));
    for (let call = 0; call < 4; call += 1) calls.push(...(await Promise.allSettled([http.send(post)])));
    const answered = calls.filter(({ status }) => status === 'fulfilled').length;
    expect(requests).toBeGreaterThanOrEqual(answered);
    expect(requests).toBeLessThanOrEqual(calls.length);
  });

  test('there are at most 160 connections, however many calls there are', async () => {
    const held: (() => void)[] = [];
    let released = false;
    const { origin, sockets } = await serve((_req, res) => {
      held.push(() => res.end('{}'));
      released ||= held.length === 160;
      if (released) for (const answer of held.splice(0)) answer();
    });
    const http = httpTo(origin);
    const answers = await Promise.all(Array.from({ length: 256 }, () => http.send(post)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(sockets.size).toBe(160);
  });
});

describe('TLS', () => {
  const file = (name: string) => readFileSync(new URL(`../fixtures/localhost.${name}.pem`, import.meta.url));

  async function serveTLS(): Promise<string> {
    const server = createServer({ key: file('key'), cert: file('cert') }, (_req, res) => res.end('{}'));
    return (await listen(server)).origin.replace('http:', 'https:');
  }

  test('an untrusted TLS certificate is a transport_error', async () => {
    const error = await passwordlessErrorFrom(async () => httpTo(await serveTLS()).send(post));
    expect(error).toMatchObject({
      code: 'transport_error',
      cause: { code: expect.stringMatching(/SELF_SIGNED|VERIFY/) },
    });
  });

  test("TLS settings are up to the app's dispatcher", async () => {
    const dispatcher = new Agent({ connect: { ca: file('cert') } });
    onTestFinished(() => dispatcher.destroy());
    expect(await httpTo(await serveTLS(), { dispatcher }).send(post)).toMatchObject({ status: 200 });
  });
});
