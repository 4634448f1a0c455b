/** What the app is started with. */
export interface Config {
  domain: string;
  clientID: string;
  clientSecret: string;
  sessionSecret: string;
  /** Where browsers find the app, without a trailing slash. */
  baseURL: string;
  /** The inbox of the local tenant, where that is what we run with. */
  inboxURL?: string | undefined;
}

type Env = Record<string, string | undefined>;

const REQUIRED = ['AUTH0_DOMAIN', 'AUTH0_CLIENT_ID', 'AUTH0_CLIENT_SECRET', 'SESSION_SECRET', 'BASE_URL'];

/** Reads which tenant to run with; undefined where nothing says so. @throws {Error} naming the variable and the remedy. */
export function readConfig(env: Env): Config | undefined {
  const missing = REQUIRED.filter((name) => !env[name]);
  if (missing.length === REQUIRED.length) return undefined;
  if (missing.length > 0) {
    throw new Error(
      `Missing: ${missing.join(', ')}. Set all of ${REQUIRED.join(', ')} to run with your Auth0 tenant, or none of them to run with the local one.`,
    );
  }
  const [domain = '', clientID = '', clientSecret = '', sessionSecret = '', baseURL = ''] = REQUIRED.map(
    (name) => env[name],
  );
  if (sessionSecret.length < 32) {
    throw new Error('SESSION_SECRET must be 32 characters or more; `openssl rand -base64 48` makes one.');
  }
  return { domain, clientID, clientSecret, sessionSecret, baseURL: readOrigin(baseURL) };
}

/** The port to listen on. The one after it is the local tenant's. */
export function readPort({ PORT }: Env): number {
  const port = PORT ? Number(PORT) : 3000;
  if (!Number.isInteger(port) || port < 1 || port > 65_534) {
    throw new Error('PORT must be a whole number from 1 to 65534.');
  }
  return port;
}

/** `localhost` and `127.0.0.1` are the same machine but not the same cookies: a link would find no session. */
export function isOtherHost({ baseURL }: Config, host: string | undefined): boolean {
  const url = new URL(baseURL);
  return url.protocol === 'http:' && url.host !== host;
}

function readOrigin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url?.hostname ?? '');
  const isWeb = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (!isWeb || url.href !== `${url.origin}/`) {
    throw new Error(
      'BASE_URL must be the address of the app without a path, such as https://app.example.com (http: for this machine only).',
    );
  }
  return url.origin;
}
