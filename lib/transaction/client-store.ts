import { bodyOf, isJSON, member, type RequestLike } from '../request.js';
import type { TransactionStore } from './store.js';

/**
 * Keeps nothing: the client posts back what the answer before carried. What a request itself brought about is noted
 * beside it, by its headers: Koa has several objects for a request, which share those. Fastify may make a new object of
 * them at each look; those of Node's own request, beneath it, stay the same.
 */
export class ClientStore implements TransactionStore {
  /** Behind a function, so that no headers show when the strategy is printed: they hold cookies and tokens. */
  private readonly brought: () => WeakMap<object, string | undefined>;

  /** @param field The member of the body that holds the sealed pending logins. */
  constructor(private readonly field: string) {
    const brought = new WeakMap<object, string | undefined>();
    this.brought = () => brought;
  }

  load(req: RequestLike): string | undefined {
    const headers = headersOf(req);
    if (this.brought().has(headers)) return this.brought().get(headers);
    // Of a form, which is refused anyway, there may be no body: no parser has to be there for it.
    return isJSON(req) ? (member(bodyOf(req), this.field) as string | undefined) : undefined;
  }

  save(req: RequestLike, value: string): void {
    this.brought().set(headersOf(req), value);
  }

  clear(req: RequestLike): void {
    this.brought().set(headersOf(req), undefined);
  }
}

function headersOf(req: RequestLike & { raw?: Partial<RequestLike> }): object {
  // In Express an app may keep anything as `req.raw`.
  return req.raw?.headers ?? req.headers;
}
