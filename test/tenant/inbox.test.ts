import { expect, test } from 'vitest';
import { textOf } from './inbox-support.js';
import { call, credentials, linkFor, message, postJSON, start, startSMS, tenantFor } from './support.js';

test('hands out the newest message to an address', async () => {
  const tenant = await tenantFor();
  expect(tenant.inbox.latest('ada@example.com')).toBeUndefined();
  await start(tenant);
  await start(tenant);
  await start(tenant, { email: 'eve@example.com' });
  expect(tenant.inbox.messages.map(({ to }) => to)).toEqual(['ada@example.com', 'ada@example.com', 'eve@example.com']);
  expect(tenant.inbox.latest('ada@example.com')).toBe(tenant.inbox.messages[1]);
});

test('is JSON, newest first, for a program', async () => {
  const tenant = await tenantFor();
  await start(tenant);
  await startSMS(tenant, '+15551234567');
  const { status, text, headers } = await call(tenant, '/inbox');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(JSON.parse(text)).toEqual([message(tenant, '+15551234567'), message(tenant)]);
});

test('is a page, newest first, for a browser', async () => {
  const tenant = await tenantFor();
  expect(await textOf(tenant, 'messages')).toContain('Nothing yet');
  await linkFor(tenant);
  const link = message(tenant).link ?? '';
  await startSMS(tenant, '+15551234567');
  const { status, text, headers } = await call(tenant, '/inbox', { headers: { accept: 'text/html' } });
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect([headers['cache-control'], headers.vary]).toEqual(['no-store', 'accept']);
  expect(text).toContain(`<a href="${link.replaceAll('&', '&#38;')}"`);
  const [sms, email] = [message(tenant, '+15551234567').code, message(tenant).code];
  expect(await textOf(tenant, 'messages')).toMatch(
    new RegExp(`SMS to \\+15551234567 .* ${sms} .*Email to ada@example.com .* ${email} .*Open the sign-in link`),
  );
  // Which would lose what a person is doing; the script does better, and there is a link for who runs none.
  expect(text).not.toContain('http-equiv');
  expect(text).toContain('<a href="/inbox">Reload</a>');
});

test('shows the newest fifty', async () => {
  const tenant = await tenantFor({ startLimit: Infinity });
  for (let i = 0; i < 52; i += 1) await start(tenant, { email: `user${String(i)}@example.com` });
  const text = await textOf(tenant, 'messages');
  expect(text).toContain('user51@example.com');
  expect(text).toContain('user2@example.com');
  expect(text).not.toContain('user1@example.com');
  expect(text).toContain('And 2 older ones.');
});

test('is not among the requests, and forgets the oldest of a thousand', async () => {
  const tenant = await tenantFor({ startLimit: Infinity });
  await call(tenant, '/inbox');
  expect(tenant.requests).toEqual([]);
  for (let i = 0; i < 1_001; i += 1) await start(tenant, { email: `user${String(i)}@example.com` });
  expect(tenant.inbox.messages).toHaveLength(1_000);
  expect(tenant.inbox.messages[0]?.to).toBe('user1@example.com');
  expect(tenant.inbox.latest('user0@example.com')).toBeDefined();
  expect(tenant.requests).toHaveLength(1_000);
});

test('leaves secrets and tokens out of the recorded requests, but not addresses and codes', async () => {
  const tenant = await tenantFor();
  await start(tenant, {}, { 'x-request-language': 'fr' });
  await call(tenant, '/userinfo?access_token=hush&x=1', {
    headers: { authorization: 'Bearer hush', cookie: 'a=hush' },
  });
  await postJSON(tenant, '/oauth/token', {
    ...credentials(tenant),
    otp: '123456',
    client_assertion: 'hush',
    refresh_token: 'hush',
  });
  expect(tenant.requests).toMatchObject([
    {
      method: 'POST',
      path: '/passwordless/start',
      query: {},
      headers: { 'x-request-language': 'fr' },
      body: { client_id: tenant.clientID, client_secret: '[redacted]', email: 'ada@example.com', send: 'code' },
      status: 200,
    },
    { method: 'GET', path: '/userinfo', query: { access_token: '[redacted]', x: '1' }, body: {}, status: 401 },
    { path: '/oauth/token', body: { otp: '123456', client_assertion: '[redacted]' }, status: 400 },
  ]);
  const text = JSON.stringify(tenant.requests);
  expect(text).not.toContain('hush');
  expect(text).not.toContain(tenant.clientSecret);
});

test('records a request that a fault leaves unanswered without a status', async () => {
  const tenant = await tenantFor();
  tenant.fault({ path: '/userinfo', respond: 'reset' });
  await expect(call(tenant, '/userinfo')).rejects.toThrow();
  expect(tenant.requests).toMatchObject([{ path: '/userinfo', status: undefined }]);
});
