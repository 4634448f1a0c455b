import { PasswordlessError } from './errors.js';
import { isObject } from './values.js';

/** The part of a host's request that is read here; those of Express, Fastify, Koa and Nest all have it. */
export interface RequestLike {
  method?: string | undefined;
  /** Names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  /** What a body parser made of the body. */
  body?: unknown;
  query?: unknown;
  session?: unknown;
  /** The end user's address, as the host tells it. */
  ip?: string | undefined;
  socket?: { remoteAddress?: string | undefined } | undefined;
}

/**
 * Returns what a body parser made of the body. `req` may be Koa's `ctx`, whose own `body` is the response's.
 *
 * @throws {PasswordlessError} `configuration_error` if no parser has read a body that was sent.
 */
export function bodyOf(req: RequestLike): unknown {
  const { request } = req as { request?: RequestLike };
  const { body, headers } = request?.headers === req.headers ? request : req;
  if (body === undefined && hasBody(headers)) {
    throw new PasswordlessError(
      'configuration_error',
      `There is no req.body. ${remedyFor(String(headers['content-type']))} In Fastify, authenticate in preValidation.`,
    );
  }
  return body;
}

function hasBody(headers: RequestLike['headers']): boolean {
  return Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
}

function remedyFor(contentType: string): string {
  const install = 'Before the login routes, install a body parser for what is sent:';
  if (/^multipart\/form-data\b/i.test(contentType)) {
    return `${install} multer().none(), @koa/multer or @fastify/multipart; or send application/x-www-form-urlencoded.`;
  }
  if (/^application\/(x-www-form-urlencoded|json)\b/i.test(contentType)) {
    return `${install} express.urlencoded(), express.json(), koa-bodyparser or @fastify/formbody.`;
  }
  return 'No body parser has read it: send application/x-www-form-urlencoded or application/json.';
}

/** A member of a body or a query, whatever the parser made of it; nothing that a prototype brings. */
export function member(source: unknown, name: string): unknown {
  return isObject(source) && Object.hasOwn(source, name) ? source[name] : undefined;
}

/** Reads a query parameter: `''` if there is none, or if it is not one short string without control characters. */
export function readParameter(query: unknown, name: string): string {
  const value = member(query, name);
  return typeof value === 'string' && value.length <= MAX_PARAMETER_LENGTH && !/\p{C}/u.test(value) ? value.trim() : '';
}

const MAX_PARAMETER_LENGTH = 2048;

/** Whether a browser says that another site made it send this (W3C Fetch Metadata, `Sec-Fetch-Site`). */
export function isCrossSite(req: RequestLike): boolean {
  return req.headers['sec-fetch-site'] === 'cross-site';
}

/** Whether the body is said to be JSON, which no page of another site can have a browser send without being asked for. */
export function isJSON({ headers }: RequestLike): boolean {
  return /^application\/([\w.-]+\+)?json\b/i.test(String(headers['content-type']));
}

/** The end user's address as the host tells it, since the host knows which proxies to trust. */
export function clientIP(req: RequestLike): string | undefined {
  return req.ip ?? req.socket?.remoteAddress;
}
