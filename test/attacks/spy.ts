import { Agent, type Dispatcher } from 'undici';
import { onTestFinished } from 'vitest';

/** A call as it went over the wire, with nothing redacted. */
export interface Exchange {
  path: string;
  headers: Record<string, string>;
  /** The body's members. */
  body: Record<string, unknown>;
  /** The mfa_token, from wherever it went. */
  token: string | undefined;
  status: number;
  /** The answer's members, where it was an object. */
  answer: Record<string, unknown>;
}

/** A dispatcher that goes to the real server, and keeps what went to and fro. */
export function spy() {
  const agent = new Agent();
  onTestFinished(() => agent.close());
  const exchanges: Exchange[] = [];
  const dispatcher = {
    async request(options: Dispatcher.RequestOptions) {
      const response = await agent.request(options as Parameters<Agent['request']>[0]);
      const text = await response.body.text();
      const headers = options.headers as Record<string, string>;
      const body = read(typeof options.body === 'string' ? options.body : '');
      const token = body.mfa_token ?? headers.authorization?.replace('Bearer ', '');
      const { path } = options;
      exchanges.push({
        path,
        headers,
        body,
        token: token as string | undefined,
        status: response.statusCode,
        answer: read(text),
      });
      return { ...response, statusCode: response.statusCode, headers: response.headers, body: [Buffer.from(text)] };
    },
  };
  return { dispatcher, exchanges };
}

function read(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}
