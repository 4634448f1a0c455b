import type { IncomingMessage, ServerResponse } from 'node:http';
import { invalidRequest, OAuthError } from './errors.js';

export type Parameters = Record<string, unknown>;

/** A request as the endpoints see it: path and query apart, the body parsed, every header one string. */
export interface WireRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  body: Parameters;
  ip: string;
}

/** An object as body goes out as JSON, without what is undefined; a string as HTML unless the headers say otherwise. */
export interface Reply {
  status: number;
  headers?: Record<string, string>;
  body?: object | string;
}

const BODY_LIMIT = 100_000;

export function readHead(request: IncomingMessage): Omit<WireRequest, 'query' | 'body'> & { search: string } {
  const target = request.url ?? '/';
  const mark = target.indexOf('?');
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    search: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    ip: request.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** Reads to the end even what is too long, because a client that is still sending does not see an early answer. */
export async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  if (size > BODY_LIMIT) throw new OAuthError(413, 'invalid_request', 'request entity too large');
  return Buffer.concat(chunks).toString();
}

/** JSON and forms alike, as Auth0 takes both; a body of another type counts as none. */
export function parseBody(text: string, contentType = ''): Parameters {
  if (text === '') return {};
  if (/^application\/x-www-form-urlencoded\b/i.test(contentType)) return parseQuery(text);
  if (!/^application\/json\b/i.test(contentType)) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalidRequest('The body is not valid JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidRequest('The body must be a JSON object');
  }
  return value as Parameters;
}

export function parseQuery(text: string): Record<string, string> {
  const entries = [...new URLSearchParams(text)];
  const parameters = Object.fromEntries(entries);
  if (Object.keys(parameters).length < entries.length) {
    // RFC 6749, section 3.1.
    throw invalidRequest('A parameter is given more than once');
  }
  return parameters;
}

/** An optional string parameter; an empty one counts as absent (RFC 6749, section 3.1). */
export function optional(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value !== 'string') throw invalidRequest(`Invalid parameter: ${name}`);
  return value;
}

export function required(parameters: Parameters, name: string): string {
  const value = optional(parameters, name);
  if (value === undefined) throw invalidRequest(`Missing required parameter: ${name}`);
  return value;
}

export function bearerToken({ headers }: Pick<WireRequest, 'headers'>): string | undefined {
  return /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
}

export function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const text = typeof body === 'object' ? JSON.stringify(body) : (body ?? '');
  const type = typeof body === 'object' ? 'application/json; charset=utf-8' : 'text/html; charset=utf-8';
  response.writeHead(status, {
    'cache-control': 'no-store',
    ...(text === '' ? {} : { 'content-type': type }),
    'content-length': Buffer.byteLength(text),
    ...headers,
  });
  response.end(text);
}
