import { expect, test } from 'vitest';
import type { LocalTenant } from 'passport-auth0-passwordless/testing';
import { press, textOf } from './inbox-support.js';
import { ada, challenge, mfaTenant, mfaToken, oobCodeFor, refusal, verifyOOB } from './mfa-support.js';
import { credentials, exchange, message, OTP_GRANT, postForm, postJSON, start, tenantFor } from './support.js';

const state = async (tenant: LocalTenant) =>
  (await textOf(tenant, 'messages')).match(/Good for [\d a-z]+?(?= \w+ to |$)|No longer good|Expired/g);

test('says of a message how long its code is good, and when it is not any more', async () => {
  const tenant = await tenantFor();
  await start(tenant);
  expect(await state(tenant)).toEqual(['Good for 3 min']);
  await start(tenant);
  tenant.clock.advance(60);
  expect(await state(tenant)).toEqual(['Good for 2 min', 'No longer good']);
  await exchange(tenant, message(tenant).code);
  expect(await state(tenant)).toEqual(['No longer good', 'No longer good']);
  await start(tenant);
  await press(tenant, '181 s');
  expect((await state(tenant))?.[0]).toBe('Expired');
});

test('says of a message that three wrong tries end it', async () => {
  const tenant = await tenantFor();
  await start(tenant);
  for (let i = 0; i < 2; i += 1) await exchange(tenant, '000000');
  expect((await state(tenant))?.[0]).toMatch(/^Good/);
  expect(refusal(await exchange(tenant, '000000'))[1]).toBe('invalid_grant');
  expect(await state(tenant)).toEqual(['No longer good']);
});

test('says the same of a code of a database connection', async () => {
  const tenant = await tenantFor({
    connections: [{ name: 'customers', strategy: 'auth0', otp: true }],
    users: [{ email: ada, connection: 'customers' }],
  });
  const ask = async () => {
    const body = { ...credentials(tenant), connection: 'customers', email: ada };
    return String((await postJSON(tenant, '/otp/challenge', body)).body.auth_session);
  };
  const redeem = (auth_session: string, otp: string) =>
    postForm(tenant, '/oauth/token', { ...credentials(tenant), grant_type: OTP_GRANT, auth_session, otp });
  const session = await ask();
  // Unlike with a passwordless connection, an older one stays good.
  await ask();
  expect(await state(tenant)).toEqual(['Good for 3 min', 'Good for 3 min']);
  const [{ code } = { code: '' }] = tenant.inbox.messages;
  expect((await redeem(session, code)).status).toBe(200);
  expect(await state(tenant)).toEqual(['Good for 3 min', 'No longer good']);
  const last = await ask();
  for (let i = 0; i < 3; i += 1) await redeem(last, '000000');
  expect((await state(tenant))?.[0]).toBe('No longer good');
  tenant.clock.advance(181);
  expect((await state(tenant))?.[1]).toBe('Expired');
});

test('says the same of a code of a second factor', async () => {
  const tenant = await mfaTenant([{ type: 'sms' }, { type: 'voice' }]);
  const token = await mfaToken(tenant);
  await challenge(tenant, token);
  const oobCode = await oobCodeFor(tenant, token, 'voice');
  expect(await state(tenant)).toEqual(['Good for 5 min', 'Good for 5 min', 'No longer good']);
  await verifyOOB(tenant, token, oobCode, tenant.inbox.messages.at(-1)?.code);
  expect(await state(tenant)).toEqual(['No longer good', 'No longer good', 'No longer good']);
});
