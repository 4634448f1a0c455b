import { PasswordlessError } from '../errors.js';
import { epochSeconds } from '../time.js';
import { requireText } from '../values.js';
import { readList, readNothing, readObject } from './answers.js';
import type { ClientAuthentication } from './client-auth.js';
import {
  callbackRequest,
  type CodeParams,
  codeRequest,
  type RefreshParams,
  refreshRequest,
  revokeRequest,
  type StartParams,
  startRequest,
  userInfoRequest,
} from './endpoints.js';
import { refreshRefusalError, refusalError, startRefusalError, userInfoRefusalError } from './errors.js';
import type { Body, Http } from './http.js';
import type { IDTokenVerifier } from './id-token.js';
import type { KeySet } from './key-set.js';
import { type LogoutOptions, logoutURL } from './logout.js';
import {
  associateRequest,
  type Authenticator,
  authenticatorsRequest,
  bearerRefusalError,
  type Challenge,
  challengeRequest,
  type Enrollment,
  type EnrollParams,
  managementRefusalError,
  type MfaProof,
  mfaRefusalError,
  mfaRequest,
  readAuthenticators,
  readChallenge,
  readEnrollment,
  removeAuthenticatorRequest,
  type ToProofError,
} from './mfa.js';
import {
  type ChallengeParams,
  otpChallengeRefusalError,
  otpChallengeRequest,
  otpRefusalError,
  readAuthSession,
} from './otp-challenge.js';
import { createRefreshes, type Refresh } from './refreshes.js';
import type { EndUser } from './requests.js';
import {
  hasIDToken,
  readTokens,
  type RefreshedTokens,
  type TokenAnswer,
  type TokenResponse,
  type Tokens,
} from './tokens.js';

interface Parts {
  origin: string;
  clientID: string;
  http: Http;
  credentials: ClientAuthentication;
  keys: KeySet;
  /** Resolves once there is a key to verify ID tokens with. */
  ready: () => Promise<void>;
  verifyIDToken: IDTokenVerifier;
}

/**
 * The Auth0 calls of one application. A call that fails rejects with a `PasswordlessError`: `rate_limited`,
 * `configuration_error`, `transport_error`, `timeout`, `unexpected_response`, or what the answer means.
 */
export class Auth0Client {
  /** Behind a function, so that nothing of it shows when the client is printed. */
  private readonly parts: () => Parts;
  private readonly exchangeRefreshToken: Refresh;

  /** @internal */
  constructor(parts: Parts) {
    this.parts = () => parts;
    this.exchangeRefreshToken = createRefreshes({
      exchange: async (refreshToken, params) => {
        // Before the refresh token is spent: what takes its place would be lost where the ID token cannot be verified.
        await parts.ready();
        const request = refreshRequest(await parts.credentials(), refreshToken, params);
        return parts.http.send(request, (response) => readTokens(readObject(response, refreshRefusalError)));
      },
      // The login's nonce is not known any more, and the answer comes from Auth0 itself.
      finish: (answer) => this.verified(answer, null),
    });
  }

  /**
   * New tokens for a refresh token. Where Auth0 rotates refresh tokens, the old one is spent: keep the new one. Calls for
   * the same token that come at once, within this process, share one exchange, or follow each other where they ask for
   * different things; all of them bring the newest refresh token.
   *
   * @throws {TypeError} where there is no refresh token.
   * @throws {PasswordlessError} `mfa_required`, which `strategy.mfa.begin` takes, where Auth0 wants a second factor;
   * `access_denied` where the refresh token is not good any more; `subject_mismatch` where the ID token is not for `sub`;
   * `id_token_invalid`.
   */
  async refresh(refreshToken: string, { sub, ...params }: RefreshParams = {}): Promise<RefreshedTokens> {
    requireText(refreshToken, 'refresh: refreshToken');
    const tokens = await this.exchangeRefreshToken(refreshToken, params);
    if (sub !== undefined && tokens.claims && tokens.claims.sub !== sub)
      throw new PasswordlessError('subject_mismatch');
    return tokens;
  }

  /**
   * Ends a refresh token, and all that came of it: RFC 7009. One that is over already is no error.
   *
   * @throws {TypeError} where there is no refresh token.
   */
  async revoke(refreshToken: string): Promise<void> {
    requireText(refreshToken, 'revoke: refreshToken');
    const { http, credentials } = this.parts();
    await http.send(revokeRequest(await credentials(), refreshToken), readNothing);
  }

  /**
   * The claims of `GET /userinfo`: OpenID Connect Core 1.0, section 5.3. Use them only where their `sub` is that of the
   * user's ID token.
   *
   * @throws {TypeError} where there is no access token.
   * @throws {PasswordlessError} `access_denied` where the access token is not good for it, or not any more.
   */
  async userInfo(accessToken: string): Promise<Body> {
    requireText(accessToken, 'userInfo: accessToken');
    return this.parts().http.send(userInfoRequest(accessToken), (response) =>
      readObject(response, userInfoRefusalError),
    );
  }

  /**
   * Where to send a browser that is to be signed out of Auth0, too: a link leaves a session there, a code does not.
   *
   * @throws {TypeError} where `returnTo` is no absolute URL, or `idToken` no string.
   */
  logoutURL(options: LogoutOptions): string {
    const { origin, clientID } = this.parts();
    return logoutURL(origin, clientID, options);
  }

  /** Connects and fetches the signing keys, so that the first user does not wait for it. */
  async warmUp(): Promise<void> {
    await this.parts().keys.reload();
  }

  /** Closes the connections once the calls under way have ended. A dispatcher of the app's own stays open. */
  close(): Promise<void> {
    return this.parts().http.close();
  }

  /**
   * Sends a code or a link.
   * @internal
   */
  async start(params: StartParams, endUser: EndUser): Promise<void> {
    const { http, credentials } = this.parts();
    const request = startRequest(await credentials(), params, endUser);
    await http.send(request, (response) => {
      readNothing(response, startRefusalError);
    });
  }

  /**
   * Sends a code to a user of a database connection; answers what the code is exchanged with.
   * @internal
   */
  async challengeOTP(params: ChallengeParams, endUser: EndUser): Promise<string> {
    const { http, credentials } = this.parts();
    const request = otpChallengeRequest(await credentials(), params, endUser);
    return http.send(request, (response) => readAuthSession(readObject(response, otpChallengeRefusalError)));
  }

  /**
   * Exchanges the code that the user typed.
   * @internal
   */
  async exchangeCode(params: CodeParams, ip: EndUser['ip']): Promise<TokenResponse> {
    const { http, credentials } = this.parts();
    const toError = params.authSession === undefined ? refusalError : otpRefusalError;
    return http.send(codeRequest(await credentials(), params, ip), (response) => readObject(response, toError));
  }

  /**
   * Exchanges the authorization code that a link's callback carries.
   * @internal
   */
  async exchangeCallback(code: string, redirectURI: string): Promise<TokenResponse> {
    const { http, credentials } = this.parts();
    return http.send(callbackRequest(await credentials(), code, redirectURI), readObject);
  }

  /**
   * The active authenticators of the user whose mfa_token, or access token for the MFA API, this is.
   * @internal
   */
  authenticators(token: string, toError = bearerRefusalError): Promise<Authenticator[]> {
    const { http } = this.parts();
    return http.send(authenticatorsRequest(token), (response) => readAuthenticators(readList(response, toError)));
  }

  /**
   * Has a code or a push sent.
   * @internal
   */
  async challenge(mfaToken: string, authenticator: Authenticator): Promise<Challenge> {
    const { http, credentials } = this.parts();
    const request = challengeRequest(await credentials(), mfaToken, authenticator);
    return http.send(request, (response) => readChallenge(readObject(response, mfaRefusalError), authenticator));
  }

  /**
   * Enrols a factor.
   * @internal
   */
  associate(token: string, params: EnrollParams, toError = bearerRefusalError): Promise<Enrollment> {
    const { http } = this.parts();
    return http.send(associateRequest(token, params), (response) =>
      readEnrollment(readObject(response, toError), params),
    );
  }

  /**
   * Removes a factor.
   * @internal
   */
  async removeAuthenticator(accessToken: string, id: string): Promise<void> {
    const { http } = this.parts();
    await http.send(removeAuthenticatorRequest(accessToken, id), (response) => {
      readNothing(response, managementRefusalError);
    });
  }

  /**
   * Exchanges the proof of a second factor.
   * @internal
   */
  async exchangeMfa(token: string, proof: MfaProof, toError: ToProofError = mfaRefusalError): Promise<TokenResponse> {
    const { http, credentials } = this.parts();
    const request = mfaRequest(await credentials(), token, proof);
    return http.send(request, (response) => readObject(response, (refusal) => toError(refusal, proof)));
  }

  /**
   * Reads the tokens and verifies the ID token.
   * @internal
   */
  async tokens(response: TokenResponse, nonce?: string | null): Promise<Tokens> {
    const tokens = await this.verified(readTokens(response), nonce);
    if (hasIDToken(tokens)) return tokens;
    throw new PasswordlessError('unexpected_response', 'Auth0 answered without an ID token. Does scope hold "openid"?');
  }

  private async verified(answer: TokenAnswer, nonce?: string | null): Promise<RefreshedTokens> {
    const { idToken } = answer;
    const claims = idToken === undefined ? undefined : await this.parts().verifyIDToken(idToken, nonce);
    return { expiresAt: epochSeconds() + answer.expiresIn, ...answer, ...(claims && { claims }) };
  }
}
