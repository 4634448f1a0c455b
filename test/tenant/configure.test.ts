import { expect, test } from 'vitest';
import type { LiveSettings } from 'passport-auth0-passwordless/testing';
import { firstFactor } from './mfa-support.js';
import { codeFor, exchange, start, tenantFor } from './support.js';

test('changes options while the tenant runs, and says what they are', async () => {
  const tenant = await tenantFor({ codeLength: 4 });
  expect(tenant.settings).toMatchObject({ codeLength: 4, mfa: 'never', disableSignup: false });
  tenant.configure({ codeLength: 8, maxAttempts: 1, mfa: 'always', mfaRequiredStatus: 401 });
  expect(tenant.settings).toMatchObject({ codeLength: 8, mfa: 'always', disableSignup: false });
  expect(await codeFor(tenant)).toHaveLength(8);
  expect((await exchange(tenant, '0')).body.error_description).toContain('maximum number of attempts');
  expect(await firstFactor(tenant)).toMatchObject({ status: 401, body: { error: 'mfa_required' } });
  tenant.configure({ disableSignup: true, mfa: undefined } as object);
  expect(tenant.settings.mfa).toBe('always');
  expect((await start(tenant, { email: 'eve@example.com' })).status).toBe(400);
});

test('changes no other tenant', async () => {
  const [one, other] = [await tenantFor(), await tenantFor()];
  one.configure({ disableSignup: true, mfaFactors: [] });
  expect(other.settings).toMatchObject({ disableSignup: false });
  expect(other.settings.mfaFactors).toHaveLength(5);
});

test.each([
  [{ codeTTL: 0 }, 'codeTTL: pass a number of seconds above 0'],
  [{ disableSignup: true, mfa: 'sometimes' }, "mfa: pass 'never', 'always' or a function of the user"],
  [{ disableSignup: true, port: 1 }, 'configure: port is no option that can be changed while the tenant runs'],
  [{ startLimit: 1 }, 'configure: startLimit is no option'],
  [{ users: [] }, 'configure: users is no option'],
  [{ tls: { key: '', cert: '' } }, 'configure: tls is no option'],
  [{ apis: [] }, 'configure: apis is no option'],
  [{ mfaPolicy: 'always' }, 'configure: mfaPolicy is no option'],
])('changes nothing for %j', async (changes, message) => {
  const tenant = await tenantFor();
  const before = { ...tenant.settings };
  const change = () => {
    tenant.configure(changes as Partial<LiveSettings>);
  };
  expect(change).toThrow(TypeError);
  expect(change).toThrow(message);
  expect(tenant.settings).toEqual(before);
});
