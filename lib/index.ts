export { PasswordlessStrategy } from './strategy.js';
export { type AuthenticateOptions, type DatabaseConnection, resend, start, verify } from './authenticate-options.js';
export { normalizeIdentifier } from './flows/identifier.js';
export { acceptLanguage } from './accept-language.js';
export { type ErrorCode, type FailureCode, isPasswordlessError, PasswordlessError } from './errors.js';
export type { Auth0Client } from './auth0/client.js';
export type { ClientAssertionSigningAlg } from './auth0/client-auth.js';
export type { RefreshParams } from './auth0/endpoints.js';
export type { LogoutOptions } from './auth0/logout.js';
export type { RefreshedTokens, Tokens } from './auth0/tokens.js';
export type { RequestMessage } from './auth0/tracing.js';
export type { OutcomeMessage } from './diagnostics.js';
export type { IDTokenClaims, IDTokenSigningAlg } from './auth0/id-token.js';
export type {
  KeyObjectLike,
  MessageContext,
  OptionRequest,
  PerRequest,
  PrivateJWK,
  StrategyOptions,
  StrategyOptionsWithRequest,
} from './options.js';
export type { AuthInfo, FailureInfo, MfaFactor, MfaRequiredInfo } from './outcome.js';
export type { EnrollOptions } from './mfa/enroll-options.js';
export type { Factors } from './mfa/factors.js';
export type { MfaHandler } from './mfa/handler.js';
export { mfaMiddleware } from './mfa/middleware.js';
export { recordMfa, requireMfa } from './mfa/recent.js';
export type { ChallengeResult, EnrollmentResult, MfaSession, StepUpOptions } from './mfa/session.js';
export type { Authenticator, Channel, Enrollment, MfaProof } from './auth0/mfa.js';
export type { Factor, MfaRequirements } from './auth0/mfa-required.js';
export type { Pending, PendingMessage, PendingMfa } from './flows/pending.js';
export type { Profile } from './profile.js';
export type { RequestLike } from './request.js';
export type { TransactionStore } from './transaction/store.js';
export type { VerifyDone, VerifyFunction, VerifyFunctionWithRequest } from './verify.js';
