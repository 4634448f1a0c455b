import type { LocalTenantOptions, User } from 'passport-auth0-passwordless/testing';
import { ada, phone, setUp, type Setup } from './app.js';

/** A tenant that requires a second factor of Ada, who has these, and a browser that has posted the right code. */
export async function setUpMfa(
  factors: NonNullable<User['factors']>,
  { tenant, ...setup }: Setup & { tenant?: LocalTenantOptions } = {},
) {
  const user = { email: ada, phoneNumber: phone, factors };
  const app = await setUp({ tenant: { mfa: 'always', users: [user], ...tenant }, ...setup });
  const agent = app.browser();
  await agent.post('/start').send({ email: ada });
  const required = await agent.post('/code').send({ otp: app.code() });
  return { ...app, agent, required };
}
