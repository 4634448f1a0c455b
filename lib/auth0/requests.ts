import type { Body, HttpRequest } from './http.js';

/** Facts about the end user's request that Auth0 takes as headers. */
export interface EndUser {
  /** `x-request-language`: the language of the message. */
  language?: string | undefined;
  /** `auth0-forwarded-for`: whose address the rate limit counts, where the application is trusted with it. */
  ip?: string | undefined;
}

type Headers = Record<string, string>;

/** `POST /oauth/token`, with what a grant takes. */
export function tokenRequest(form: Body, endUser: EndUser = {}): HttpRequest {
  return formRequest('/oauth/token', form, endUserHeaders(endUser));
}

/** A form is OAuth 2.0's own format. */
export function formRequest(path: string, form: Body, headers: Headers = {}): HttpRequest {
  const given = Object.entries(form).filter(([, value]) => value !== undefined);
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(given as [string, string][]).toString(),
  };
}

export function jsonRequest(path: string, body: Body, headers: Headers = {}): HttpRequest {
  return {
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}

export function endUserHeaders({ language, ip }: EndUser): Headers {
  return {
    ...(language !== undefined && { 'x-request-language': language }),
    ...(ip !== undefined && { 'auth0-forwarded-for': ip }),
  };
}

/** RFC 6750, section 2.1. */
export function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` };
}
