import { readList, readNothing, readObject } from './answers.js';
import type { ClientAuthentication } from './client-auth.js';
import {
  callbackRequest,
  type CodeParams,
  codeRequest,
  type EndUser,
  readTokens,
  type StartParams,
  startRequest,
  userInfoRequest,
} from './endpoints.js';
import type { Http } from './http.js';
import type { IDTokenClaims, IDTokenVerifier } from './id-token.js';
import type { Body } from './json.js';
import {
  associateRequest,
  type Authenticator,
  authenticatorsRequest,
  bearerRefusalError,
  type Challenge,
  challengeRequest,
  type Enrollment,
  type EnrollParams,
  type MfaProof,
  mfaRefusalError,
  mfaRequest,
  readAuthenticators,
  readChallenge,
  readEnrollment,
} from './mfa.js';

/** What a login brings. All times are epoch seconds. */
export interface Tokens {
  accessToken: string;
  idToken: string;
  /** Only with the scope `offline_access`, where Auth0 grants it. */
  refreshToken?: string;
  tokenType: string;
  /** Seconds. */
  expiresIn: number;
  expiresAt: number;
  /** What was granted, where Auth0 says it. */
  scope?: string;
  /** The verified claims of the ID token. */
  claims: IDTokenClaims;
  /** After a recovery code was used: the next one, for the user to write down. */
  recoveryCode?: string;
}

/** The body of a token answer with status 200: the code is spent, whatever the tokens are worth. */
export type TokenResponse = Body;

/**
 * The Auth0 calls of one application. Every method rejects with a `PasswordlessError`: `rate_limited`,
 * `configuration_error`, `transport_error`, `timeout`, `unexpected_response`, or what the answer means.
 */
export class Auth0Client {
  /** @internal */
  constructor(
    private readonly http: Http,
    private readonly credentials: ClientAuthentication,
    private readonly verifyIDToken: IDTokenVerifier,
  ) {}

  /**
   * Sends a code or a link.
   * @internal
   */
  async start(params: StartParams, endUser: EndUser): Promise<void> {
    readNothing(await this.http.send(startRequest(this.credentials(), params, endUser)));
  }

  /**
   * Exchanges the code that the user typed.
   * @internal
   */
  async exchangeCode(params: CodeParams, ip: EndUser['ip']): Promise<TokenResponse> {
    return readObject(await this.http.send(codeRequest(this.credentials(), params, ip)));
  }

  /**
   * Exchanges the authorization code that a link's callback carries.
   * @internal
   */
  async exchangeCallback(code: string, redirectURI: string): Promise<TokenResponse> {
    return readObject(await this.http.send(callbackRequest(this.credentials(), code, redirectURI)));
  }

  /**
   * The active authenticators of the user for whom a second factor is wanted.
   * @internal
   */
  async authenticators(mfaToken: string): Promise<Authenticator[]> {
    return readAuthenticators(readList(await this.http.send(authenticatorsRequest(mfaToken)), bearerRefusalError));
  }

  /**
   * Has a code or a push sent.
   * @internal
   */
  async challenge(mfaToken: string, authenticator: Authenticator): Promise<Challenge> {
    const response = await this.http.send(challengeRequest(this.credentials(), mfaToken, authenticator));
    return readChallenge(readObject(response, mfaRefusalError), authenticator);
  }

  /**
   * Enrols a factor.
   * @internal
   */
  async associate(mfaToken: string, params: EnrollParams): Promise<Enrollment> {
    const response = await this.http.send(associateRequest(mfaToken, params));
    return readEnrollment(readObject(response, bearerRefusalError), params);
  }

  /**
   * Exchanges the proof of a second factor.
   * @internal
   */
  async exchangeMfa(mfaToken: string, proof: MfaProof): Promise<TokenResponse> {
    const response = await this.http.send(mfaRequest(this.credentials(), mfaToken, proof));
    return readObject(response, (refusal) => mfaRefusalError(refusal, proof));
  }

  /**
   * Reads the tokens and verifies the ID token.
   * @internal
   */
  async tokens(response: TokenResponse, nonce?: string): Promise<Tokens> {
    const answer = readTokens(response);
    const claims = await this.verifyIDToken(answer.idToken, nonce);
    return { ...answer, expiresAt: Math.floor(Date.now() / 1000) + answer.expiresIn, claims };
  }

  /** The claims of `GET /userinfo`: OpenID Connect Core 1.0, section 5.3. */
  async userInfo(accessToken: string): Promise<Body> {
    return readObject(await this.http.send(userInfoRequest(accessToken)));
  }

  /** Closes the connections once the calls under way have ended. A dispatcher of the app's own stays open. */
  async close(): Promise<void> {
    await this.http.close();
  }
}
