import type { RequestLike } from '../../lib/request.js';

type Done = () => void;

/** A browser as a host shows it: its session stays until it is regenerated. */
export class Browser {
  session = this.newSession();
  /** Whom this browser had something sent to, and nobody else may ever be signed in here. */
  readonly addresses = new Set<string>();
  /** The states of its links, with the address of each. */
  readonly states = new Map<string, string>();
  readonly mfaTokens = new Set<string>();

  request(over: Partial<RequestLike>): RequestLike {
    const req: RequestLike = { method: 'POST', headers: {}, query: {}, body: {}, ...over };
    // As express-session does it: the request's session is another object from now on.
    return Object.defineProperty(req, 'session', { get: () => this.session, enumerable: true });
  }

  private newSession(): Record<string, unknown> {
    const methods = {
      save: (done: Done) => {
        done();
      },
      regenerate: (done: Done) => {
        this.session = this.newSession();
        done();
      },
    };
    return Object.create(methods) as Record<string, unknown>;
  }
}
