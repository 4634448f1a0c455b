import { createHmac } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { dispatcherOf } from './dispatcher.js';
import { serve } from './servers.js';

/** What a strategy is configured with whose Auth0 is the one below. */
export const CLIENT = {
  domain: 'acme.eu.auth0.com',
  clientID: 'the-client',
  clientSecret: 'a client secret of 32 bytes or more',
};

/** A request as Auth0 received it, with nothing redacted. */
export interface Sent {
  origin: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | null;
}

/** An HTTP response; or how the connection fails, before a response or in its body. */
export interface Response {
  status?: number;
  headers?: Record<string, string | string[]>;
  body?: object | string;
  refused?: unknown;
  brokenOff?: unknown;
}

type Respond = (sent: Sent) => Response | Promise<Response>;

/**
 * An Auth0 that responds as the test says, to every request or by path; a path that is not named succeeds. It keeps every
 * request. In process it is an undici dispatcher, for the strategy's option; `listen` puts it on a real socket.
 */
export function hostileAuth0(script: Respond | Record<string, (() => Response | Promise<Response>) | undefined> = {}) {
  const sent: Sent[] = [];
  const responses: Response[] = [];

  async function respond(request: Sent): Promise<Response> {
    sent.push(request);
    const scripted = typeof script === 'function' ? script(request) : script[request.path]?.();
    const response = await (scripted ?? { body: request.path === '/oauth/token' ? tokens() : {} });
    responses.push(response);
    return response;
  }

  return {
    sent,
    responses,
    paths: () => sent.map(({ path }) => path),
    ...dispatcherOf(async (asked) => {
      const { origin, method, path, headers, body } = asked as Sent;
      const response = await respond({ origin, method, path, headers, body });
      if ('refused' in response) throw response.refused;
      return { statusCode: response.status ?? 200, headers: response.headers ?? {}, body: stream(response) };
    }),

    /** Until the test ends; returns the origin. */
    listen: async (): Promise<string> => {
      const { origin } = await serve((req, res) => {
        void text(req).then(async (body) => {
          const { method = '', url: path = '', headers } = req;
          const response = await respond({ origin, method, path, headers: headers as Record<string, string>, body });
          res.writeHead(response.status ?? 200, { 'content-type': 'application/json', ...response.headers });
          res.end(textOf(response));
        });
      });
      return origin;
    },
  };
}

const textOf = ({ body = '' }: Response) => (typeof body === 'string' ? body : JSON.stringify(body));

async function* stream(response: Response) {
  await Promise.resolve();
  yield Buffer.from(textOf(response));
  if ('brokenOff' in response) throw response.brokenOff;
}

/** The parameters of a request's body, whether JSON or a form. */
export function bodyOf({ headers, body }: Sent): Record<string, unknown> {
  if (!body) return {};
  return headers['content-type'] === 'application/json'
    ? (JSON.parse(body) as Record<string, unknown>)
    : Object.fromEntries(new URLSearchParams(body));
}

const now = () => Math.floor(Date.now() / 1000);
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A valid ID token by HS256, or one with other claims, header or secret. */
export function idToken(claims: object = {}, header: object = {}, secret = CLIENT.clientSecret): string {
  const { domain, clientID: aud } = CLIENT;
  const valid = { iss: `https://${domain}/`, aud, sub: 'email|ada', iat: now(), exp: now() + 600 };
  const input = `${base64url({ alg: 'HS256', ...header })}.${base64url({ ...valid, ...claims })}`;
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
}

/** A token response as `/oauth/token` sends it. */
export function tokens(claims: object = {}) {
  return { access_token: 'the-access-token', id_token: idToken(claims), token_type: 'Bearer', expires_in: 60 };
}
