import { request } from 'undici';
import { onTestFinished } from 'vitest';
import {
  startLocalTenant,
  type LocalTenant,
  type LocalTenantOptions,
  type Message,
} from 'passport-auth0-passwordless/testing';

export const OTP_GRANT = 'http://auth0.com/oauth/grant-type/passwordless/otp';
export const CALLBACK = 'https://app.example.com/callback';

/** A tenant that closes when the test ends. */
export async function tenantFor(options?: LocalTenantOptions): Promise<LocalTenant> {
  const tenant = await startLocalTenant(options);
  onTestFinished(() => tenant.close());
  return tenant;
}

export interface Answer {
  status: number;
  headers: Record<string, string | undefined>;
  text: string;
  /** The parsed JSON, `{}` where it is none. */
  body: Record<string, unknown>;
}

type Init = Partial<{
  method: 'GET' | 'POST' | 'HEAD' | 'PUT' | 'DELETE';
  headers: Record<string, string>;
  body: string;
}>;

/** One request; redirects are not followed. */
export async function call(tenant: LocalTenant, path: string, init: Init = {}): Promise<Answer> {
  const url = path.startsWith('http') ? path : tenant.domain + path;
  const { statusCode, headers, body } = await request(url, { method: 'GET', ...init });
  const text = await body.text();
  return { status: statusCode, headers: headers as Answer['headers'], text, body: parse(text) };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

export async function statusAndBody(answer: Promise<Answer>): Promise<[number, Answer['body']]> {
  const { status, body } = await answer;
  return [status, body];
}

export function postJSON(tenant: LocalTenant, path: string, body: object, headers: Record<string, string> = {}) {
  const type = { 'content-type': 'application/json' };
  return call(tenant, path, { method: 'POST', headers: { ...type, ...headers }, body: JSON.stringify(body) });
}

export function postForm(tenant: LocalTenant, path: string, body: Record<string, string>) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  return call(tenant, path, { method: 'POST', headers, body: new URLSearchParams(body).toString() });
}

export const credentials = ({ clientID, clientSecret }: LocalTenant) => ({
  client_id: clientID,
  client_secret: clientSecret,
});

/** Starts a login by an email code; `body` is laid over that. */
export function start(tenant: LocalTenant, body: object = {}, headers?: Record<string, string>) {
  const email = { connection: 'email', email: 'ada@example.com', send: 'code' };
  return postJSON(tenant, '/passwordless/start', { ...credentials(tenant), ...email, ...body }, headers);
}

export function startSMS(tenant: LocalTenant, phoneNumber: string) {
  const sms = { connection: 'sms', phone_number: phoneNumber };
  return postJSON(tenant, '/passwordless/start', { ...credentials(tenant), ...sms });
}

export function exchange(tenant: LocalTenant, otp: string, body: object = {}) {
  const email = { username: 'ada@example.com', realm: 'email', scope: 'openid profile email' };
  return postJSON(tenant, '/oauth/token', { grant_type: OTP_GRANT, ...credentials(tenant), otp, ...email, ...body });
}

export function message(tenant: LocalTenant, to = 'ada@example.com'): Message {
  const latest = tenant.inbox.latest(to);
  if (!latest) throw new Error(`the inbox has nothing for ${to}`);
  return latest;
}

/** Starts a login by email and returns its code. */
export async function codeFor(tenant: LocalTenant, email = 'ada@example.com'): Promise<string> {
  await start(tenant, { email });
  return message(tenant, email).code;
}

export const authParams = {
  redirect_uri: CALLBACK,
  response_type: 'code',
  scope: 'openid profile email',
  state: 'the state',
};

/** Starts a login by link and returns the link. */
export async function linkFor(tenant: LocalTenant, params: object = authParams): Promise<string> {
  await start(tenant, { send: 'link', authParams: params });
  return message(tenant).link ?? '';
}

/** The parameters a redirect hands to the app, from the query or the fragment. */
export function handedOver({ headers }: Answer): Record<string, string> {
  const url = new URL(headers.location ?? '');
  return Object.fromEntries(new URLSearchParams(url.hash === '' ? url.search : url.hash.slice(1)));
}

/** Exchanges the authorization code of a link. */
export const exchangeCode = (tenant: LocalTenant, code = '', override: Record<string, string> = {}) =>
  postForm(tenant, '/oauth/token', {
    ...credentials(tenant),
    grant_type: 'authorization_code',
    code,
    redirect_uri: CALLBACK,
    ...override,
  });
