import { Agent } from 'undici';
import { onTestFinished } from 'vitest';
import { dispatcherOf } from '../support/dispatcher.js';

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
  const dispatcher = dispatcherOf(async (asked) => {
    const response = await agent.request(asked);
    const text = await response.body.text();
    const headers = asked.headers as Record<string, string>;
    const body = read(asked.body ?? '');
    const token = body.mfa_token ?? headers.authorization?.replace('Bearer ', '');
    const { path } = asked;
    exchanges.push({
      path,
      headers,
      body,
      token: token as string | undefined,
      status: response.statusCode,
      answer: read(text),
    });
    return { statusCode: response.statusCode, headers: response.headers, body: [Buffer.from(text)] };
  });
  return { dispatcher, exchanges };
}

function read(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}
