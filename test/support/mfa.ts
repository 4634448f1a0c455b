import type { LocalTenantOptions, User } from 'passport-auth0-passwordless/testing';
import { setUp, type Setup } from './app.js';

export const ada = 'ada@example.com';
export const phone = '+12025550123';

/** A tenant that wants a second factor of Ada, who has these, and a browser whose code was right. */
export async function setUpMfa(
  factors: NonNullable<User['factors']>,
  { tenant, ...setup }: Setup & { tenant?: LocalTenantOptions } = {},
) {
  const user = { email: ada, phoneNumber: phone, factors };
  const app = await setUp({ tenant: { mfa: 'always', users: [user], ...tenant }, ...setup });
  const agent = app.browser();
  await agent.post('/login').send({ email: ada });
  const required = await agent.post('/code').send({ otp: app.code(ada) });
  return { ...app, agent, required };
}
