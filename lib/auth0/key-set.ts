import { JWKSNoMatchingKey } from 'jose/errors';
import { createLocalJWKSet } from 'jose/jwks/local';
import type { JSONWebKeySet } from 'jose';
import type { JWTVerifyGetKey } from 'jose/jwt/verify';
import { PasswordlessError } from '../errors.js';

/** After this the keys are fetched anew, beside the logins that go on with the old ones. */
const MAX_AGE = 10 * 60 * 1000;

/** At most one fetch in this time for keys that are old or a `kid` that is unknown, so that forged tokens cause no flood. */
const COOLDOWN = 30 * 1000;

type Keys = ReturnType<typeof createLocalJWKSet>;

/** Finds the key of a token, as jose asks for it. */
export interface KeySet extends JWTVerifyGetKey {
  /** Fetches the keys now. */
  reload(): Promise<void>;
  /** Fetches the keys where there are none yet. */
  ready(): Promise<void>;
}

/**
 * The tenant's signing keys. Auth0 publishes the next key long before it signs with it, so cached keys stay good while
 * the endpoint is down; a `kid` that is not among them is looked for once more. Parallel logins share a fetch.
 */
export function createKeySet(fetchKeys: () => Promise<unknown>): KeySet {
  let keys: Keys | undefined;
  let fetchedAt = 0;
  let retriedAt = 0;
  let fetching: Promise<Keys> | undefined;

  function refresh(): Promise<Keys> {
    fetching ??= fetchKeys()
      .then((body) => {
        keys = readKeys(body);
        fetchedAt = Date.now();
        return keys;
      })
      .finally(() => {
        fetching = undefined;
      });
    return fetching;
  }

  function mayRetry(): boolean {
    const now = Date.now();
    if (now - retriedAt < COOLDOWN) return false;
    retriedAt = now;
    return true;
  }

  const find: JWTVerifyGetKey = async (header, token) => {
    if (!keys) return (await refresh())(header, token);
    if (Date.now() - fetchedAt > MAX_AGE && mayRetry()) {
      refresh().catch(() => undefined);
    }
    try {
      return await keys(header, token);
    } catch (error) {
      if (!(error instanceof JWKSNoMatchingKey)) throw error;
      if (!fetching && !mayRetry()) throw error;
      return (await refresh())(header, token);
    }
  };

  return Object.assign(find, {
    async reload() {
      await refresh();
    },
    async ready() {
      if (!keys) await refresh();
    },
  });
}

function readKeys(body: unknown): Keys {
  let keys: Keys | undefined;
  try {
    keys = createLocalJWKSet(body as JSONWebKeySet);
  } catch {
    // Told below.
  }
  // An empty set signs nobody in; it must not take the place of keys that do.
  if (keys?.jwks().keys.length) return keys;
  throw new PasswordlessError('unexpected_response', 'Auth0 answered /.well-known/jwks.json without a key set.');
}
