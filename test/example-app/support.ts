import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request, { type Response } from 'supertest';
import { onTestFinished } from 'vitest';
import type { Config } from '../../example-app/config.js';
import { createApp as createExpressApp } from '../../example-app/express/app.js';
import { createApp as createKoaApp } from '../../example-app/koa/app.js';

export type CreateApp = (config: Config) => RequestListener;

/** What every test of the app runs on. */
export const hosts: { host: string; createApp: CreateApp }[] = [
  { host: 'Express', createApp: createExpressApp },
  { host: 'Koa', createApp: (config) => createKoaApp(config).callback() },
];

interface Setup {
  tenant?: LocalTenantOptions | undefined;
  config?: Partial<Config>;
}

/** The example app on a real socket, with a local tenant of its own; closed when the test ends. */
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
    /** Opens the newest link as a browser would, as far as the redirect back to the app: a path with a query. */
    openLink: async (to: string) => {
      const response = await fetch(tenant.inbox.latest(to)?.link ?? '', { redirect: 'manual' });
      const { pathname, search } = new URL(response.headers.get('location') ?? '');
      return pathname + search;
    },
  };
}

/** Keeps its cookies, and fills in the forms that it was shown. */
export class Browser {
  page: Response | undefined;

  constructor(readonly agent: ReturnType<typeof request.agent>) {}

  async get(path: string): Promise<Response> {
    this.page = await this.agent.get(path).set('Accept', 'text/html');
    return this.page;
  }

  /** Sends a form of the page shown last, with its hidden fields. */
  async submit(action: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) {
    const form = new RegExp(`<form[^>]*action="${action}"[^>]*>(.*?)</form>`, 's').exec(this.page?.text ?? '')?.[1];
    if (form === undefined) throw new Error(`The page has no form that goes to ${action}.`);
    const hidden = [...form.matchAll(/<input\s+type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g)];
    const body = { ...Object.fromEntries(hidden.map(([, name = '', value = '']) => [name, value])), ...fields };
    this.page = await this.agent.post(action).set(headers).type('form').send(body);
    return this.page;
  }

  /** Asks for a message, and sees the page that comes then. */
  async ask(fields: Record<string, string>, path = '/login'): Promise<Response> {
    await this.get(path);
    const { status, headers } = await this.submit('/login', fields);
    if (status !== 303) throw new Error(`Sign-in was not started: ${status}.`);
    return this.get(headers.location ?? '');
  }
}

/** A page's text, without markup. */
export const textOf = ({ text }: Response) => text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');

/** What a browser would send back. */
export const cookiesOf = ({ headers }: Response) =>
  (headers['set-cookie'] as unknown as string[]).map((cookie) => cookie.split(';')[0]).join('; ');
