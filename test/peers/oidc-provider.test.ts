import request from 'supertest';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { callbackURL } from '../support/app.js';
import { callbackOf } from '../support/app.js';
import { browse, clientID, clientSecret, startFront } from './front.js';

// Theirs, and certified for OpenID Connect: authorization, client authentication, codes, keys, tokens, /userinfo.
// Ours: the stub that "mails" the link.
describe('against oidc-provider', () => {
  let front: Awaited<ReturnType<typeof startFront>>;

  beforeAll(async () => {
    // It warns of its development settings, which are what is wanted here, and of older versions of Node.
    vi.spyOn(console, 'warn').mockReturnValue();
    vi.spyOn(console, 'info').mockReturnValue();
    const { Provider } = await import('oidc-provider');
    front = await startFront();
    const provider = new Provider(`${front.origin}/`, {
      clients: [
        {
          client_id: clientID,
          client_secret: clientSecret,
          redirect_uris: [callbackURL],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      routes: {
        authorization: '/authorize',
        token: '/oauth/token',
        jwks: '/.well-known/jwks.json',
        userinfo: '/userinfo',
      },
      // As Auth0 and RFC 6749, section 4.1.3, have it; the provider's default forgives.
      allowOmittingSingleRegisteredRedirectUri: false,
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'nickname'] },
      findAccount: (_context: unknown, accountId: string) => ({
        accountId,
        claims: () => ({ sub: accountId, email: `${accountId}@example.com`, email_verified: true, name: 'Ada' }),
      }),
    });
    front.setPeer(provider.callback());
  });

  afterAll(async () => {
    vi.restoreAllMocks();
    await front.close();
  });

  /** Signs in at the provider's own pages, and consents, as far as the redirect back to the app. */
  async function openLink(link: URL, login = 'ada'): Promise<string> {
    const person = request.agent(front.origin);
    let { headers } = await person.get(link.pathname + link.search);
    for (const form of [{ prompt: 'login', login, password: 'any' }, { prompt: 'consent' }]) {
      const page = new URL(String(headers.location), front.origin).pathname;
      ({ headers } = await person.post(page).type('form').send(form).expect(303));
      ({ headers } = await person.get(new URL(String(headers.location)).pathname).expect(303));
    }
    return callbackOf(headers.location);
  }

  async function askForLink(strategy: Parameters<typeof browse>[1] = {}) {
    const browser = await browse(front.origin, strategy);
    await browser.post('/link').send({ email: 'ada@example.com' }).expect(200);
    return { browser, link: front.link() };
  }

  test('a link signs in, and /userinfo gives the profile that its ID tokens leave out', async () => {
    const { browser, link } = await askForLink({ fetchUserInfo: true });
    const response = await browser.get(await openLink(link));
    expect(response.body).toEqual({
      user: { id: 'ada', name: 'Ada' },
      info: { connection: 'email', method: 'link' },
    });
  });

  test('without /userinfo the ID token alone signs in', async () => {
    const { browser, link } = await askForLink();
    const response = await browser.get(await openLink(link));
    expect(response.body.user).toEqual({ id: 'ada', name: 'ada' });
  });

  test('a code that was issued for another login is refused by its nonce', async () => {
    const stolen = await askForLink();
    const { searchParams: theirs } = new URL(await openLink(stolen.link, 'mallory'), front.origin);
    const { browser, link } = await askForLink();
    const callback = new URL(await openLink(link), front.origin);
    callback.searchParams.set('code', theirs.get('code') ?? '');
    const response = await browser.get(callback.pathname + callback.search);
    expect(response.body.error).toMatchObject({ code: 'id_token_invalid', status: 502 });
    expect((await browser.get('/me')).body.user).toBeNull();
  });

  test('a code that was used is refused', async () => {
    const first = await askForLink();
    const callback = new URL(await openLink(first.link), front.origin);
    await first.browser.get(callback.pathname + callback.search).expect(200);

    const { browser, link } = await askForLink();
    callback.searchParams.set('state', link.searchParams.get('state') ?? '');
    const response = await browser.get(callback.pathname + callback.search);
    expect(response).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
  });

  test('a user who turns back at the provider is told so', async () => {
    const { browser, link } = await askForLink();
    const person = request.agent(front.origin);
    const { headers } = await person.get(link.pathname + link.search);
    const page = new URL(String(headers.location), front.origin).pathname;
    const aborted = await person.get(`${page}/abort`).expect(303);
    const back = await person.get(new URL(String(aborted.headers.location)).pathname);
    const response = await browser.get(callbackOf(back.headers.location));
    expect(response).toMatchObject({ status: 403, body: { code: 'access_denied' } });
  });

  test('a wrong client secret is a configuration error that names the option', async () => {
    const { browser, link } = await askForLink({ clientSecret: 'another secret, which the provider does not know' });
    const response = await browser.get(await openLink(link));
    expect(response.status).toBe(500);
    expect(response.body.error).toMatchObject({
      code: 'configuration_error',
      message: expect.stringContaining('clientSecret'),
    });
  });
});
