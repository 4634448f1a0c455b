import { fail, type Outcome } from '../outcome.js';
import { bodyOf, typedText } from '../request.js';
import {
  type CodeTransaction,
  firstFactor,
  isOfDatabase,
  type LinkTransaction,
  removed,
} from '../transaction/transaction.js';
import type { Context, Input } from './context.js';
import { exchangeFailed } from './mfa-required.js';
import { signIn } from './sign-in.js';

const MAX_LENGTH = 64;

/** Takes the code that the user typed, for the address that is pending in this browser. */
export async function finishCode(
  context: Context,
  input: Input,
  transaction: CodeTransaction | LinkTransaction,
): Promise<Outcome> {
  const { auth0, pendingLogins, settings, share } = context;
  const otp = readCode(input, settings.fields.code);
  if (!otp) return fail('code_missing');

  const login = firstFactor(transaction, 'code');
  // A start that Auth0 refused for the address's sake has no auth_session, and no code is right for it.
  const authSession = isOfDatabase(transaction) ? (transaction.database.authSession ?? '') : undefined;
  return share(`${transaction.id} ${otp}`, {
    exchange: () => auth0.exchangeCode({ otp, authSession, ...transaction }, settings.endUserIP(input.req)),
    failed: (error) => exchangeFailed(context, input, { transaction, login }, error),
    // Whatever the tokens are worth: Auth0 takes a code once.
    spent: () => pendingLogins.update(input.req, (now) => removed(now, transaction.id)),
    signIn: (response) => signIn(context, input.req, { transaction, login, response }),
  });
}

export function readCode({ req }: Input, field: string): string | undefined {
  return typedCode(bodyOf(req), field);
}

/** A code as typed, without the spaces and dashes that people put in; `''` for none, undefined for what cannot be one. */
export function typedCode(source: unknown, name: string): string | undefined {
  return typedText(source, name, MAX_LENGTH)?.replace(/[\s-]/g, '');
}
