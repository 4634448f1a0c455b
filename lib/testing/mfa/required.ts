import type { Context } from '../context.js';
import { OAuthError } from '../errors.js';
import type { MfaRequest } from '../options.js';
import type { Authorization } from '../tokens.js';
import type { User } from '../users.js';
import { authenticatorsOf, enrolledBy, mfaFactorOf, type MfaFactor } from './factors.js';
import { opaqueToken } from './opaque.js';
import { keepLogin } from './state.js';

/** What users may enrol; an email address is never enrolled this way, and recovery codes come with the first factor. */
const ENROLLABLE: MfaFactor[] = ['otp', 'phone', 'push-notification'];

/** The audience of Auth0's own MFA API: whoever has a second factor must use it before managing factors. */
export const mfaAudience = ({ issuer }: Context): string => `${issuer}mfa/`;

/** Lets pass whom the tenant wants no (further) factor of. @throws OAuthError `mfa_required` for all others. */
export function checkMfa(context: Context, authorization: Authorization, grant: MfaRequest['grant']): void {
  const isForced = opensManagement(context, authorization) && hasFactor(context, authorization);
  const factorsLeft = Math.max(Number(isForced), Number(decide(context, authorization, grant)));
  if (factorsLeft > 0) throw mfaRequired(context, authorization, factorsLeft);
}

/** Of a login for the MFA API, which had the factor, a refresh asks for no more. */
const opensManagement = (context: Context, { audience, refreshed }: Authorization) =>
  audience === mfaAudience(context) && refreshed?.family.authorization.audience !== audience;

const hasFactor = ({ settings }: Context, { user }: Authorization) =>
  enrolledBy(settings, user).some(({ active }) => active);

function decide({ settings: { mfa } }: Context, { user, audience }: Authorization, grant: MfaRequest['grant']) {
  return typeof mfa === 'function' ? mfa(user, { grant, audience }) : mfa === 'always' && grant !== 'refresh_token';
}

/** The `mfa_required` answer, with a token for what is left of the login. */
export function mfaRequired(context: Context, authorization: Authorization, factorsLeft: number): OAuthError {
  const { clock, mfa, settings } = context;
  // About 2 kB, as Auth0's are: too much for a cookie.
  const token = opaqueToken(1_300);
  const expiresAt = clock.now() + settings.mfaTokenTTL;
  keepLogin(mfa, { token, authorization, expiresAt, factorsLeft, enrolling: [] });
  return new OAuthError(settings.mfaRequiredStatus, 'mfa_required', 'Multifactor authentication required', {
    mfa_token: token,
    mfa_requirements: mfaRequirements(context, authorization.user),
  });
}

function mfaRequirements(context: Context, user: User): object | undefined {
  const { settings } = context;
  const types = (factors: MfaFactor[]) => [...new Set(factors)].map((type) => ({ type }));
  if (settings.mfaRequirements === 'none') return undefined;
  const factors = isEnrolled(context, user)
    ? authenticatorsOf(settings, user).flatMap(({ active, type }) => (active ? mfaFactorOf(type) : []))
    : [];
  if (settings.mfaRequirements === 'factors') {
    return factors.length > 0 ? { challenge: types(factors) } : { enroll: types(enrollable(context)) };
  }
  const challengeTypes = factors.flatMap((factor) =>
    factor === 'recovery-code' ? [] : factor === 'otp' ? 'otp' : 'oob',
  );
  // This form cannot ask for an enrolment.
  return challengeTypes.length > 0 ? { challenge_types: [...new Set(challengeTypes)] } : undefined;
}

/** A verified email address alone does not count, unless the tenant has nothing that could be enrolled. */
export function isEnrolled(context: Context, user: User): boolean {
  const factors =
    enrollable(context).length > 0 ? enrolledBy(context.settings, user) : authenticatorsOf(context.settings, user);
  return factors.some(({ active }) => active);
}

const enrollable = ({ settings }: Context) => ENROLLABLE.filter((factor) => settings.mfaFactors.includes(factor));
