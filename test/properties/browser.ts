import type { RequestLike } from '../../lib/request.js';

type Done = () => void;

/** A browser as a host presents it: its session stays until it is regenerated. */
export class Browser {
  session = this.newSession();
  /** The recipients of this browser's codes and links: nobody else may ever be signed in here. */
  readonly addresses = new Set<string>();
  /** The address of each of its links, by state. */
  readonly states = new Map<string, string>();
  readonly mfaTokens = new Set<string>();

  request(over: Partial<RequestLike>): RequestLike {
    const req: RequestLike = { method: 'POST', headers: {}, query: {}, body: {}, ...over };
    // Like express-session: once regenerated, the request's session is another object.
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
