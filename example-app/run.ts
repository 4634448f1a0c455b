import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { loadEnvFile } from 'node:process';
import { type Config, readConfig, readPort } from './config.js';
import { startLocal } from './local-tenant.js';

type CreateApp = (config: Config) => RequestListener;

/** Starts the app with the tenant that the environment names, or with the local one. */
export async function run(createApp: CreateApp): Promise<void> {
  // Nothing is kept that would have to be written first.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit());

  try {
    readEnvFile();
    const port = readPort(process.env);
    const config = readConfig(process.env) ?? (await startLocal(port));
    await listen(createApp(config), port);
    tellWhere(config, port);
  } catch (error) {
    console.error(remedyOf(error));
    process.exit(1);
  }
}

/** What the environment says already, stays. */
function readEnvFile(): void {
  try {
    loadEnvFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

async function listen(app: RequestListener, port: number): Promise<void> {
  const server = createServer(app).listen(port, '127.0.0.1');
  await once(server, 'listening');
}

function remedyOf(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, port } = (error.cause ?? error) as { code?: string; port?: number };
  return code === 'EADDRINUSE'
    ? `Port ${port} is in use. Set PORT to another one; the local tenant takes the one after it.`
    : error.message;
}

function tellWhere({ baseURL, domain, inboxURL }: Config, port: number): void {
  if (inboxURL === undefined) {
    console.log(`App     ${baseURL} (listening on http://127.0.0.1:${port})`);
    console.log(`Tenant  ${domain}: real messages are sent`);
    console.log(`Links   come back to ${baseURL}/login/callback, to be listed in Allowed Callback URLs`);
  } else {
    console.log(`App     ${baseURL}`);
    console.log(`Inbox   ${inboxURL}`);
    console.log('Tenant  local: nothing leaves this machine (your own: see example-app/.env.example)');
  }
}
