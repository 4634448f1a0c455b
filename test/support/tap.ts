import { Agent } from 'undici';
import { onTestFinished } from 'vitest';
import { dispatcherOf } from './dispatcher.js';

/** A call to Auth0 with nothing redacted. */
export interface Exchange {
  path: string;
  headers: Record<string, string>;
  /** The parameters of the request's body. */
  body: Record<string, unknown>;
  /** The mfa_token, from the body or the Authorization header. */
  token: string | undefined;
  status: number;
  /** The members of the response, if it was an object. */
  answer: Record<string, unknown>;
}

export type Tap = ReturnType<typeof createTap>;

/**
 * Sits between a strategy and its tenant: `dispatcher` is the strategy's option. Keeps every exchange, and holds what a
 * test names until the test lets it go on, so that the test decides the order of concurrent requests.
 */
export function createTap() {
  const agent = new Agent();
  onTestFinished(() => agent.close());
  const exchanges: Exchange[] = [];
  const held = new Map<string, { arrive: () => void; opened: Promise<void> }[]>();

  async function pass(name: string): Promise<void> {
    const hold = held.get(name)?.shift();
    hold?.arrive();
    await hold?.opened;
  }

  return {
    exchanges,
    pass,
    /** Holds the next of this name: a path of Auth0's API, its response (`'<path> answered'`), or what calls `pass`. */
    hold: (name: string) => {
      let arrive = () => {};
      let open = () => {};
      const arrived = new Promise<void>((resolve) => (arrive = resolve));
      const opened = new Promise<void>((resolve) => (open = resolve));
      held.set(name, [...(held.get(name) ?? []), { arrive, opened }]);
      return {
        arrived,
        open: () => {
          open();
        },
      };
    },
    dispatcher: dispatcherOf(async (asked) => {
      const { path } = asked;
      await pass(path);
      const { statusCode: status, headers, body: received } = await agent.request(asked);
      const text = await received.text();
      const sent = asked.headers as Record<string, string>;
      const body = read(asked.body ?? '');
      const token = (body.mfa_token ?? sent.authorization?.replace('Bearer ', '')) as string | undefined;
      exchanges.push({ path, headers: sent, body, token, status, answer: read(text) });
      await pass(`${path} answered`);
      return { statusCode: status, headers, body: [Buffer.from(text)] };
    }),
  };
}

function read(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return Object.fromEntries(new URLSearchParams(text));
  }
}
