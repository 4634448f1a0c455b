import type { ClientAuthentication } from './client-auth.js';
import {
  callbackRequest,
  type CodeParams,
  codeRequest,
  type EndUser,
  readObject,
  readStart,
  readTokens,
  type StartParams,
  startRequest,
  userInfoRequest,
} from './endpoints.js';
import type { Http } from './http.js';
import type { IDTokenClaims, IDTokenVerifier } from './id-token.js';

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
}

/** The body of a token answer with status 200: the code is spent, whatever the tokens are worth. */
export type TokenResponse = Record<string, unknown>;

/**
 * The Auth0 calls of one application. Every method rejects with a `PasswordlessError`: `rate_limited`,
 * `configuration_error`, `transport_error`, `timeout`, `unexpected_response`, or what the answer means.
 */
export class Auth0Client {
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
    readStart(await this.http.send(startRequest(this.credentials(), params, endUser)));
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
   * Reads the tokens and verifies the ID token.
   * @internal
   */
  async tokens(response: TokenResponse, nonce?: string): Promise<Tokens> {
    const answer = readTokens(response);
    const claims = await this.verifyIDToken(answer.idToken, nonce);
    return { ...answer, expiresAt: Math.floor(Date.now() / 1000) + answer.expiresIn, claims };
  }

  /** The claims of `GET /userinfo`: OpenID Connect Core 1.0, section 5.3. */
  async userInfo(accessToken: string): Promise<Record<string, unknown>> {
    return readObject(await this.http.send(userInfoRequest(accessToken)));
  }

  /** Closes the connections once the calls under way have ended. A dispatcher of the app's own stays open. */
  async close(): Promise<void> {
    await this.http.close();
  }
}
