import type { MfaRequiredInfo } from '../outcome.js';
import type { Context } from './context.js';
import { mfaRequiredInfo } from './mfa-required.js';
import type { RequestLike } from '../request.js';
import { isLive, masked } from '../transaction/transaction.js';

/** What is pending in a browser, as a page may show it. All times are epoch seconds. */
export interface Pending {
  /** What the user has to do: type a code, open a link, or prove a second factor. */
  stage: 'code' | 'link' | 'mfa';
  connection: string;
  /** The address, masked: `a•••@example.com`. */
  to: string;
  sentAt: number;
  expiresAt: number;
  /** From when on a resend is taken. */
  resendAt: number;
  /** In the stage `mfa`: what `fail` said when it began. */
  mfa?: MfaRequiredInfo;
}

export async function pending({ pendingLogins, settings }: Context, req: RequestLike): Promise<Pending | undefined> {
  const live = (await pendingLogins.load(req))?.filter(isLive);
  const newest = live?.find((each) => each.stage === 'mfa') ?? live?.at(-1);
  if (!newest) return undefined;
  const { stage, connection, identifier, sentAt, expiresAt } = newest;
  return {
    stage,
    connection,
    to: masked(identifier),
    sentAt,
    expiresAt,
    resendAt: sentAt + settings.resendCooldown,
    ...(newest.stage === 'mfa' && { mfa: mfaRequiredInfo(newest) }),
  };
}
