import {
  authenticateClient,
  checkGrant,
  MFA_OOB,
  MFA_OTP,
  MFA_RECOVERY_CODE,
  PASSWORDLESS_OTP,
  REFRESH_TOKEN,
  type Client,
} from '../clients.js';
import type { Context } from '../context.js';
import { OAuthError } from '../errors.js';
import { authorizationCode } from '../grants/authorization-code.js';
import { mfaOOB } from '../grants/mfa-oob.js';
import { mfaOTP } from '../grants/mfa-otp.js';
import { mfaRecoveryCode } from '../grants/mfa-recovery-code.js';
import { passwordlessOTP } from '../grants/passwordless-otp.js';
import { refreshToken } from '../grants/refresh-token.js';
import { required, type Parameters, type Reply, type WireRequest } from '../http.js';
import { issueTokens, type Authorization } from '../tokens.js';

/** A grant is one function from the client and its parameters to who was let in. */
type Grant = (context: Context, client: Client, parameters: Parameters) => Authorization;

const GRANTS = new Map<string, Grant>([
  [PASSWORDLESS_OTP, passwordlessOTP],
  ['authorization_code', authorizationCode],
  [REFRESH_TOKEN, refreshToken],
  [MFA_OTP, mfaOTP],
  [MFA_OOB, mfaOOB],
  [MFA_RECOVERY_CODE, mfaRecoveryCode],
]);

/** `POST /oauth/token` */
export async function token(context: Context, { body }: WireRequest): Promise<Reply> {
  const grantType = required(body, 'grant_type');
  const grant = GRANTS.get(grantType);
  if (!grant) throw new OAuthError(403, 'unsupported_grant_type', `Unsupported grant type: ${grantType}`);
  const client = authenticateClient(context, body);
  checkGrant(client, grantType);
  return { status: 200, body: await issueTokens(context, grant(context, client, body)) };
}
