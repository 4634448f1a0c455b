import type { Factor, LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { call, codeFor, credentials, exchange, postForm, postJSON, tenantFor, type Answer } from './support.js';

export const ada = 'ada@example.com';
export const phone = '+12025550123';

/** A tenant that wants a second factor of everyone, and Ada, who has these. */
export const mfaTenant = (factors: Factor[] = [], options: LocalTenantOptions = {}) =>
  tenantFor({ mfa: 'always', users: [{ email: ada, phoneNumber: phone, factors }], ...options });

/** What a right code is answered with. */
export const firstFactor = async (tenant: LocalTenant, body: object = {}): Promise<Answer> =>
  exchange(tenant, await codeFor(tenant), body);

export const mfaToken = async (tenant: LocalTenant, body: object = {}): Promise<string> =>
  String((await firstFactor(tenant, body)).body.mfa_token);

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

export async function list(tenant: LocalTenant, token: string): Promise<Record<string, unknown>[]> {
  const { text } = await call(tenant, '/mfa/authenticators', { headers: bearer(token) });
  return JSON.parse(text) as Record<string, unknown>[];
}

/** The id of the first authenticator whose id starts like this. */
export async function idOf(tenant: LocalTenant, token: string, prefix: string): Promise<string> {
  return String((await list(tenant, token)).find(({ id }) => String(id).startsWith(prefix))?.id);
}

export const challenge = (tenant: LocalTenant, token: string, body: object = {}) =>
  postJSON(tenant, '/mfa/challenge', { ...credentials(tenant), mfa_token: token, ...body });

/** Has a code or a push sent, and returns its `oob_code`. */
export async function oobCodeFor(tenant: LocalTenant, token: string, prefix: string): Promise<string> {
  const authenticator_id = await idOf(tenant, token, prefix);
  return String((await challenge(tenant, token, { challenge_type: 'oob', authenticator_id })).body.oob_code);
}

export const associate = (tenant: LocalTenant, token: string, body: object) =>
  postJSON(tenant, '/mfa/associate', body, bearer(token));

export const associateOOB = (tenant: LocalTenant, token: string, channel: string, body: object = {}) =>
  associate(tenant, token, { authenticator_types: ['oob'], oob_channels: [channel], ...body });

/** `grant` is `mfa-otp`, `mfa-oob` or `mfa-recovery-code`. */
export const verify = (tenant: LocalTenant, token: string, grant: string, body: Record<string, string> = {}) =>
  postForm(tenant, '/oauth/token', {
    grant_type: `http://auth0.com/oauth/grant-type/${grant}`,
    ...credentials(tenant),
    mfa_token: token,
    ...body,
  });

export const verifyOTP = (tenant: LocalTenant, token: string, otp: string) => verify(tenant, token, 'mfa-otp', { otp });

export const verifyOOB = (tenant: LocalTenant, token: string, oob_code: string, binding_code?: string) =>
  verify(tenant, token, 'mfa-oob', { oob_code, ...(binding_code === undefined ? {} : { binding_code }) });

/** Moves the tenant to the beginning of a TOTP step, so that no new one begins in the middle of a test. */
export const toNextStep = ({ clock }: LocalTenant): void => {
  clock.advance(30 - (clock.now() % 30));
};

/** Six characters that no authenticator app shows. */
export const wrongOTP = 'abcdef';

/** Status, `error` and `error_description`. */
export const refusal = ({ status, body }: Answer) => [status, body.error, body.error_description];
