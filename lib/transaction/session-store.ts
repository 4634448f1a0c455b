import { PasswordlessError } from '../errors.js';
import type { RequestLike } from '../request.js';
import type { TransactionStore } from './store.js';
import { createTurns } from './turns.js';

type Callback = (error?: Error | null) => void;

type Session = Record<string, unknown> & {
  save?: (callback: Callback) => unknown;
  regenerate?: (callback: Callback) => unknown;
  id?: unknown;
  sessionId?: unknown;
};

type SavedSession = Record<string, unknown>;

/** What is used of the store that express-session and @fastify/session put on a request. */
interface Sessions {
  get(id: string, callback: (error: unknown, saved?: SavedSession | null) => void): unknown;
}

// Of all strategies of this copy of the package: whoever writes a session writes the logins of the others, too.
const keys = new Set<string>();
const inTurn = createTurns();

/**
 * Keeps pending logins under `req.session[key]`, and waits until the session is saved.
 *
 * A request reads its session when it begins, and saves all of it: the last one wins. So what others saved meanwhile is
 * read once more before a write, where the host lets a request ask for it, and only one request of a session does that
 * at a time.
 */
export class SessionStore implements TransactionStore {
  constructor(private readonly key: string) {
    keys.add(key);
  }

  load(req: RequestLike): string | undefined {
    return sessionOf(req)[this.key] as string | undefined;
  }

  save(req: RequestLike, value: string): Promise<void> {
    return this.assign(req, value);
  }

  clear(req: RequestLike): Promise<void> {
    return this.assign(req, undefined);
  }

  /** Runs `write` on what is saved now; not at all where the session has ended, so that no write brings it back. */
  async update(req: RequestLike, write: () => Promise<void>): Promise<void> {
    const id = sharedID(req);
    if (id === undefined) return write();
    await inTurn(id, async () => {
      const saved = await read(req, id);
      if (!saved) return;
      bringUpToDate(sessionOf(req), saved);
      await write();
    });
  }

  /**
   * Brings the pending logins of `req.session` up to date: a session that has ended took its pending logins with it, and its
   * user.
   */
  async refresh(req: RequestLike): Promise<void> {
    const id = sharedID(req);
    if (id === undefined) return;
    const saved = await read(req, id);
    const session = sessionOf(req);
    bringUpToDate(session, saved ?? {});
    // Where Passport keeps who is signed in. What is saved of this session now must not undo a logout.
    if (!saved && 'passport' in session) session.passport = undefined;
  }

  // Only assignment of a whole value works with every session library; @fastify/secure-session ignores `delete`.
  private async assign(req: RequestLike, value: string | undefined): Promise<void> {
    const session = sessionOf(req);
    session[this.key] = value;
    // Without this, a redirect can bring the browser back before an asynchronous store has the session.
    if (typeof session.save === 'function') await called((callback) => session.save?.(callback));
  }
}

function bringUpToDate(session: Session, saved: SavedSession): void {
  for (const key of keys) {
    if (key in session || key in saved) session[key] = saved[key];
  }
}

/**
 * An mfa_token alone is 2 kB.
 *
 * @throws {PasswordlessError} `configuration_error` for a session in a cookie, which is too small for a second factor.
 */
export function ensureRoomForMfa(req: RequestLike): void {
  if (!livesInCookie(sessionOf(req))) return;
  throw new PasswordlessError(
    'configuration_error',
    'A second factor does not fit into a session that is kept in a cookie. Keep sessions on the server, such as with express-session and a store, or give the store option.',
  );
}

/** Gives the session a new id where it can, and carries its other members over. */
export async function renewSession(req: RequestLike): Promise<void> {
  const session = req.session as Session | null | undefined;
  if (typeof session?.regenerate !== 'function') return;
  const members = { ...session };
  await called((callback) => session.regenerate?.(callback));
  const fresh = sessionOf(req);
  for (const [name, value] of Object.entries(members)) {
    if (!(name in fresh)) fresh[name] = value;
  }
}

export function sessionOf(req: RequestLike): Session {
  if (typeof req.session === 'object' && req.session !== null) return req.session as Session;
  throw new PasswordlessError(
    'configuration_error',
    'There is no req.session. Install a session middleware, such as express-session, before the login routes; if there is one, its store is disconnected.',
  );
}

/** The id of the session that the browser sent, in whichever host; undefined without one, or if it lives in the cookie. */
export function sessionID({ session, headers }: RequestLike): string | undefined {
  const { id, sessionId = id, externalKey = sessionId } = (session ?? {}) as Record<string, unknown>;
  return typeof externalKey === 'string' && isInCookie(headers, externalKey) ? externalKey : undefined;
}

const isInCookie = (headers: RequestLike['headers'], id: string) =>
  String(headers.cookie).includes(encodeURIComponent(id));

/** The id of a session that the browser sent, so that other requests may have it, too; undefined where none can be told. */
function sharedID(req: RequestLike): string | undefined {
  const session = req.session as Session | null | undefined;
  // In express-session it is `id`, in @fastify/session `sessionId`.
  const id = session?.id ?? session?.sessionId;
  if (typeof id !== 'string' || typeof storeOf(req)?.get !== 'function') return undefined;
  return isInCookie(req.headers, id) ? id : undefined;
}

/** The session as it is in the store; undefined where it has ended. What the app changed in this request stays as it is. */
function read(req: RequestLike, id: string): Promise<SavedSession | null | undefined> {
  return new Promise((resolve, reject) => {
    storeOf(req)?.get(id, (error, saved) => {
      // As those libraries take it: a store of files has no file.
      if (error && (error as { code?: unknown }).code !== 'ENOENT') reject(error);
      else resolve(saved);
    });
  });
}

function storeOf(req: RequestLike): Sessions | undefined {
  return (req as { sessionStore?: Sessions }).sessionStore;
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
