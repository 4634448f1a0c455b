// Every name that the package exports, used as an application would; compiled against the packed declarations alone.
import {
  acceptLanguage,
  type Auth0Client,
  type AuthenticateOptions,
  type Authenticator,
  type AuthInfo,
  type ChallengeResult,
  type Channel,
  type ClientAssertionSigningAlg,
  type DatabaseConnection,
  type Enrollment,
  type EnrollmentResult,
  type EnrollOptions,
  type ErrorCode,
  type Factor,
  type Factors,
  type FailureCode,
  type FailureInfo,
  type IDTokenClaims,
  type IDTokenSigningAlg,
  isPasswordlessError,
  type KeyObjectLike,
  type LogoutOptions,
  type MessageContext,
  type MfaFactor,
  type MfaHandler,
  mfaMiddleware,
  type MfaProof,
  type MfaRequiredInfo,
  type MfaRequirements,
  type MfaSession,
  normalizeIdentifier,
  type OptionRequest,
  type OutcomeMessage,
  PasswordlessError,
  PasswordlessStrategy,
  type Pending,
  type PendingMessage,
  type PendingMfa,
  type PerRequest,
  type PrivateJWK,
  type Profile,
  recordMfa,
  type RefreshedTokens,
  type RefreshParams,
  type RequestLike,
  type RequestMessage,
  requireMfa,
  resend,
  start,
  type StepUpOptions,
  type StrategyOptions,
  type StrategyOptionsWithRequest,
  type Tokens,
  type TransactionStore,
  verify,
  type VerifyDone,
  type VerifyFunction,
  type VerifyFunctionWithRequest,
} from 'passport-auth0-passwordless';
import {
  type Client,
  type Clock,
  type Connection,
  type Factor as EnrolledFactor,
  type Fault,
  type Inbox,
  type JWK,
  type LiveSettings,
  type LocalTenant,
  type LocalTenantOptions,
  type Message,
  type MfaPolicy,
  type MfaRequest,
  type RecordedRequest,
  startLocalTenant,
  type User,
} from 'passport-auth0-passwordless/testing';

const factor: EnrolledFactor = { type: 'otp' };
const user: User = { email: 'ada@example.com', factors: [factor] };
const key: JWK = { kty: 'RSA', n: 'n', e: 'AQAB', alg: 'PS256' };
const client: Client = { clientID: 'id', publicKeys: [key, 'PEM'], callbacks: ['https://app.example.com/callback'] };
const connection: Connection = { name: 'email', strategy: 'email' };
const policy: MfaPolicy = ({ email }: User, { audience }: MfaRequest) => email === user.email || audience === 'api';
const tenantOptions: LocalTenantOptions = { users: [user], clients: [client], connections: [connection], mfa: policy };
const fault: Fault = { path: '/oauth/token', times: 1, respond: { status: 503 } };

export async function tenant(): Promise<RecordedRequest[]> {
  const local: LocalTenant = await startLocalTenant(tenantOptions);
  const [inbox, clock]: [Inbox, Clock] = [local.inbox, local.clock];
  const message: Message | undefined = inbox.latest('ada@example.com');
  const { mfa }: LiveSettings = local.settings;
  local.configure({ mfa });
  clock.advance(message?.code.length ?? 1);
  local.fault(fault)();
  await local.close();
  return local.requests;
}

const store: TransactionStore = { load: () => undefined, save: () => undefined, clear: () => undefined };
const language: PerRequest<string | undefined> = (req: OptionRequest) => String(req.query.language);
const alg: IDTokenSigningAlg = 'RS256';
const options: StrategyOptions = {
  domain: 'acme.eu.auth0.com',
  clientID: 'id',
  clientSecret: 'secret',
  store,
  language,
  idTokenSigningAlg: alg,
};

const database: DatabaseConnection = { database: 'users', allowSignup: true };
const byKey = (key: KeyObjectLike | PrivateJWK): StrategyOptions => {
  const signingAlg: ClientAssertionSigningAlg = 'PS256';
  return {
    domain: 'acme.eu.auth0.com',
    clientID: 'id',
    clientAssertionSigningKey: key,
    clientAssertionSigningAlg: signingAlg,
    transactionSecret: ['new', 'old'],
    store: 'client',
    language: acceptLanguage,
    messages: (code, { info }: MessageContext) => (code === 'rate_limited' ? `Later: ${info.message}` : undefined),
  };
};

const byPromise: VerifyFunction = (tokens: Tokens, profile: Profile) => {
  const claims: IDTokenClaims = tokens.claims;
  return Promise.resolve({ id: profile.id, email: profile.emails[0]?.value, since: claims.iat });
};
const byCallback: VerifyFunctionWithRequest = (req, tokens, _profile, done: VerifyDone) => {
  const text: string = tokens.accessToken;
  done(null, { text, ip: req.ip });
};
const withRequest: StrategyOptionsWithRequest = { ...options, passReqToCallback: true };
const strategy = new PasswordlessStrategy(options, byPromise);
new PasswordlessStrategy(withRequest, byCallback);
new PasswordlessStrategy(byKey({ kty: 'RSA' }), byPromise);
// @ts-expect-error: the request comes first only with passReqToCallback.
new PasswordlessStrategy(options, byCallback);
// @ts-expect-error: no option without a default is left out.
new PasswordlessStrategy({ domain: 'acme.eu.auth0.com' }, byPromise);

// What nobody annotates is inferred, and is not `any`.
const unknown = (value: unknown) => value;
new PasswordlessStrategy({ domain: 'acme.eu.auth0.com', clientID: 'id', clientSecret: 'secret' }, (tokens, profile) => {
  // @ts-expect-error: there is none.
  unknown(tokens.nothing);
  // @ts-expect-error: there is none.
  unknown(profile.nothing);
  return Promise.resolve([{ id: profile.id }, { since: tokens.expiresAt }]);
});
new PasswordlessStrategy(options, (tokens, profile, done) => {
  // @ts-expect-error: there is none.
  unknown([tokens.nothing, profile.id]);
  // @ts-expect-error: no user without an error before it.
  done();
  done(null, profile.displayName);
});
new PasswordlessStrategy(withRequest, async (req, tokens, profile) => {
  // @ts-expect-error: there is none.
  unknown(req.nothing);
  // @ts-expect-error: there is none.
  unknown(tokens.nothing);
  // @ts-expect-error: there is none.
  unknown(profile.nothing);
  return Promise.resolve({ id: profile.id, ip: req.ip, returnTo: String(req.query.returnTo), token: tokens.idToken });
});
new PasswordlessStrategy(withRequest, (req, tokens, profile, done) => {
  // @ts-expect-error: there is none.
  unknown([req.nothing, tokens.idToken, profile.id]);
  // @ts-expect-error: no user without an error before it.
  done();
  done(null, false, { message: `Not for ${req.method ?? ''}` });
});

const routes: AuthenticateOptions[] = [
  start({ connection: database }),
  start({ pendingRedirect: '/login/code', appState: (req) => ({ returnTo: req.query.returnTo }) }),
  resend({ pendingRedirect: '/login/code' }),
  verify({ stage: 'code', failureRedirect: '/login/code', failureMessage: true, session: false }),
];
// @ts-expect-error: misspelt.
start({ pendingRedirct: '/login/code' });

export async function use(req: RequestLike): Promise<string> {
  const pending: Pending | undefined = await strategy.pending(req);
  const auth0: Auth0Client = strategy.auth0;
  strategy.authenticate(req, routes[0]);
  try {
    return String((await auth0.userInfo('token')).sub) + (pending ? pendingTo(pending) : '');
  } catch (error) {
    if (!isPasswordlessError(error)) throw error;
    const code: ErrorCode = error.code;
    const known: PasswordlessError = error;
    return `${code} ${known.status} ${known.retryAfter ?? 0}`;
  } finally {
    await auth0.close();
  }
}

const pendingTo = (pending: PendingMessage | PendingMfa) =>
  pending.stage === 'code' ? pending.to : (pending.mfa?.requirements?.challenge ?? []).join();

export async function later(refreshToken: string, req: RequestLike): Promise<string> {
  const params: RefreshParams = { audience: 'https://api.example.com', scope: 'openid' };
  const stepUp: StepUpOptions = { sub: 'email|1' };
  const logout: LogoutOptions = { returnTo: 'https://app.example.com/' };
  try {
    const tokens: RefreshedTokens = await strategy.auth0.refresh(refreshToken, params);
    await strategy.auth0.revoke(tokens.refreshToken ?? refreshToken);
    return strategy.auth0.logoutURL(logout);
  } catch (error) {
    const info: MfaRequiredInfo = await strategy.mfa.begin(req, error, stepUp);
    return info.message;
  }
}

export async function manage(accessToken: string): Promise<Authenticator[]> {
  const factors: Factors = strategy.factors;
  const enrolled: Enrollment = await factors.enroll(accessToken, { type: 'otp' });
  const proof: MfaProof = { otp: '123456' };
  await factors.verify(accessToken, proof);
  await factors.remove(accessToken, enrolled.type);
  return factors.list(accessToken);
}

export const guards = [recordMfa(), requireMfa({ maxAge: 300 })];

export function observe(request: RequestMessage, outcome: OutcomeMessage): string {
  return `${request.endpoint} ${request.status ?? ''} ${outcome.action} ${outcome.outcome} ${outcome.code ?? ''}`;
}

export function message(info: FailureInfo | AuthInfo): string {
  if (!('code' in info)) return info.method ?? 'step-up';
  const code: FailureCode = info.code;
  return `${code}: ${info.message}`;
}

export async function secondFactor(req: RequestLike): Promise<EnrollmentResult | ChallengeResult> {
  const mfa: MfaSession = strategy.mfa;
  const [first]: Authenticator[] = await mfa.list(req);
  const channel: Channel | undefined = first?.channel;
  if (first && channel !== 'push') return mfa.challenge(req, { authenticatorId: first.id });
  const enrol: EnrollOptions = { type: 'sms', phoneNumber: '+442079460000' };
  return mfa.enroll(req, enrol);
}

export function allowed(info: MfaRequiredInfo, { mfa }: AuthInfo): Factor[] {
  const requirements: MfaRequirements | undefined = info.requirements;
  const used: MfaFactor | undefined = mfa?.factor;
  return used === 'recovery-code' ? [] : (requirements?.challenge ?? []);
}

export const counted: string | undefined = normalizeIdentifier({ email: 'Ada@Example.com' });

export const list: MfaHandler = mfaMiddleware(strategy).list();
