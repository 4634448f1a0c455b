import { createHmac } from 'node:crypto';
import { dispatcherOf } from '../support/dispatcher.js';

export const CLIENT = {
  domain: 'acme.eu.auth0.com',
  clientID: 'the-client',
  clientSecret: 'a client secret of 32 bytes',
};

/** A request as it would go out. */
export interface Sent {
  origin: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** An answer as it would come in: chunks of a body, or what the connection ends in before or after them. */
export interface Answer {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: string;
  refused?: unknown;
  brokenOff?: unknown;
}

/** An undici dispatcher that notes what it is sent, and answers as it is told. */
export function fakeAuth0(answer: (sent: Sent) => Answer) {
  const sent: Sent[] = [];
  const answers: Answer[] = [];
  return {
    sent,
    answers,
    ...dispatcherOf(({ origin, method, path, headers, body }) => {
      const request = { origin, method, path, headers, body } as Sent;
      sent.push(request);
      const said = answer(request);
      answers.push(said);
      if ('refused' in said) return Promise.reject(said.refused);
      return Promise.resolve({ statusCode: said.status ?? 200, headers: said.headers ?? {}, body: stream(said) });
    }),
  };
}

async function* stream(said: Answer) {
  await Promise.resolve();
  yield Buffer.from(said.body ?? '');
  if ('brokenOff' in said) throw said.brokenOff;
}

/** The members of a request's body, whichever way it is written. */
export function bodyOf({ headers, body }: Sent): Record<string, unknown> {
  if (body === null) return {};
  return headers['content-type'] === 'application/json'
    ? (JSON.parse(body) as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(body));
}

const now = () => Math.floor(Date.now() / 1000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const hmac = (input: string, secret: string) => createHmac('sha256', secret).update(input).digest('base64url');

/** A good ID token, or one with other claims, header or secret. */
export function idToken(claims: object = {}, header: object = {}, secret = CLIENT.clientSecret): string {
  const good = {
    iss: `https://${CLIENT.domain}/`,
    aud: CLIENT.clientID,
    sub: 'email|ada',
    iat: now(),
    exp: now() + 600,
  };
  const input = `${base64url({ alg: 'HS256', ...header })}.${base64url({ ...good, ...claims })}`;
  return `${input}.${hmac(input, secret)}`;
}

/** The `sub` of a token that the design takes, by this file's own reading of OpenID Connect; undefined of any other. */
export function goodSubject(answer: Answer | undefined, nonce: string | undefined): string | undefined {
  try {
    const token = (JSON.parse(answer?.body ?? '') as { id_token: string }).id_token;
    const [header = '', payload = '', signature] = token.split('.');
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
    const { iss, aud, sub, exp, iat, nonce: given } = read(payload);
    const isGood =
      read(header).alg === 'HS256' &&
      signature === hmac(`${header}.${payload}`, CLIENT.clientSecret) &&
      iss === `https://${CLIENT.domain}/` &&
      aud === CLIENT.clientID &&
      Number(exp) > now() - 60 &&
      Number(iat) < now() + 60 &&
      given === nonce;
    return isGood ? (sub as string) : undefined;
  } catch {
    return undefined;
  }
}
