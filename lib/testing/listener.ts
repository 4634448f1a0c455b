import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Context } from './context.js';
import { replyOf } from './errors.js';
import { misbehave } from './faults.js';
import { parseBody, parseQuery, readHead, readText, send, type WireRequest } from './http.js';
import { record, redact, type RecordedRequest } from './requests.js';
import { findEndpoint } from './routes.js';

/** One request: read, recorded, and answered by a fault or by its endpoint. */
export function createListener(context: Context, requests: RecordedRequest[]): RequestListener {
  const { protocol, port } = new URL(context.issuer);

  /** The tenant as it is called: a custom domain is the issuer of what is asked of it. */
  function contextOf({ headers }: WireRequest): Context {
    const name = headers.host?.replace(/:\d+$/, '').toLowerCase() ?? '';
    const isCustom = context.settings.customDomains.includes(name);
    return isCustom ? { ...context, issuer: new URL(`${protocol}//${name}:${port}`).href } : context;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { search, ...head } = readHead(request);
    const recorded = record(requests, head);
    const reply = await replyOf(async () => {
      const text = await readText(request);
      const query = parseQuery(search);
      recorded.query = redact(query);
      const body = parseBody(text, head.headers['content-type']);
      recorded.body = redact(body);
      const wire = { ...head, query, body };
      return context.faults.take(head.path) ?? (await findEndpoint(wire)(contextOf(wire), wire));
    });
    if (typeof reply === 'string') {
      misbehave(response, reply);
    } else {
      recorded.status = reply.status;
      send(response, reply);
    }
  }
  return (request, response) => void answer(request, response);
}
