import type { Auth0Client } from '../auth0/client.js';
import {
  type Authenticator,
  type Enrollment,
  managementProofError,
  managementRefusalError,
  type MfaProof,
} from '../auth0/mfa.js';
import { PasswordlessError } from '../errors.js';
import { readOTP, readRecoveryCode } from '../typed-text.js';
import { isText, requireText } from '../values.js';
import { type EnrollOptions, readEnrollOptions } from './enroll-options.js';

/**
 * The second factors of a user who is signed in, over Auth0's MFA API. Each call takes an access token of that user's for
 * the audience `https://<domain>/mfa/`, such as `strategy.auth0.refresh` gives, with the scope that the call names. Auth0
 * opens that audience once the user has given a second factor, where there is one.
 *
 * Every method rejects with a `TypeError` where there is no access token, and with a `PasswordlessError`: `access_denied`
 * where it is not good for the call, or what the call to Auth0 ended in.
 */
export class Factors {
  /** @internal */
  constructor(private readonly auth0: Auth0Client) {}

  /** The active ones. Scope: `read:authenticators`. */
  async list(accessToken: string): Promise<Authenticator[]> {
    requireText(accessToken, 'factors.list: accessToken');
    return this.auth0.authenticators(accessToken, managementRefusalError);
  }

  /**
   * Adds one, which {@link verify} makes active. Scope: `enroll`. Keep the `oobCode` on the server until then, and show the
   * rest once.
   *
   * @throws {PasswordlessError} also `invalid_factor`, `invalid_phone_number`, `invalid_email`, `already_enrolled`.
   */
  async enroll(accessToken: string, options: EnrollOptions): Promise<Enrollment> {
    requireText(accessToken, 'factors.enroll: accessToken');
    return this.auth0.associate(accessToken, readEnrollOptions(options), managementRefusalError);
  }

  /**
   * Proves one that was just added: with the code that the user typed, and the `oobCode` where the enrolment had one. For a
   * push it is the `oobCode` alone.
   *
   * @throws {PasswordlessError} also `code_missing`, `wrong_code`, `mfa_pending` until a push is answered, `mfa_rejected`.
   */
  async verify(accessToken: string, proof: MfaProof): Promise<void> {
    requireText(accessToken, 'factors.verify: accessToken');
    await this.auth0.exchangeMfa(accessToken, readProof(proof), managementProofError);
  }

  /**
   * Removes one. Scope: `remove:authenticators`.
   *
   * @throws {PasswordlessError} also `invalid_factor` where there is none of this id.
   */
  async remove(accessToken: string, authenticatorId: string): Promise<void> {
    requireText(accessToken, 'factors.remove: accessToken');
    // Of such an id the path would be that of all of them, or lead out of them; what is no Unicode has no path at all.
    if (!isText(authenticatorId) || /^\.{1,2}$|\p{Cs}/u.test(authenticatorId))
      throw new PasswordlessError('invalid_factor');
    await this.auth0.removeAuthenticator(accessToken, authenticatorId);
  }
}

/** Reads the code as a login does. */
function readProof(proof: MfaProof): MfaProof {
  const typed = (name: string, read = readOTP): string => {
    const code = read(proof, name);
    if (code) return code;
    throw new PasswordlessError('code_missing');
  };
  if ('otp' in proof) return { otp: typed('otp') };
  if ('recoveryCode' in proof) return { recoveryCode: typed('recoveryCode', readRecoveryCode) };
  return proof.bindingCode === undefined ? proof : { ...proof, bindingCode: typed('bindingCode') };
}
