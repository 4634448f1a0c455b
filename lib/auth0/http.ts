import { EventEmitter } from 'node:events';
import { Pool } from 'undici';
import { PasswordlessError } from '../errors.js';
import { version } from '../version.js';
import { type RequestMessage, traced } from './tracing.js';

/** The part of an undici `Dispatcher` that is used here; any version's `Agent`, `Pool`, `ProxyAgent` or `MockAgent` has it. */
export interface DispatcherLike {
  request(options: never): Promise<unknown>;
}

export interface HttpOptions {
  origin: string;
  /** Milliseconds for a whole call: connecting, headers and body. */
  timeout: number;
  dispatcher?: DispatcherLike | undefined;
  telemetry: boolean;
}

export interface HttpRequest {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** The path as it may be printed; default: `path`. */
  endpoint?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Http {
  /** One call to Auth0: sent, and its answer read. */
  send<T>(request: HttpRequest, read: (response: HttpResponse) => T): Promise<T>;
  close(): Promise<void>;
}

interface Undici {
  request(options: object): Promise<{
    statusCode: number;
    headers: HttpResponse['headers'];
    body: AsyncIterable<Uint8Array>;
  }>;
}

const MAX_BODY = 1024 * 1024;

// 128 connections reach nine tenths of what an unbounded pool does with 256 requests at once, at a third of its sockets.
const CONNECTIONS = 128;

/**
 * One keep-alive pool for one origin. Nothing is retried and no redirect is followed: a POST here sends a message or
 * spends a code.
 */
export function createHttp({ origin, timeout, dispatcher, telemetry }: HttpOptions): Http {
  const pool = dispatcher ? undefined : createPool(origin, { timeout });
  let closed: Promise<void> | undefined;
  const undici = (dispatcher ?? pool) as unknown as Undici;
  const common = { accept: 'application/json', ...(telemetry && { 'auth0-client': auth0Client() }) };

  async function exchange({ method, path, headers, body, endpoint = path }: HttpRequest): Promise<HttpResponse> {
    try {
      return await beforeDeadline(timeout, endpoint, async (signal) => {
        const response = await undici.request({
          origin,
          method,
          path,
          headers: { ...common, ...headers },
          body: body ?? null,
          signal,
        });
        return {
          status: response.statusCode,
          headers: response.headers,
          body: await readBody(response.body, endpoint),
        };
      });
    } catch (cause) {
      if (cause instanceof PasswordlessError) throw cause;
      // undici's parser error shows what it could not read, and that may be tokens.
      if (cause instanceof Error && 'data' in cause) cause.data = undefined;
      throw new PasswordlessError(
        'transport_error',
        `The connection to Auth0 failed for ${endpoint}${reason(cause)}. Check the domain option and the network.`,
        { cause },
      );
    }
  }

  return {
    send(request, read) {
      const { method, path, endpoint = path } = request;
      const message: RequestMessage = { method, origin, endpoint };
      return traced(message, async () => {
        const response = await exchange(request);
        message.status = response.status;
        const requestId = response.headers['x-auth0-requestid'];
        if (typeof requestId === 'string' && REQUEST_ID.test(requestId)) message.requestId = requestId;
        return read(response);
      });
    },
    close() {
      closed ??= pool ? pool.close() : Promise.resolve();
      return closed;
    },
  };
}

const REQUEST_ID = /^[\da-f]{8,64}$/i;

/** `ENOTFOUND`, `CERT_HAS_EXPIRED` and their like tell the remedy; the error's own words may hold anything. */
function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? ` (${code})` : '';
}

/**
 * @param connect Options of undici's connector. The deadline is the call's, so that no part of it needs one.
 * @internal Or else the declarations would want undici's.
 */
export function createPool(origin: string, connect: { timeout: number }): Pool {
  return new Pool(origin, { connections: CONNECTIONS, connect, headersTimeout: 0, bodyTimeout: 0 });
}

/** undici takes an emitter for a signal, too, at a fraction of what an AbortSignal costs. */
function beforeDeadline<T>(timeout: number, endpoint: string, call: (signal: EventEmitter) => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const signal = new EventEmitter();
    const timer = setTimeout(() => {
      // First, since undici heeds an abort only once a call has a connection.
      reject(new PasswordlessError('timeout', `Auth0 did not answer ${endpoint} within ${timeout} ms.`));
      signal.emit('abort');
    }, timeout);
    call(signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
      });
  });
}

async function readBody(body: AsyncIterable<Uint8Array>, endpoint: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    // Leaving the loop destroys the stream, and with it the socket.
    if (size > MAX_BODY) throw new PasswordlessError('unexpected_response', `The answer to ${endpoint} is over 1 MiB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The header by which Auth0's logs name the library that called. */
function auth0Client(): string {
  const client = { name: 'passport-auth0-passwordless', version, env: { node: process.versions.node } };
  return Buffer.from(JSON.stringify(client)).toString('base64');
}
