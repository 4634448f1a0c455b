import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LocalTenantOptions, startLocalTenant, type User } from 'passport-auth0-passwordless/testing';
import request, { type Response } from 'supertest';
import { expect, onTestFinished } from 'vitest';
import type { Config } from '../../example-app/config.js';
import { createApp as createExpressApp } from '../../example-app/express/app.js';
import { createApp as createKoaApp } from '../../example-app/koa/app.js';

export const ada = 'ada@example.com';
export const phoneNumber = '+12025550123';

export type CreateApp = (config: Config) => RequestListener;

export const express = { host: 'Express', createApp: createExpressApp };
export const koa = { host: 'Koa', createApp: (config: Config) => createKoaApp(config).callback() };

/** Every test of the app runs on these. */
export const hosts: { host: string; createApp: CreateApp }[] = [express, koa];

interface Setup {
  tenant?: LocalTenantOptions | undefined;
  config?: Partial<Config>;
}

/** The example app and its local tenant on real sockets, closed when the test ends. */
export async function setUp(createApp: CreateApp, { tenant: options, config }: Setup = {}) {
  const tenant = await startLocalTenant(options);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { domain, clientID, clientSecret } = tenant;
  const inboxURL = `${domain}/inbox`;
  server.on(
    'request',
    createApp({ domain, clientID, clientSecret, sessionSecret: 'for tests', baseURL, inboxURL, ...config }),
  );
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await tenant.close();
  });
  return {
    tenant,
    baseURL,
    browser: () => new Browser(request.agent(baseURL)),
    code: (to = ada) => tenant.inbox.latest(to)?.code ?? '',
    /** Opens the newest link as a browser does, up to the redirect to the app: the path and query of its callback. */
    openLink: async () => {
      const response = await fetch(tenant.inbox.latest(ada)?.link ?? '', { redirect: 'manual' });
      const { pathname, search } = new URL(response.headers.get('location') ?? '');
      return pathname + search;
    },
  };
}

/** The same, and a browser that has requested a code, or what else the form asks for, and shows the next page. */
export async function setUpUser(createApp: CreateApp, { form = {}, ...setup }: Setup & { form?: object } = {}) {
  const app = await setUp(createApp, setup);
  const user = app.browser();
  const page = await user.ask({ email: ada, ...form });
  return { ...app, user, page, signIn: () => user.submit('/login/code', { otp: app.code() }) };
}

/** The same with a tenant that requires a second factor: the code was right, and the browser shows what comes next. */
export async function setUpSecondFactor(createApp: CreateApp, factors: NonNullable<User['factors']> = []) {
  const users = [{ email: ada, phoneNumber, factors }];
  const app = await setUpUser(createApp, { tenant: { users, mfa: 'always' } });
  expectRedirect(await app.signIn(), '/login/mfa');
  await app.user.get('/login/mfa');
  return app;
}

/** Keeps its cookies, follows no redirect, and submits the forms of the page that it shows. */
export class Browser {
  page: Response | undefined;

  constructor(readonly agent: ReturnType<typeof request.agent>) {}

  /** The CSRF token of the page. */
  get csrf(): string {
    return /name="_csrf" value="([^"]+)"/.exec(this.page?.text ?? '')?.[1] ?? '';
  }

  /** The cookies of the page, for requests of which supertest cannot tell that they came over HTTPS. */
  get cookies(): string {
    return this.page ? cookiesOf(this.page) : '';
  }

  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    this.page = await this.agent.get(path).set({ Accept: 'text/html', ...headers });
    return this.page;
  }

  /** Posts a form that the page need not have. */
  async post(path: string, fields: object, headers: Record<string, string> = {}): Promise<Response> {
    return this.agent.post(path).set(headers).type('form').send(fields);
  }

  /** Submits the form of the page that goes to `action`, and has a button with this text, with its hidden fields. */
  async submit(
    action: string,
    fields: Record<string, string> = {},
    { headers = {}, button = '' }: { headers?: Record<string, string>; button?: string } = {},
  ): Promise<Response> {
    const forms = (this.page?.text ?? '').split('<form').map((each) => each.split('</form>')[0] ?? '');
    const form = forms.find((each) => each.includes(`action="${action}"`) && each.includes(button));
    if (form === undefined) throw new Error(`The page has no form that goes to ${action}.`);
    const hidden = [...form.matchAll(/<input\s+type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g)];
    const body = { ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])), ...fields };
    const response = await this.post(action, body, headers);
    // A redirect leaves the page as it is.
    if (response.status !== 303) this.page = response;
    return response;
  }

  /** Requests a code or a link, and shows the next page. */
  async ask(fields: Record<string, string>, path = '/login'): Promise<Response> {
    await this.get(path);
    const { status, headers } = await this.submit('/login', fields);
    if (status !== 303) throw new Error(`Sign-in was not started: ${status}.`);
    return this.get(headers.location ?? '');
  }
}

export function expectRedirect({ status, headers }: Response, location: string): void {
  expect([status, headers.location]).toEqual([303, location]);
}

/** The text of a page, without markup. */
export const textOf = ({ text }: Response) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

/** The cookies that a browser would send back. */
export const cookiesOf = (response: Response) =>
  (response.get('Set-Cookie') ?? []).map((cookie) => cookie.split(';')[0]).join('; ');
