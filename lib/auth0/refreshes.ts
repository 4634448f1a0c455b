import type { RefreshParams } from './endpoints.js';
import type { RefreshedTokens, TokenAnswer } from './tokens.js';

type Params = Pick<RefreshParams, 'scope' | 'audience'>;

export type Refresh = (refreshToken: string, params: Params) => Promise<RefreshedTokens>;

interface Steps {
  /** Spends the refresh token. */
  exchange: (refreshToken: string, params: Params) => Promise<TokenAnswer>;
  /** Makes of the answer what the callers get. */
  finish: (answer: TokenAnswer) => Promise<RefreshedTokens>;
}

/** The calls for one refresh token that came at once. */
interface Queue {
  /** The one that is good once what is under way has ended. */
  newest: string;
  /** By what they ask for. */
  calls: Map<string, Promise<RefreshedTokens>>;
  end: Promise<void>;
}

/**
 * A refresh token that is rotated is good once, and the same one again ends its whole family. So calls that come at once
 * share an exchange, and those that ask for something else go on with the token that the one before brought. All of them
 * are answered when the last exchange has ended, since its refresh token is the only one to keep.
 */
export function createRefreshes({ exchange, finish }: Steps): Refresh {
  const queues = new Map<string, Queue>();

  return async (refreshToken, { scope, audience }) => {
    const queue: Queue = queues.get(refreshToken) ?? { newest: refreshToken, calls: new Map(), end: Promise.resolve() };
    queues.set(refreshToken, queue);
    const asked = JSON.stringify([scope, audience]);
    const call =
      queue.calls.get(asked) ??
      queue.end
        .then(() => exchange(queue.newest, { scope, audience }))
        .then((answer) => {
          queue.newest = answer.refreshToken ?? queue.newest;
          return finish(answer);
        });

    if (!queue.calls.has(asked)) {
      queue.calls.set(asked, call);
      const end = call
        .catch(() => queue.calls.delete(asked))
        .then(() => {
          if (queue.end === end) queues.delete(refreshToken);
        });
      queue.end = end;
    }

    const tokens = await call;
    let end: Promise<void>;
    do {
      end = queue.end;
      await end;
    } while (end !== queue.end);
    return { ...tokens, ...(queue.newest !== refreshToken && { refreshToken: queue.newest }) };
  };
}
