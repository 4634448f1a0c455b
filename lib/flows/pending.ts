import type { MfaRequiredInfo } from '../outcome.js';
import type { Context } from './context.js';
import { worded } from '../messages.js';
import { mfaRequiredInfo } from './mfa-required.js';
import type { RequestLike } from '../request.js';
import { isLive, masked, type Recipient, recipientOf } from '../transaction/transaction.js';

interface PendingBase {
  /** When the message was sent; in a step-up, when it began. */
  sentAt: number;
  /** When it is over. */
  expiresAt: number;
  /** From when on a resend is taken. In a second factor none is. */
  resendAt: number;
  /** With `store: 'client'`: what to send back with the next request. */
  transaction?: string;
}

/** A message is out: the user has to type a code, or to open a link. */
export interface PendingMessage extends PendingBase {
  stage: 'code' | 'link';
  /** The one it was sent by. */
  connection: string;
  /** The address, masked: `a•••@example.com`. */
  to: string;
  mfa?: undefined;
}

/** The user has to prove a second factor. */
export interface PendingMfa extends PendingBase {
  stage: 'mfa';
  /** That of the first factor. None in a step-up, for which nothing was sent. */
  connection?: string;
  /** The address of the first factor, masked. None in a step-up. */
  to?: string;
  /** What `fail` said when it began. */
  mfa: MfaRequiredInfo;
}

/** What is pending in a browser, as a page may show it. All times are epoch seconds. */
export type Pending = PendingMessage | PendingMfa;

export async function pending(context: Context, req: RequestLike): Promise<Pending | undefined> {
  const { pendingLogins, settings } = context;
  const live = (await pendingLogins.load(req))?.filter(isLive);
  const newest = live?.find((each) => each.stage === 'mfa') ?? live?.at(-1);
  if (!newest) return undefined;
  const { sentAt, expiresAt } = newest;
  const forClient = await pendingLogins.forClient(req);
  const base = { sentAt, expiresAt, resendAt: sentAt + settings.resendCooldown, ...forClient };
  if (newest.stage !== 'mfa') return { stage: newest.stage, ...shown(newest), ...base };
  const recipient = recipientOf(newest);
  const mfa = worded(settings, req, { ...mfaRequiredInfo(newest), ...forClient });
  return { stage: 'mfa', ...(recipient && shown(recipient)), ...base, mfa };
}

function shown({ connection, identifier }: Recipient): { connection: string; to: string } {
  return { connection, to: masked(identifier) };
}
