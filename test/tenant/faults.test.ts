import { expect, test } from 'vitest';
import type { Fault } from 'passport-auth0-passwordless/testing';
import { call, codeFor, exchange, tenantFor } from './support.js';

const path = '/oauth/token';

test('resets the connection, once', async () => {
  const tenant = await tenantFor();
  const code = await codeFor(tenant);
  tenant.fault({ path, respond: 'reset' });
  await expect(exchange(tenant, code)).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
  expect((await exchange(tenant, code)).status).toBe(200);
});

test('breaks an answer off', async () => {
  const tenant = await tenantFor();
  tenant.fault({ path, respond: 'truncate' });
  await expect(exchange(tenant, '000000')).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});

test('never answers, until the tenant closes', async () => {
  const tenant = await tenantFor();
  tenant.fault({ path, respond: 'timeout' });
  const pending = exchange(tenant, '000000');
  pending.catch(() => undefined);
  // Later requests on other connections are answered, that one is not.
  while (tenant.requests.length === 0) await call(tenant, '/inbox');
  expect(await Promise.race([pending, call(tenant, '/inbox').then(() => 'nothing yet')])).toBe('nothing yet');
  await tenant.close();
  await expect(pending).rejects.toMatchObject({ code: 'UND_ERR_SOCKET' });
});

test('answers what it is told, so often', async () => {
  const tenant = await tenantFor();
  const code = await codeFor(tenant);
  const body = { error: 'too_many_attempts', error_description: 'x' };
  tenant.fault({ path, times: 2, respond: { status: 429, headers: { 'retry-after': '7' }, body } });
  for (let i = 0; i < 2; i += 1) {
    const answer = await exchange(tenant, code);
    expect(answer).toMatchObject({ status: 429, body, headers: { 'retry-after': '7' } });
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  }
  expect((await exchange(tenant, code)).status).toBe(200);
});

test('answers with text and with nothing', async () => {
  const tenant = await tenantFor();
  tenant.fault({ path, respond: { status: 502, body: '<h1>Bad gateway</h1>' } });
  tenant.fault({ path, respond: { status: 204 } });
  const page = await exchange(tenant, '000000');
  expect([page.status, page.text, page.headers['content-type']]).toEqual([
    502,
    '<h1>Bad gateway</h1>',
    'text/html; charset=utf-8',
  ]);
  const empty = await exchange(tenant, '000000');
  expect([empty.status, empty.text]).toEqual([204, '']);
});

test('hits its path only, one fault after the other', async () => {
  const tenant = await tenantFor();
  tenant.fault({ path, respond: { status: 500 } });
  tenant.fault({ path, respond: { status: 503 } });
  expect((await call(tenant, '/.well-known/jwks.json')).status).toBe(200);
  expect((await exchange(tenant, '000000')).status).toBe(500);
  expect((await exchange(tenant, '000000')).status).toBe(503);
  expect((await exchange(tenant, '000000')).status).toBe(403);
});

test('can be undone', async () => {
  const tenant = await tenantFor();
  const undo = tenant.fault({ path, times: Infinity, respond: { status: 500 } });
  for (let i = 0; i < 3; i += 1) expect((await exchange(tenant, '000000')).status).toBe(500);
  undo();
  expect((await exchange(tenant, '000000')).status).toBe(403);
});

test.each<[string, unknown]>([
  ['path', { path: 'oauth/token', respond: 'reset' }],
  ['times', { path, times: 0, respond: 'reset' }],
  ['times', { path, times: 1.5, respond: 'reset' }],
  ['respond', { path, respond: 'explode' }],
  ['respond', { path, respond: { body: 'no status' } }],
  ['respond', { path, respond: { status: 0 } }],
  ['respond', { path, respond: { status: 101 } }],
  ['respond', { path, respond: { status: 1_000 } }],
])('names %s when it is wrong', async (name, fault) => {
  const tenant = await tenantFor();
  expect(() => tenant.fault(fault as Fault)).toThrow(TypeError);
  expect(() => tenant.fault(fault as Fault)).toThrow(`fault: ${name} must be`);
});

test.each([{ 'bad name': 'x' }, { 'x-broken': 'a\r\nb' }])(
  'takes no header that cannot be sent: %j',
  async (headers) => {
    const tenant = await tenantFor();
    expect(() => tenant.fault({ path, respond: { status: 500, headers } })).toThrow(TypeError);
    expect(tenant.faults).toEqual([]);
  },
);
