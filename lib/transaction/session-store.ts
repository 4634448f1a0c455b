import { PasswordlessError } from '../errors.js';
import type { RequestLike } from '../request.js';
import type { TransactionStore } from './store.js';

type Callback = (error?: Error | null) => void;

type Session = Record<string, unknown> & {
  save?: (callback: Callback) => unknown;
  regenerate?: (callback: Callback) => unknown;
};

/** Keeps pending logins under `req.session[key]`, and waits until the session is saved. */
export function createSessionStore(key: string): TransactionStore {
  // Only assignment of a whole value works with every session library; @fastify/secure-session ignores `delete`.
  async function assign(req: RequestLike, value: string | undefined): Promise<void> {
    const session = sessionOf(req);
    session[key] = value;
    // Without this, a redirect can bring the browser back before an asynchronous store has the session.
    if (typeof session.save === 'function') await called((callback) => session.save?.(callback));
  }

  return {
    load: (req) => sessionOf(req)[key] as string | undefined,
    save: assign,
    clear: (req) => assign(req, undefined),
  };
}

/**
 * Gives the session a new id where it can, and carries its other members over.
 *
 * @param holdsMfa Whether an mfa_token will be kept in it, for which a cookie is too small.
 * @throws {PasswordlessError} `configuration_error` then, for a session in a cookie.
 */
export async function renewSession(req: RequestLike, holdsMfa: boolean): Promise<void> {
  if (holdsMfa && livesInCookie(sessionOf(req))) {
    throw new PasswordlessError(
      'configuration_error',
      'A second factor does not fit into a session that is kept in a cookie. Keep sessions on the server, such as with express-session and a store, or give the store option.',
    );
  }
  const session = req.session as Session | null | undefined;
  if (typeof session?.regenerate !== 'function') return;
  const members = { ...session };
  await called((callback) => session.regenerate?.(callback));
  const fresh = sessionOf(req);
  for (const [name, value] of Object.entries(members)) {
    if (!(name in fresh)) fresh[name] = value;
  }
}

function sessionOf(req: RequestLike): Session {
  if (typeof req.session === 'object' && req.session !== null) return req.session as Session;
  throw new PasswordlessError(
    'configuration_error',
    'There is no req.session. Install a session middleware, such as express-session, before the login routes.',
  );
}

/** Whether a browser has to carry the session itself, by what tells these apart from sessions on the server. */
function livesInCookie(session: Session): boolean {
  // @fastify/secure-session, and cookie-session as it comes.
  if (typeof session.save !== 'function') return true;
  // cookie-session with the methods that Passport needs put on it; koa-session without a store.
  return 'isPopulated' in session || ('externalKey' in session && !session.externalKey);
}

/** Session libraries answer by the callback, by a promise, or by both. */
function called(method: (callback: Callback) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const promise = method((error) => {
      if (error) reject(error);
      else resolve();
    });
    if (promise instanceof Promise) {
      promise.then(() => {
        resolve();
      }, reject);
    }
  });
}
