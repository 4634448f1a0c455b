import { fail, type Outcome } from '../outcome.js';
import { bodyOf, member, type RequestLike } from '../request.js';
import {
  type CodeTransaction,
  firstFactor,
  isOfDatabase,
  type LinkTransaction,
  randomID,
  removed,
} from '../transaction/transaction.js';
import type { Context, Input } from './context.js';
import { exchangeFailed } from './mfa-required.js';
import { readOTP } from '../typed-text.js';
import { signIn } from './sign-in.js';

/** Takes the code that the user typed, for the address that is pending in this browser. */
export async function finishCode(
  context: Context,
  input: Input,
  transaction: CodeTransaction | LinkTransaction,
): Promise<Outcome> {
  const { auth0, pendingLogins, settings, share } = context;
  const otp = readOTP(bodyOf(input.req), settings.fields.code);
  if (!otp) return codeMissing(input.req, settings.fields.code);

  const login = firstFactor(transaction, 'code');
  // A start that Auth0 refused for the address's sake has no auth_session, and no code is right for it.
  const authSession = isOfDatabase(transaction) ? (transaction.database.authSession ?? '').trimEnd() : undefined;
  return share(singleFlightKey(context, transaction.id, otp), {
    exchange: () => auth0.exchangeCode({ otp, authSession, ...transaction }, settings.endUserIP(input.req)),
    failed: (error) => exchangeFailed(context, input, { transaction, login }, error),
    // Whatever the tokens are worth: Auth0 takes a code once.
    spent: () => pendingLogins.update(input.req, (now) => removed(now, transaction.id)),
    signIn: (response) => signIn(context, input.req, { transaction, login, response }),
  });
}

/** JSON numbers lose the zeros at their start, so a number is refused, and a developer learns why. */
export function codeMissing(req: RequestLike, field: string): Outcome {
  const isNumber = typeof member(bodyOf(req), field) === 'number';
  return fail(
    'code_missing',
    isNumber ? { hint: `Send ${field} as a string: a JSON number loses its leading zeros.` } : {},
  );
}

/** Prevents a copied transaction from signing in a second client: with store 'client', no two requests share anything. */
export function singleFlightKey({ pendingLogins }: Context, ...parts: string[]): string {
  return [...parts, pendingLogins.areHeldByClient ? randomID() : ''].join(' ');
}
