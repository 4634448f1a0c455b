import type { TokenResponse, Tokens } from '../auth0/client.js';
import { PasswordlessError } from '../errors.js';
import { fail, failOrThrow, type MfaFactor, type Outcome } from '../outcome.js';
import { toProfile } from '../profile.js';
import type { RequestLike } from '../request.js';
import type { Transaction } from '../transaction/transaction.js';
import type { Context } from './context.js';

interface Login {
  transaction: Transaction;
  /** How it was finished: the code of a link's mail can be typed, too. */
  method: 'code' | 'link';
  mfa?: { factor: MfaFactor };
  response: TokenResponse;
  nonce?: string;
}

/** From Auth0's answer to the app's user: verified tokens, a profile, and what `verify` makes of them. */
export async function signIn(context: Context, req: RequestLike, login: Login): Promise<Outcome> {
  const { transaction, method, mfa, response, nonce } = login;
  let tokens: Tokens;
  let claims: Tokens['claims'];
  try {
    tokens = await context.auth0.tokens(response, nonce);
    claims = await withUserInfo(context, tokens);
  } catch (error) {
    return failOrThrow(error);
  }
  if (!isOfOrganization(transaction, tokens.claims)) return fail('organization_mismatch');

  const { user, info } = await context.verify(req, tokens, toProfile(claims));
  if (!user) return fail('refused', info);
  const { connection, appState } = transaction;
  return {
    action: 'success',
    user,
    info: {
      ...info,
      connection,
      method,
      ...(mfa && { mfa }),
      ...(tokens.recoveryCode && { recoveryCode: tokens.recoveryCode }),
      ...(appState !== undefined && { appState }),
    },
  };
}

async function withUserInfo({ auth0, settings }: Context, { accessToken, claims }: Tokens): Promise<Tokens['claims']> {
  if (!settings.fetchUserInfo) return claims;
  const userInfo = await auth0.userInfo(accessToken);
  // OpenID Connect Core 1.0, section 5.3.2: nothing of an answer about somebody else may be used.
  if (userInfo.sub !== claims.sub) {
    throw new PasswordlessError(
      'unexpected_response',
      'Auth0 answered /userinfo with another "sub" than the ID token\'s.',
    );
  }
  return { ...claims, ...userInfo };
}

function isOfOrganization({ organization }: Transaction, claims: Tokens['claims']): boolean {
  if (organization === undefined) return true;
  return organization.startsWith('org_')
    ? claims.org_id === organization
    : claims.org_name === organization.toLowerCase();
}
