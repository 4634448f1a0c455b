import type { RefreshParams } from './endpoints.js';
import type { RefreshedTokens } from './tokens.js';

export type Refresh = (refreshToken: string, params: RefreshParams) => Promise<RefreshedTokens>;

/**
 * A refresh token that is rotated is good once, and the same one again ends its whole family. So calls that come at once
 * share an exchange, and those that ask for something else go on with the token that the one before brought.
 */
export function createRefreshes(exchange: Refresh): Refresh {
  const underWay = new Map<string, Promise<RefreshedTokens>>();
  /** By the token that the callers have: the one that is good when what is under way has ended. */
  const newest = new Map<string, Promise<string>>();

  return (refreshToken, { scope, audience }) => {
    const key = JSON.stringify([refreshToken, scope, audience]);
    const same = underWay.get(key);
    if (same) return same;

    const current = newest.get(refreshToken) ?? Promise.resolve(refreshToken);
    const call = current.then((token) => exchange(token, { scope, audience }));
    const next = call.then(
      ({ refreshToken: rotated }) => rotated ?? current,
      () => current,
    );
    underWay.set(key, call);
    newest.set(refreshToken, next);
    void next.then(() => {
      underWay.delete(key);
      if (newest.get(refreshToken) === next) newest.delete(refreshToken);
    });
    return call;
  };
}
