import { fail, type Outcome } from '../outcome.js';
import { isLink, isLive, type Transactions } from '../transaction/transaction.js';
import { finishCode } from './code.js';
import type { Context, Input } from './context.js';
import { finishMfa } from './mfa.js';
import { mfaRequired } from './mfa-required.js';

/** Takes what a form posts, for the login that is pending in this browser. */
export async function verifyPosted(context: Context, input: Input): Promise<Outcome> {
  const { stage } = input.options;
  const pending = await context.pendingLogins.load(input.req);
  if (!pending) return fail('transaction_invalid');
  const eligible = stage === 'mfa' ? pending.filter((each) => each.stage === 'mfa') : pending;
  if (eligible.length === 0) return fail('transaction_missing');
  const transaction = newestForm(eligible);
  if (!transaction) return fail('transaction_expired');

  if (transaction.stage !== 'mfa') return finishCode(context, input, transaction);
  return stage === 'code' ? mfaRequired(transaction, input.options) : finishMfa(context, input, transaction);
}

/** The second factor or the code, of which there is one, or else the newest link: its mail may show the code as well. */
function newestForm(pending: Transactions) {
  const live = pending.filter(isLive);
  return live.find((each) => !isLink(each)) ?? live.at(-1);
}
