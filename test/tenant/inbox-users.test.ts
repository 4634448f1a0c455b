import { expect, test } from 'vitest';
import { page, press, textOf } from './inbox-support.js';
import { ada, firstFactor, list, mfaTenant, mfaToken } from './mfa-support.js';
import { codeFor, credentials, exchange, postForm, start, tenantFor } from './support.js';

test('shows users, who are blocked and unblocked', async () => {
  const tenant = await tenantFor({ users: [{ email: 'eve@example.com' }, { email: ada, name: 'Ada Lovelace' }] });
  const buttons = await page(tenant);
  expect(buttons.indexOf('eve@example.com')).toBeLessThan(buttons.indexOf('Ada Lovelace'));
  expect((await press(tenant, `Block ${ada}`)).headers.location).toBe('/inbox#users');
  expect(await textOf(tenant, 'users')).toContain(`Ada Lovelace blocked ${ada} Unblock`);
  expect(tenant.users.map(({ blocked = false }) => blocked)).toEqual([false, true]);
  expect((await start(tenant)).body.error_description).toBe('user is blocked');
  await press(tenant, `Unblock ${ada}`);
  expect((await start(tenant)).status).toBe(200);
});

test('takes a factor away', async () => {
  const tenant = await mfaTenant([{ type: 'sms' }, { type: 'otp' }, { type: 'push' }]);
  await press(tenant, 'Remove');
  expect(tenant.users[0]?.factors?.map(({ type }) => type)).toEqual(['otp', 'push']);
  expect((await list(tenant, await mfaToken(tenant))).map(({ id }) => String(id).split('|')[0])).toEqual([
    'totp',
    'push',
    'email',
  ]);
  // An address that is verified is a factor by itself: it has no button.
  expect((await textOf(tenant, 'users')).match(/Remove/g)).toHaveLength(2);
});

test('shows the first fifty, and that there are more', async () => {
  const tenant = await tenantFor();
  expect(await textOf(tenant, 'users')).toContain('Nobody yet');
  await firstFactor(tenant);
  expect(await textOf(tenant, 'users')).toContain(ada);
  for (let i = 0; i < 51; i += 1) tenant.users.push({ phoneNumber: `+1555000${String(1_000 + i)}` });
  const text = await textOf(tenant, 'users');
  expect(text).toContain('+15550001048');
  expect(text).not.toContain('+15550001049');
  expect(text).toContain('And 2 more.');
  await press(tenant, 'Block +15550001002');
  expect(tenant.users.filter(({ blocked }) => blocked)).toEqual([
    expect.objectContaining({ phoneNumber: '+15550001002' }),
  ]);
});

test('tells users of a database connection from those of the same address without one', async () => {
  const tenant = await tenantFor({
    connections: [
      { name: 'email', strategy: 'email' },
      { name: 'customers', strategy: 'auth0', otp: true },
    ],
    users: [{ email: ada }, { email: ada, name: 'Ada Lovelace', connection: 'customers' }],
  });
  expect(await textOf(tenant, 'users')).toContain(`Ada Lovelace ${ada} · customers`);
  await press(tenant, `Block ${ada} · customers`);
  expect(tenant.users.map(({ blocked = false }) => blocked)).toEqual([false, true]);
});

test('revokes the refresh tokens of a user', async () => {
  const tenant = await tenantFor({ users: [{ email: ada }] });
  const signIn = async (username: string) => {
    const scope = 'openid offline_access';
    const { body } = await exchange(tenant, await codeFor(tenant, username), { username, scope });
    return String(body.refresh_token);
  };
  const refresh = (refresh_token: string) =>
    postForm(tenant, '/oauth/token', { ...credentials(tenant), grant_type: 'refresh_token', refresh_token });
  expect(await textOf(tenant, 'users')).not.toContain('refresh token');
  const first = await signIn(ada);
  expect(await textOf(tenant, 'users')).toContain('A refresh token Revoke');
  const next = String((await refresh(first)).body.refresh_token);
  expect(await textOf(tenant, 'users')).toContain('A refresh token Revoke');
  const [other, second] = [await signIn('eve@example.com'), await signIn(ada)];
  expect(await textOf(tenant, 'users')).toContain('2 refresh tokens Revoke');

  expect((await press(tenant, `Revoke the refresh tokens of ${ada}`)).headers.location).toBe('/inbox#users');
  expect((await textOf(tenant, 'users')).match(/Revoke/g)).toHaveLength(1);
  for (const token of [next, second]) expect((await refresh(token)).body.error).toBe('invalid_grant');
  expect((await refresh(other)).status).toBe(200);
  tenant.clock.advance(2_592_000);
  expect(await textOf(tenant, 'users')).not.toContain('Revoke');
});
