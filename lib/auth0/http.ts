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

// With 256 requests at once, 160 connections do nine tenths or more of what an unbounded pool does.
const CONNECTIONS = 160;

/**
 * One keep-alive pool for one origin. Nothing is retried and no redirect is followed: a POST here sends a message or
 * spends a code.
 */
export function createHttp({ origin, timeout, dispatcher, telemetry }: HttpOptions): Http {
  const pool = dispatcher ? undefined : createPool(origin, { timeout });
  let closed: Promise<void> | undefined;
  const undici = (dispatcher ?? pool) as Pick<Dispatcher, 'dispatch'>;
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
      return await request(undici, options, { endpoint, timeout });
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

/**
 * One request and its answer. By undici's `dispatch`, since its `request` makes a stream of every body: that costs a tenth
 * of a login.
 */
function request(
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
      onRequestStart(started) {
        controller = started;
        // It waited for a connection: nothing of it has been sent.
        if (overdue) started.abort(overdue);
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        status = statusCode;
        headers = responseHeaders;
      },
      onResponseData(answering, chunk) {
        size += chunk.length;
        if (size <= MAX_BODY) chunks.push(chunk);
        else answering.abort(new PasswordlessError('unexpected_response', `The answer to ${endpoint} is over 1 MiB.`));
      },
      onResponseEnd() {
        clearTimeout(timer);
        resolve({ status, headers, body: Buffer.concat(chunks).toString('utf8') });
      },
      onResponseError(_controller, error) {
        fail(error);
      },
    };
    try {
      undici.dispatch(options, handler);
    } catch (error) {
      // undici 6 knows other methods only, and refuses the handler.
      const isOld = (error as { code?: unknown }).code === 'UND_ERR_INVALID_ARG';
      fail(
        isOld ? new PasswordlessError('configuration_error', 'The dispatcher must be of undici 7 or later.') : error,
      );
    }
  });
}

/** The header by which Auth0's logs name the library that called. */
function auth0Client(): string {
  const client = { name: 'passport-auth0-passwordless', version, env: { node: process.versions.node } };
  return Buffer.from(JSON.stringify(client)).toString('base64');
}
