import type { PasswordlessError } from '../errors.js';
import { isObject } from '../values.js';
import { type Refusal, refusalError } from './errors.js';
import type { Body, HttpResponse } from './http.js';

type ToError = (refusal: Refusal) => PasswordlessError;

/** The JSON object of a success; everything else is an error, a 200 that says `error` too (as polling was once described). */
export function readObject(response: HttpResponse, toError: ToError = refusalError): Body {
  const body = parse(response.body);
  if (isSuccess(response) && isObject(body) && body.error === undefined) return body;
  throw toError(readRefusal(response, body));
}

/** The objects in the JSON array of a success. */
export function readList(response: HttpResponse, toError: ToError = refusalError): Body[] {
  const body = parse(response.body);
  if (isSuccess(response) && Array.isArray(body)) return body.filter(isObject);
  throw toError(readRefusal(response, body));
}

/** For a success of which nothing matters: any 2xx with JSON or without a body. */
export function readNothing(response: HttpResponse, toError: ToError = refusalError): void {
  const body = parse(response.body);
  const isReadable = response.body.trim() === '' || body !== undefined;
  if (!isSuccess(response) || !isReadable) throw toError(readRefusal(response, body));
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status < 300;
}

/** Some endpoints say `error` and `error_description`, others `code` and `description`. */
function readRefusal({ status, headers }: HttpResponse, answer: unknown): Refusal {
  const body = isObject(answer) ? answer : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    error: text(body.error ?? body.code),
    description: text(body.error_description ?? body.description),
    status,
    headers,
    body,
  };
}

/** The value of JSON text; undefined where it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
