// Every name that the package exports, used as an application would; compiled against the packed declarations alone.
import {
  type Auth0Client,
  type AuthenticateOptions,
  type AuthInfo,
  type ErrorCode,
  type FailureCode,
  type FailureInfo,
  type IDTokenClaims,
  type IDTokenSigningAlg,
  isPasswordlessError,
  type OptionRequest,
  PasswordlessError,
  PasswordlessStrategy,
  type Pending,
  type PerRequest,
  type Profile,
  type RequestLike,
  resend,
  start,
  type StrategyOptions,
  type Tokens,
  type TransactionStore,
  verify,
  type VerifyDone,
  type VerifyFunction,
  type VerifyFunctionWithRequest,
} from 'passport-auth0-passwordless';
import { type LocalTenant, type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';

const tenantOptions: LocalTenantOptions = { port: 0, users: [] };
const tenant: Promise<LocalTenant> = startLocalTenant(tenantOptions);
void tenant;

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

const byPromise: VerifyFunction = (tokens: Tokens, profile: Profile) => {
  const claims: IDTokenClaims = tokens.claims;
  return Promise.resolve({ id: profile.id, email: profile.emails[0]?.value, since: claims.iat });
};
const byCallback: VerifyFunctionWithRequest = (req, tokens, _profile, done: VerifyDone) => {
  const text: string = tokens.accessToken;
  done(null, { text, ip: req.ip });
};
const strategy = new PasswordlessStrategy({ ...options, passReqToCallback: false }, byPromise);
new PasswordlessStrategy({ ...options, passReqToCallback: true }, byCallback);
// @ts-expect-error: the request comes first only with passReqToCallback.
new PasswordlessStrategy({ ...options, passReqToCallback: false }, byCallback);
// @ts-expect-error: no option without a default is left out.
new PasswordlessStrategy({ domain: 'acme.eu.auth0.com' }, byPromise);

const routes: AuthenticateOptions[] = [
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
    return String((await auth0.userInfo('token')).sub) + (pending?.to ?? '');
  } catch (error) {
    if (!isPasswordlessError(error)) throw error;
    const code: ErrorCode = error.code;
    const known: PasswordlessError = error;
    return `${code} ${known.status} ${known.retryAfter ?? 0}`;
  } finally {
    await auth0.close();
  }
}

export function message(info: FailureInfo | AuthInfo): string {
  if (!('code' in info)) return info.method;
  const code: FailureCode = info.code;
  return `${code}: ${info.message}`;
}
