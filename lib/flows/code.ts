import { fail, type Outcome } from '../outcome.js';
import { typedText } from '../request.js';
import { isLive, removed, type Transaction, type Transactions } from '../transaction/transaction.js';
import type { Context, Input } from './context.js';
import { signIn } from './sign-in.js';

const MAX_LENGTH = 64;

/** Takes the code that the user typed, for the address that is pending in this browser. */
export async function finishCode(context: Context, input: Input): Promise<Outcome> {
  const { auth0, attempts, pendingLogins, settings } = context;
  const { req, options } = input;
  const pending = await pendingLogins.load(req);
  if (!pending) return fail('transaction_invalid');
  if (pending.length === 0 || options.stage === 'mfa') return fail('transaction_missing');
  const transaction = awaitsCode(pending);
  if (!transaction) return fail('transaction_expired');
  const otp = typedText(req.body, settings.fields.code, MAX_LENGTH)?.replace(/[\s-]/g, '');
  if (!otp) return fail('code_missing');

  return attempts.share(`${transaction.id} ${otp}`, {
    exchange: () => auth0.exchangeCode({ ...transaction, otp }, settings.endUserIP(req)),
    // Whatever the tokens are worth: Auth0 takes a code once.
    spent: () => pendingLogins.save(req, removed(pending, transaction.id)),
    signIn: (response) => signIn(context, req, { transaction, method: 'code', response }),
  });
}

/** The code login, or else the newest link: its mail may show the code as well. */
function awaitsCode(pending: Transactions): Transaction | undefined {
  const live = pending.filter(isLive);
  return live.find(({ method }) => method === 'code') ?? live.at(-1);
}
