import type { Context } from './flows/context.js';
import type { RequestLike } from './request.js';
import { isLive, masked } from './transaction/transaction.js';

/** What is pending in a browser, as a page may show it. All times are epoch seconds. */
export interface Pending {
  /** What the user has to do: type a code, or open a link. */
  stage: 'code' | 'link';
  connection: string;
  /** The address, masked: `a•••@example.com`. */
  to: string;
  sentAt: number;
  expiresAt: number;
  /** From when on a resend is taken. */
  resendAt: number;
}

export async function pending({ pendingLogins, settings }: Context, req: RequestLike): Promise<Pending | undefined> {
  const newest = (await pendingLogins.load(req))?.at(-1);
  if (!newest || !isLive(newest)) return undefined;
  const { method, connection, identifier, sentAt, expiresAt } = newest;
  return {
    stage: method,
    connection,
    to: masked(identifier),
    sentAt,
    expiresAt,
    resendAt: sentAt + settings.resendCooldown,
  };
}
