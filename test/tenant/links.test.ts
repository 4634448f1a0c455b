import { decodeJwt } from 'jose';
import { describe, expect, test } from 'vitest';
import {
  authParams,
  call,
  CALLBACK,
  credentials,
  exchange,
  exchangeCode,
  handedOver,
  linkFor,
  message,
  postForm,
  start,
  tenantFor,
} from './support.js';

const idTokenClaims = ({ body }: Awaited<ReturnType<typeof exchangeCode>>) => decodeJwt(String(body.id_token));

describe('a magic link', () => {
  test('is built as Auth0 builds it, parameter by parameter', async () => {
    const tenant = await tenantFor();
    const params = { nonce: 'n', audience: 'https://api.example.com', organization: 'org_1', ...authParams };
    const link = new URL(await linkFor(tenant, params));
    expect(link.origin + link.pathname).toBe(`${tenant.domain}/passwordless/verify_redirect`);
    expect([...link.searchParams]).toEqual([
      ['scope', 'openid profile email'],
      ['response_type', 'code'],
      ['redirect_uri', CALLBACK],
      ['audience', 'https://api.example.com'],
      ['state', 'the state'],
      ['nonce', 'n'],
      ['organization', 'org_1'],
      ['verification_code', message(tenant).code],
      ['connection', 'email'],
      ['client_id', tenant.clientID],
      ['email', 'ada@example.com'],
    ]);
  });

  test('is what an email carries when send is missing or null', async () => {
    const tenant = await tenantFor();
    for (const send of [undefined, null]) {
      await start(tenant, { send });
      expect(message(tenant).link).toContain(`verification_code=${message(tenant).code}&`);
    }
    await start(tenant, { send: 'code', authParams });
    expect(message(tenant)).not.toHaveProperty('link');
  });

  test('hands the app a code and its state, which end in a login', async () => {
    const tenant = await tenantFor();
    const visit = await call(tenant, await linkFor(tenant, { ...authParams, nonce: 'n-1' }));
    expect(visit.status).toBe(302);
    expect(visit.headers.location).toMatch(/^https:\/\/app\.example\.com\/callback\?code=/);
    const { code, ...rest } = handedOver(visit);
    expect(rest).toEqual({ state: 'the state' });
    expect(tenant.users).toMatchObject([{ email: 'ada@example.com', emailVerified: true }]);

    const answer = await exchangeCode(tenant, code);
    expect(answer).toMatchObject({ status: 200, body: { scope: 'openid profile email', token_type: 'Bearer' } });
    expect(idTokenClaims(answer)).toMatchObject({
      iss: `${tenant.domain}/`,
      aud: tenant.clientID,
      sub: tenant.users[0]?.userID,
      nonce: 'n-1',
      email: 'ada@example.com',
      sid: expect.any(String) as string,
    });
  });

  test('keeps the query of the callback URL, and puts no nonce where none was asked for', async () => {
    const tenant = await tenantFor();
    const redirect_uri = `${CALLBACK}?from=mail`;
    const visit = await call(tenant, await linkFor(tenant, { ...authParams, redirect_uri }));
    expect(handedOver(visit)).toMatchObject({ from: 'mail', state: 'the state' });
    const answer = await exchangeCode(tenant, handedOver(visit).code, { redirect_uri });
    expect(idTokenClaims(answer)).not.toHaveProperty('nonce');
  });

  test('follows its query, even where that is not what was started', async () => {
    const tenant = await tenantFor();
    const link = new URL(await linkFor(tenant));
    link.searchParams.set('state', 'another');
    expect(handedOver(await call(tenant, link.href)).state).toBe('another');
  });

  test.each([undefined, 'token'])('puts tokens into the fragment for response_type %s', async (response_type) => {
    const tenant = await tenantFor();
    const visit = await call(tenant, await linkFor(tenant, { ...authParams, response_type, scope: 'openid email' }));
    expect(visit.headers.location).toMatch(/^https:\/\/app\.example\.com\/callback#access_token=/);
    const { access_token, ...rest } = handedOver(visit);
    expect(rest).toEqual({
      scope: 'openid email',
      expires_in: '86400',
      token_type: 'Bearer',
      state: 'the state',
    });
    const headers = { authorization: `Bearer ${String(access_token)}` };
    expect((await call(tenant, '/userinfo', { headers })).body.email).toBe('ada@example.com');
  });

  test('puts an ID token into the fragment where response_type asks for one, and never a refresh token', async () => {
    const tenant = await tenantFor({ refreshTokensFromLinks: true });
    const params = { ...authParams, response_type: 'token id_token', scope: 'openid offline_access' };
    const tokens = handedOver(await call(tenant, await linkFor(tenant, params)));
    expect(Object.keys(tokens)).toEqual(['access_token', 'scope', 'expires_in', 'token_type', 'id_token', 'state']);
  });

  test('does nothing for HEAD, as mail scanners ask', async () => {
    const tenant = await tenantFor();
    const link = await linkFor(tenant);
    expect((await call(tenant, link, { method: 'HEAD' })).status).toBe(200);
    expect(handedOver(await call(tenant, link))).toHaveProperty('code');
  });

  describe('sends the app an error', () => {
    const unauthorized = (error_description: string) => ({
      error: 'unauthorized',
      error_description,
      state: 'the state',
    });

    test('when it is used again', async () => {
      const tenant = await tenantFor();
      const link = await linkFor(tenant);
      await call(tenant, link);
      const again = await call(tenant, link);
      expect(again.status).toBe(302);
      expect(again.headers).not.toHaveProperty('set-cookie');
      expect(handedOver(again)).toEqual(unauthorized('Wrong email or verification code.'));
    });

    test('when its code was entered by hand, or replaced by a newer one', async () => {
      const tenant = await tenantFor();
      const used = await linkFor(tenant);
      await exchange(tenant, message(tenant).code);
      expect(handedOver(await call(tenant, used))).toEqual(unauthorized('Wrong email or verification code.'));
      const older = await linkFor(tenant);
      await linkFor(tenant);
      expect(handedOver(await call(tenant, older))).toEqual(unauthorized('Wrong email or verification code.'));
    });

    test.each(['verification_code', 'email'])('when it lacks its %s', async (name) => {
      const tenant = await tenantFor();
      const link = new URL(await linkFor(tenant));
      link.searchParams.delete(name);
      const visit = await call(tenant, link.href);
      expect(handedOver(visit)).toEqual(unauthorized('Wrong email or verification code.'));
    });

    test('when it has expired', async () => {
      const tenant = await tenantFor();
      const link = await linkFor(tenant);
      tenant.clock.advance(180);
      expect(handedOver(await call(tenant, link))).toEqual(
        unauthorized('The verification code has expired. Please try to login again.'),
      );
    });

    test('when its code was tried wrong three times', async () => {
      const tenant = await tenantFor();
      const link = await linkFor(tenant);
      for (let i = 0; i < 3; i += 1) await exchange(tenant, '000000');
      expect(handedOver(await call(tenant, link)).error_description).toMatch(/maximum number of attempts/);
    });

    test('when the user was blocked meanwhile', async () => {
      const tenant = await tenantFor({ users: [{ email: 'ada@example.com' }] });
      const link = await linkFor(tenant);
      for (const user of tenant.users) user.blocked = true;
      expect(handedOver(await call(tenant, link))).toEqual(unauthorized('user is blocked'));
    });

    test('when it is for an API the tenant has not', async () => {
      const tenant = await tenantFor({ apis: [] });
      const visit = await call(tenant, await linkFor(tenant, { ...authParams, audience: 'https://api.example.com' }));
      expect(handedOver(visit)).toEqual({
        error: 'access_denied',
        error_description: 'Service not found: https://api.example.com',
        state: 'the state',
      });
    });
  });

  describe('ends on a page of the tenant', () => {
    const clients = [{ clientID: 'app', clientSecret: 'secret', callbacks: [CALLBACK] }];

    test('when the callback URL is not allowed', async () => {
      const tenant = await tenantFor({ clients });
      const visit = await call(tenant, await linkFor(tenant, { ...authParams, redirect_uri: `${CALLBACK}/` }));
      expect(visit.status).toBe(403);
      expect(visit.headers['content-type']).toBe('text/html; charset=utf-8');
      expect(visit.text).toContain('Callback URL mismatch');
      expect((await call(tenant, await linkFor(tenant))).status).toBe(302);
    });

    test.each<[string, Record<string, string>]>([
      ['there is no usable callback URL', { redirect_uri: '' }],
      ['the client is unknown', { client_id: 'nobody' }],
      ['the connection is unknown', { connection: 'fax' }],
      ['the connection sends no links', { connection: 'sms' }],
    ])('when %s', async (_, override) => {
      const tenant = await tenantFor();
      const link = new URL(await linkFor(tenant));
      for (const [name, value] of Object.entries(override)) link.searchParams.set(name, value);
      const visit = await call(tenant, link.href);
      expect(visit.status).toBe(400);
      expect(visit.headers).not.toHaveProperty('location');
      expect(visit.text).toContain('<h1>Something went wrong</h1>');
    });

    test.each(['client_id', 'connection', 'redirect_uri'])('when it lacks its %s', async (name) => {
      const tenant = await tenantFor();
      const link = new URL(await linkFor(tenant));
      link.searchParams.delete(name);
      const visit = await call(tenant, link.href);
      expect([visit.status, visit.headers['content-type']]).toEqual([400, 'text/html; charset=utf-8']);
    });

    test('when it is opened in another browser, and the tenant insists on the same', async () => {
      const tenant = await tenantFor({ allowMagicLinkWithoutSession: false });
      const link = await linkFor(tenant);
      for (const cookie of ['', 'auth0=made-up']) {
        const visit = await call(tenant, link, { headers: { cookie } });
        expect(visit.status).toBe(403);
        expect(visit.text).toContain('The link must be opened on the same device and browser');
      }
      const authorize = await call(tenant, '/authorize');
      const cookie = authorize.headers['set-cookie']?.split(';')[0] ?? '';
      const visit = await call(tenant, link, { headers: { cookie: `a=b; ${cookie}` } });
      expect(handedOver(visit)).toHaveProperty('code');
    });
  });

  test('leaves the browser with a session, which opens further links', async () => {
    const tenant = await tenantFor();
    const visit = await call(tenant, await linkFor(tenant));
    expect(visit.headers['set-cookie']).toMatch(/^auth0=[\w-]+; Path=\/; HttpOnly; SameSite=Lax$/);
    const cookie = visit.headers['set-cookie']?.split(';')[0] ?? '';
    const next = await call(tenant, await linkFor(tenant), { headers: { cookie } });
    expect(next.headers['set-cookie']).toContain(cookie);
  });

  describe('with an organization', () => {
    const users = [{ email: 'ada@example.com', orgID: 'org_1', orgName: 'acme' }];

    test.each(['org_1', 'acme'])('has the ID token name it: %s', async (organization) => {
      const tenant = await tenantFor({ users });
      const visit = await call(tenant, await linkFor(tenant, { ...authParams, organization }));
      const claims = idTokenClaims(await exchangeCode(tenant, handedOver(visit).code));
      expect(claims).toMatchObject({ org_id: 'org_1', org_name: 'acme' });
    });

    test('has it name none where the tenant ignores the parameter', async () => {
      const tenant = await tenantFor({ users, organizationsOnLinks: false });
      const visit = await call(tenant, await linkFor(tenant, { ...authParams, organization: 'org_1' }));
      const claims = idTokenClaims(await exchangeCode(tenant, handedOver(visit).code));
      expect(claims).not.toHaveProperty('org_id');
    });

    test('has a refresh name it again', async () => {
      const tenant = await tenantFor({ users, refreshTokensFromLinks: true });
      const params = { ...authParams, scope: 'openid offline_access', organization: 'org_1' };
      const visit = await call(tenant, await linkFor(tenant, params));
      const { body } = await exchangeCode(tenant, handedOver(visit).code);
      const grant = { grant_type: 'refresh_token', refresh_token: String(body.refresh_token) };
      const refreshed = await postForm(tenant, '/oauth/token', { ...credentials(tenant), ...grant });
      expect(idTokenClaims(refreshed)).toMatchObject({ org_id: 'org_1', org_name: 'acme' });
    });

    test.each(['org_2', undefined])('has it name none the user is no member of: %s', async (organization) => {
      const tenant = await tenantFor({ users });
      const visit = await call(tenant, await linkFor(tenant, { ...authParams, organization }));
      const claims = idTokenClaims(await exchangeCode(tenant, handedOver(visit).code));
      expect(claims).not.toHaveProperty('org_id');
      expect(claims).not.toHaveProperty('org_name');
    });
  });
});
