import { timingSafeEqual } from 'node:crypto';
import { refusalError } from '../auth0/errors.js';
import { mfaRequiredBy } from '../auth0/mfa-required.js';
import { type FailureCode, PasswordlessError } from '../errors.js';
import { fail, failOrThrow, type Outcome } from '../outcome.js';
import { readParameter } from '../request.js';
import { firstFactor, isLink, isLive, removed } from '../transaction/transaction.js';
import type { Context, Input } from './context.js';
import { signIn } from './sign-in.js';

/** Takes the browser that comes back from Auth0 after a click on a link. */
export async function finishLink(context: Context, input: Input): Promise<Outcome> {
  const { auth0, pendingLogins, share } = context;
  const { req } = input;
  const parameter = (name: string) => readParameter(req.query, name);
  const state = parameter('state');
  const code = parameter('code');
  const error = parameter('error');
  if (!state || !(code || error)) {
    return fail('callback_incomplete', {
      message: 'The link brought back no "state", or neither "code" nor "error". It has to ask for response_type=code.',
    });
  }

  const pending = await pendingLogins.load(req);
  if (!pending) return fail('transaction_invalid');
  const links = pending.filter(isLink);
  if (links.length === 0) return fail('link_opened_elsewhere');
  const transaction = links.find(({ id }) => isSame(id, state));
  if (!transaction) return fail('state_mismatch');
  if (!isLive(transaction)) return fail('transaction_expired');

  const remove = () => pendingLogins.update(req, (now) => removed(now, transaction.id));
  const { callbackURL, nonce } = transaction;
  const login = firstFactor(transaction, 'link');
  return share(`${transaction.id} ${code}`, {
    exchange: async () => {
      // Gone before anything else can happen: a state is good for one callback.
      await remove();
      if (error) throw refusalError({ error, description: parameter('error_description') });
      return auth0.exchangeCallback(code, callbackURL);
    },
    // Once more, for each request that has joined: it has a copy of the session to itself.
    failed: async (failure) => {
      await remove();
      // Its tokens would come without the nonce, the only proof that they are this link's.
      if (mfaRequiredBy(failure)) throw new PasswordlessError('unexpected_response', MFA_ON_LINK);
      return saidOfLink(failOrThrow(failure));
    },
    spent: remove,
    signIn: (response) => signIn(context, req, { transaction, login, response, nonce }),
  });
}

const MFA_ON_LINK =
  'Auth0 answered the exchange of a link with mfa_required; its own pages ask for the second factor of a link.';

/** A link fails as the code in it does, but its user typed none. */
function saidOfLink(outcome: Outcome): Outcome {
  if (outcome.action !== 'fail' || !CODE_FAILURES.includes(outcome.code)) return outcome;
  const message = 'This link has expired, or was used before. Ask for a new one.';
  return { ...outcome, info: { ...outcome.info, message } };
}

const CODE_FAILURES: FailureCode[] = ['wrong_code', 'code_expired', 'too_many_attempts'];

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
