import type { TokenResponse, Tokens } from '../auth0/tokens.js';
import { type FailureCode, hasCode, PasswordlessError } from '../errors.js';
import { type AuthInfo, fail, failOrThrow, type MfaFactor, type Outcome } from '../outcome.js';
import { toProfile } from '../profile.js';
import type { RequestLike } from '../request.js';
import { isStepUp, type Login, type Transaction } from '../transaction/transaction.js';
import type { Context } from './context.js';

interface Exchanged {
  transaction: Transaction;
  /** What the exchange completes. */
  login: Login;
  /** The second factor. */
  factor?: MfaFactor;
  response: TokenResponse;
  nonce?: string;
}

/** From Auth0's answer to the app's user: verified tokens, a profile, and what `verify` makes of them. */
export async function signIn(context: Context, req: RequestLike, exchanged: Exchanged): Promise<Outcome> {
  const { transaction, login, factor, response, nonce } = exchanged;
  let tokens: Tokens;
  let claims: Tokens['claims'];
  try {
    // A step-up comes of a refresh: the nonce of its login is not known any more.
    tokens = await context.auth0.tokens(response, isStepUp(login) ? null : nonce);
    claims = await withUserInfo(context, tokens);
  } catch (error) {
    return failOrThrow(error);
  }
  const mismatch = mismatchOf(login, tokens.claims);
  if (mismatch) return fail(mismatch);

  const { user, info } = await context.verify(req, tokens, toProfile(claims));
  if (!user) return fail('refused', info);
  // What stands in these places tells of the login, and is ours.
  const { connection, method, stepUp, mfa, recoveryCode, appState, ...said }: AuthInfo = info ?? {};
  return {
    action: 'success',
    user,
    info: {
      ...said,
      ...(isStepUp(login) ? { stepUp: true } : { connection: login.connection, method: login.method }),
      ...(factor && { mfa: { factor } }),
      ...(tokens.recoveryCode && { recoveryCode: tokens.recoveryCode }),
      ...(transaction.appState !== undefined && { appState: transaction.appState }),
    },
  };
}

async function withUserInfo({ auth0, settings }: Context, { accessToken, claims }: Tokens): Promise<Tokens['claims']> {
  if (!settings.fetchUserInfo) return claims;
  const userInfo = await auth0.userInfo(accessToken).catch((error: unknown) => {
    if (!hasCode(error, 'access_denied')) throw error;
    // The user has done nothing wrong.
    throw new PasswordlessError('unexpected_response', 'Auth0 refused its new access token at /userinfo.');
  });
  // OpenID Connect Core 1.0, section 5.3.2: nothing of an answer about somebody else may be used.
  if (userInfo.sub !== claims.sub) {
    throw new PasswordlessError(
      'unexpected_response',
      'Auth0 answered /userinfo with another "sub" than the ID token\'s.',
    );
  }
  return { ...claims, ...userInfo };
}

function mismatchOf(login: Login, claims: Tokens['claims']): FailureCode | undefined {
  if (isStepUp(login)) return claims.sub === login.sub ? undefined : 'subject_mismatch';
  const { organization } = login;
  if (organization === undefined) return undefined;
  const isMember = organization.startsWith('org_')
    ? claims.org_id === organization
    : claims.org_name === organization.toLowerCase();
  return isMember ? undefined : 'organization_mismatch';
}
