import { append } from './bounded.js';
import type { WireRequest } from './http.js';

/** A request as it arrived. Secrets and tokens read `'[redacted]'`; addresses and codes are there for tests to assert. */
export interface RecordedRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  /** The parsed JSON or form; `{}` without one. */
  body: Record<string, unknown>;
  /** The answer's status; undefined until there is one, and for good if a fault kept it from arriving. */
  status: number | undefined;
}

const REQUESTS = 1_000;
const SECRETS = new Set([
  ...['authorization', 'cookie', 'client_secret', 'client_assertion'],
  ...['access_token', 'id_token', 'refresh_token', 'mfa_token', 'auth_session', 'token', 'id_token_hint'],
]);

export const isInboxPath = (path: string): boolean => path === '/inbox' || path.startsWith('/inbox/');

/** Adds a request to the last thousand; what is read of it later is filled in, {@link redact}ed. */
export function record(
  requests: RecordedRequest[],
  head: Pick<WireRequest, 'method' | 'path' | 'headers'>,
): RecordedRequest {
  const recorded: RecordedRequest = {
    method: head.method,
    path: head.path,
    query: {},
    headers: redact(head.headers),
    body: {},
    status: undefined,
  };
  // A browser polls its inbox and presses buttons there; that is not part of the wire.
  if (!isInboxPath(head.path)) append(requests, recorded, REQUESTS);
  return recorded;
}

export function redact<T>(parameters: Record<string, T>): Record<string, T | string> {
  const entries = Object.entries(parameters);
  return Object.fromEntries(entries.map(([name, value]) => [name, SECRETS.has(name) ? '[redacted]' : value]));
}
