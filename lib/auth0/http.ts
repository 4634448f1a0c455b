import { type Dispatcher, Pool } from 'undici';
import { PasswordlessError } from '../errors.js';
import { version } from '../version.js';
import { type RequestMessage, traced } from './tracing.js';

/** The part of an undici `Dispatcher` that is used here: an `Agent`, `Pool`, `ProxyAgent` or `MockAgent` of undici 7 or later. */
export interface DispatcherLike {
  dispatch(options: never, handler: never): boolean;
}

export interface HttpOptions {
  origin: string;
  /** Milliseconds for a whole call: connecting, headers and body. */
  timeout: number;
  dispatcher?: DispatcherLike | undefined;
  telemetry: boolean;
}

/** A JSON object, of a request or an answer. */
export type Body = Record<string, unknown>;

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

const MAX_BODY = 1024 * 1024;

// With 256 requests at once, 160 connections do nine tenths of what an unbounded pool does.
const CONNECTIONS = 160;

/**
 * One keep-alive pool for one origin. Nothing is retried and no redirect is followed: a POST here sends a message or
 * spends a code.
 */
export function createHttp({ origin, timeout, dispatcher, telemetry }: HttpOptions): Http {
  const pool = dispatcher ? undefined : createPool(origin, { timeout });
  let closed: Promise<void> | undefined;
  const undici = (dispatcher ?? pool) as Pick<Dispatcher, 'dispatch'>;
  const remedy = dispatcher
    ? 'Check the dispatcher (of undici 7 or later), the domain option and the network.'
    : 'Check the domain option and the network.';
  const telemetryHeaders = telemetry ? { 'auth0-client': auth0Client() } : undefined;

  async function exchange({ method, path, headers, body, endpoint = path }: HttpRequest): Promise<HttpResponse> {
    try {
      const options = {
        origin,
        method,
        path,
        headers: { accept: 'application/json', ...telemetryHeaders, ...headers },
        body: body ?? null,
      };
      return await dispatch(undici, options, { endpoint, timeout });
    } catch (cause) {
      if (cause instanceof PasswordlessError) throw cause;
      throw new PasswordlessError(
        'transport_error',
        `The connection to Auth0 failed for ${endpoint}${reason(cause)}. ${remedy}`,
        { cause: dispatcher ? nameAndCode(cause) : withoutResponse(cause) },
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

/** Keeps tokens out of logs: undici's parser and interceptors put responses into their errors. */
function withoutResponse(error: unknown): unknown {
  if (error instanceof Error) {
    for (const member of ['data', 'body', 'headers']) {
      if (member in error) Object.assign(error, { [member]: undefined });
    }
  }
  return error;
}

/** Keeps requests out of logs: an error of the app's dispatcher may hold anything, as MockAgent's do. */
function nameAndCode(error: unknown): Error {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown };
  const known = new Error('An error of the dispatcher, without its text.');
  if (typeof name === 'string' && /^\w{1,60}$/.test(name)) known.name = name;
  return isCode(code) ? Object.assign(known, { code }) : known;
}

/** `ENOTFOUND`, `CERT_HAS_EXPIRED` and their like tell the remedy; the error's own words may hold anything. */
function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return isCode(code) ? ` (${code})` : '';
}

function isCode(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code);
}

/**
 * @param connect Options of undici's connector. The deadline is the call's, so that no part of it needs one.
 * @internal Or else the declarations would want undici's.
 */
export function createPool(origin: string, connect: { timeout: number }): Pool {
  return new Pool(origin, { connections: CONNECTIONS, connect, headersTimeout: 0, bodyTimeout: 0 });
}

/**
 * One request and its answer. By undici's `dispatch`, since its `request` makes a stream of every answer: that costs a
 * tenth of a login.
 */
function dispatch(
  undici: Pick<Dispatcher, 'dispatch'>,
  options: Dispatcher.DispatchOptions,
  { endpoint, timeout }: { endpoint: string; timeout: number },
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let status = 0;
    let headers: HttpResponse['headers'] = {};
    let controller: Dispatcher.DispatchController | undefined;
    let overdue: PasswordlessError | undefined;
    const timer = setTimeout(() => {
      overdue = new PasswordlessError('timeout', `Auth0 did not answer ${endpoint} within ${timeout} ms.`);
      reject(overdue);
      controller?.abort(overdue);
    }, timeout);
    const fail = (error: unknown) => {
      clearTimeout(timer);
      reject(error);
    };
    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(current) {
        controller = current;
        // It waited for a connection: nothing of it has been sent.
        if (overdue) current.abort(overdue);
      },
      onResponseStart(_current, statusCode, responseHeaders) {
        status = statusCode;
        headers = responseHeaders;
      },
      onResponseData(current, chunk) {
        size += chunk.length;
        // What a dispatcher tries again by itself may outlive the deadline.
        if (overdue) current.abort(overdue);
        else if (size <= MAX_BODY) chunks.push(chunk);
        else current.abort(new PasswordlessError('unexpected_response', `The answer to ${endpoint} is over 1 MiB.`));
      },
      onResponseEnd() {
        clearTimeout(timer);
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError(_current, error) {
        fail(error);
      },
    };
    try {
      undici.dispatch(options, handler);
    } catch (error) {
      fail(error);
    }
  });
}

/** The header by which Auth0's logs name the library that called. */
function auth0Client(): string {
  const client = { name: 'passport-auth0-passwordless', version, env: { node: process.versions.node } };
  return Buffer.from(JSON.stringify(client)).toString('base64');
}
