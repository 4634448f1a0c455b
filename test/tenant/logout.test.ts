import { SignJWT } from 'jose';
import type { LocalTenant, LocalTenantOptions } from 'passport-auth0-passwordless/testing';
import { fetch } from 'undici';
import { describe, expect, test } from 'vitest';
import { authClient, dispatcherFor, secureTenant } from './auth0-support.js';
import { authParams, call, exchangeCode, handedOver, linkFor, tenantFor, type Answer } from './support.js';

const HOME = 'https://app.example.com/';
const clients = [{ clientID: 'app', clientSecret: 's'.repeat(32), allowedLogoutURLs: [`${HOME}bye`, HOME] }];

/** A tenant, and a browser that has a session there: its cookie, and the ID token that came with it. */
async function withSession(options: LocalTenantOptions = { clients, allowedLogoutURLs: [HOME] }) {
  const tenant = await tenantFor(options);
  const visit = await call(tenant, await linkFor(tenant));
  const { body } = await exchangeCode(tenant, handedOver(visit).code);
  const cookie = visit.headers['set-cookie']?.split(';')[0] ?? '';
  return { tenant, cookie, sid: cookie.replace('auth0=', ''), idToken: String(body.id_token) };
}

const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();

const visit = (tenant: LocalTenant, path: string, parameters: Record<string, string>, cookie = '') =>
  call(tenant, `${path}?${query(parameters)}`, { headers: { cookie } });

/** Whether the session still opens links, of a tenant that wants one. */
async function isAlive(tenant: LocalTenant, cookie: string): Promise<boolean> {
  const answer = await call(tenant, await linkFor(tenant, authParams), { headers: { cookie } });
  return answer.headers['set-cookie']?.startsWith(`${cookie};`) ?? false;
}

const refusal = ({ status, headers, text }: Answer) => [
  status,
  headers.location,
  headers['set-cookie'],
  /<p>(.*)<\/p>/.exec(text)?.[1],
];

describe('/v2/logout', () => {
  test("ends the browser's session, and sends the browser on", async () => {
    const { tenant, cookie } = await withSession();
    expect(await isAlive(tenant, cookie)).toBe(true);
    const answer = await visit(tenant, '/v2/logout', { client_id: 'app', returnTo: HOME }, cookie);
    expect([answer.status, answer.headers.location]).toEqual([302, HOME]);
    expect(answer.headers['set-cookie']).toBe('auth0=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0');
    expect(await isAlive(tenant, cookie)).toBe(false);
  });

  test.each([
    ['as given, query and all', `${HOME}?from=auth0#top`],
    ['to another one of the list', `${HOME}bye`],
  ])('sends the browser %s', async (_, returnTo) => {
    const tenant = await tenantFor({ clients });
    const { headers } = await visit(tenant, '/v2/logout', { client_id: 'app', returnTo, federated: '' });
    expect(headers.location).toBe(returnTo);
  });

  test('sends the browser to the first URL of the client where it is told none', async () => {
    const tenant = await tenantFor({ clients });
    expect((await visit(tenant, '/v2/logout', { client_id: 'app' })).headers.location).toBe(`${HOME}bye`);
  });

  test('says so where it has nowhere to send the browser', async () => {
    const tenant = await tenantFor();
    const answer = await visit(tenant, '/v2/logout', {});
    expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(answer.text).toContain('You are logged out.');
    expect(answer.headers['set-cookie']).toMatch(/^auth0=;/);
  });

  test("asks for no list where there is none, as with callbacks, but for the tenant's own without client_id", async () => {
    const tenant = await tenantFor({ allowedLogoutURLs: [] });
    const of = async (parameters: Record<string, string>) => (await visit(tenant, '/v2/logout', parameters)).status;
    expect(await of({ client_id: tenant.clientID, returnTo: 'https://anywhere.example.com/' })).toBe(302);
    expect(await of({ returnTo: 'https://anywhere.example.com/' })).toBe(400);
  });

  const ofClient = 'The URL to return to is not in the list allowedLogoutURLs of the client.';
  const ofTenant =
    'The URL to return to is not in the list allowedLogoutURLs of the tenant, which counts without client_id.';

  test.each<[string, Record<string, string>, string]>([
    ['that is not in the list', { client_id: 'app', returnTo: 'https://evil.example.com/' }, ofClient],
    ['that only begins like one', { client_id: 'app', returnTo: `${HOME}bye/bye` }, ofClient],
    ['that is none', { client_id: 'app', returnTo: '/home' }, ofClient],
    ["that is in the client's list alone", { returnTo: `${HOME}bye` }, ofTenant],
    ['of an unknown client', { client_id: 'nobody', returnTo: HOME }, 'Unknown client.'],
  ])('stays where it is for a URL %s, and ends nothing', async (_, parameters, text) => {
    const { tenant, cookie } = await withSession();
    expect(refusal(await visit(tenant, '/v2/logout', parameters, cookie))).toEqual([400, undefined, undefined, text]);
    expect(await isAlive(tenant, cookie)).toBe(true);
  });

  test('does nothing for HEAD', async () => {
    const { tenant, cookie } = await withSession();
    expect((await call(tenant, '/v2/logout', { method: 'HEAD', headers: { cookie } })).status).toBe(200);
    expect(await isAlive(tenant, cookie)).toBe(true);
  });

  test('cannot be made to break a header', async () => {
    const tenant = await tenantFor();
    const { headers } = await visit(tenant, '/v2/logout', { returnTo: `${HOME}\r\nx-evil: 1/é` });
    expect(headers.location).toBe(`${HOME}x-evil:%201/%C3%A9`);
    expect(headers).not.toHaveProperty('x-evil');
  });
});

describe('/oidc/logout', () => {
  const redirect = { post_logout_redirect_uri: HOME };

  test.each(['RS256', 'PS256', 'HS256'] as const)('takes an ID token signed with %s as a hint', async (alg) => {
    const signing = clients.map((client) => ({ ...client, idTokenSigningAlg: alg }));
    const { tenant, cookie, idToken } = await withSession({ clients: signing });
    tenant.clock.advance(100_000);
    tenant.rotateKeys();
    const answer = await visit(tenant, '/oidc/logout', { ...redirect, id_token_hint: idToken, state: 'a b' }, cookie);
    expect([answer.status, answer.headers.location]).toEqual([302, `${HOME}?state=a%20b`]);
    expect(await isAlive(tenant, cookie)).toBe(false);
    expect(JSON.stringify(tenant.requests)).not.toContain(idToken);
  });

  test('takes the sid as a hint', async () => {
    const { tenant, cookie, sid } = await withSession();
    const parameters = { ...redirect, client_id: 'app', logout_hint: sid };
    expect((await visit(tenant, '/oidc/logout', parameters, cookie)).headers.location).toBe(HOME);
    expect(await isAlive(tenant, cookie)).toBe(false);
  });

  test('takes a form as well', async () => {
    const { tenant, cookie, idToken } = await withSession();
    const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const body = query({ ...redirect, id_token_hint: idToken });
    const answer = await call(tenant, '/oidc/logout', { method: 'POST', headers, body });
    expect([answer.status, answer.headers.location]).toEqual([302, HOME]);
    expect(await isAlive(tenant, cookie)).toBe(false);
  });

  test.each([{}, { logout_hint: 'of another session' }])('asks the user without a hint that fits: %o', async (hint) => {
    const { tenant, cookie } = await withSession();
    const parameters = { ...redirect, ...hint, client_id: 'app', state: '"><script>' };
    const answer = await visit(tenant, '/oidc/logout', parameters, cookie);
    expect([answer.status, answer.headers.location]).toEqual([200, undefined]);
    expect(await isAlive(tenant, cookie)).toBe(true);
    expect(answer.text).not.toContain('<script>');
    const link = /<a href="([^"]*)"/.exec(answer.text)?.[1]?.replaceAll('&#38;', '&') ?? '';
    const confirmed = await call(tenant, link, { headers: { cookie } });
    expect(confirmed.headers.location).toBe(`${HOME}?state=%22%3E%3Cscript%3E`);
    expect(await isAlive(tenant, cookie)).toBe(false);
  });

  test('asks nobody who has no session', async () => {
    const { tenant } = await withSession();
    expect((await visit(tenant, '/oidc/logout', { ...redirect, client_id: 'app' })).status).toBe(302);
  });

  const foreign = () =>
    new SignJWT({ aud: 'app' }).setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode('s'.repeat(32)));
  const tampered = (token: string) => token.replace(/\.[^.]*\./, `.${btoa('{"aud":"app"}').replace(/=+$/, '')}.`);

  test.each<
    [string, (tenant: LocalTenant, idToken: string) => Record<string, string> | Promise<Record<string, string>>]
  >([
    ['an ID token that is none', () => ({ id_token_hint: 'a.b.c' })],
    ['an ID token of another issuer', async () => ({ id_token_hint: await foreign() })],
    ['an ID token with other claims', (_, idToken) => ({ id_token_hint: tampered(idToken) })],
    [
      'an ID token with another algorithm',
      async ({ domain }) => ({
        id_token_hint: await new SignJWT({ aud: 'app', iss: `${domain}/` })
          .setProtectedHeader({ alg: 'HS256' })
          .sign(new TextEncoder().encode('s'.repeat(32))),
      }),
    ],
    ['the ID token of another client', (_, idToken) => ({ id_token_hint: idToken, client_id: 'other' })],
    [
      'a URL that is not in the list',
      () => ({ client_id: 'app', post_logout_redirect_uri: 'https://evil.example.com/' }),
    ],
  ])('stays where it is with %s, and ends nothing', async (_, parameters) => {
    const two = [...clients, { clientID: 'other', clientSecret: 'secret' }];
    const { tenant, cookie, idToken } = await withSession({ clients: two });
    const given = { ...redirect, ...(await parameters(tenant, idToken)) };
    const answer = await visit(tenant, '/oidc/logout', given, cookie);
    expect([answer.status, answer.headers.location]).toEqual([400, undefined]);
    expect(await isAlive(tenant, cookie)).toBe(true);
  });
});

test("Auth0's own client finds the logout by discovery", async () => {
  const tenant = await secureTenant();
  const url = await authClient(tenant).buildLogoutUrl({ returnTo: HOME });
  const visited = await fetch(url, { redirect: 'manual', dispatcher: dispatcherFor() });
  expect([visited.status, visited.headers.get('location')]).toEqual([302, HOME]);
  expect(tenant.requests.at(-1)).toMatchObject({ path: '/oidc/logout', query: { client_id: tenant.clientID } });
});
