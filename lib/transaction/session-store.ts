import { PasswordlessError } from '../errors.js';
import type { RequestLike } from '../request.js';
import type { TransactionStore } from './store.js';

type Session = Record<string, unknown> & { save?: (callback: (error?: Error | null) => void) => void };

/** Keeps pending logins under `req.session[key]`, and waits until the session is saved. */
export function createSessionStore(key: string): TransactionStore {
  // Only assignment of a whole value works with every session library; @fastify/secure-session ignores `delete`.
  async function assign(req: RequestLike, value: string | undefined): Promise<void> {
    const session = sessionOf(req);
    session[key] = value;
    await save(session);
  }

  return {
    load: (req) => sessionOf(req)[key] as string | undefined,
    save: assign,
    clear: (req) => assign(req, undefined),
  };
}

function sessionOf(req: RequestLike): Session {
  if (typeof req.session === 'object' && req.session !== null) return req.session as Session;
  throw new PasswordlessError(
    'configuration_error',
    'There is no req.session. Install a session middleware, such as express-session, before the login routes.',
  );
}

// Without this, a redirect can bring the browser back before an asynchronous store has the session.
function save(session: Session): Promise<void> {
  return new Promise((resolve, reject) => {
    if (typeof session.save === 'function') {
      session.save((error) => {
        if (error) reject(error);
        else resolve();
      });
    } else {
      resolve();
    }
  });
}
