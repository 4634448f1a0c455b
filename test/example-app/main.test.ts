import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig, readPort } from '../../example-app/config.js';
import manifest from '../../package.json' with { type: 'json' };

const complete = {
  AUTH0_DOMAIN: 'acme.eu.auth0.com',
  AUTH0_CLIENT_ID: 'client',
  AUTH0_CLIENT_SECRET: 'secret',
  SESSION_SECRET: 'x'.repeat(32),
  BASE_URL: 'https://app.example.com/',
};

test('the app runs with the local tenant if nothing is set, or everything is empty', () => {
  expect(readConfig({})).toBeUndefined();
  expect(readConfig({ AUTH0_DOMAIN: '', BASE_URL: '' })).toBeUndefined();
});

test('the app runs with the tenant of its settings if all are set', () => {
  expect(readConfig(complete)).toEqual({
    domain: 'acme.eu.auth0.com',
    clientID: 'client',
    clientSecret: 'secret',
    sessionSecret: complete.SESSION_SECRET,
    baseURL: 'https://app.example.com',
  });
});

test.each([
  [{ SESSION_SECRET: 'short' }, /SESSION_SECRET must be 32 characters or more/],
  [{ BASE_URL: 'app.example.com' }, /BASE_URL must be/],
  [{ BASE_URL: 'https://app.example.com/path' }, /BASE_URL must be/],
  [{ BASE_URL: 'http://app.example.com' }, /BASE_URL must be/],
  [{ BASE_URL: 'ftp://127.0.0.1' }, /BASE_URL must be/],
  [{ AUTH0_DOMAIN: undefined, SESSION_SECRET: '' }, /^Missing: AUTH0_DOMAIN, SESSION_SECRET\./],
])('settings with %j are refused, and the message names the variable', (env, message) => {
  expect(() => readConfig({ ...complete, ...env })).toThrow(message);
});

test.each(['0', '65535', 'x', '3000.5', '-1'])('PORT=%s is refused', (PORT) => {
  expect(() => readPort({ PORT })).toThrow('PORT must be a whole number');
});

test('the port is 3000 unless PORT says otherwise', () => {
  expect([readPort({}), readPort({ PORT: '' }), readPort({ PORT: '8080' })]).toEqual([3000, 3000, 8080]);
});

// Each test starts a process, which takes long on a busy machine.
describe.each(['start', 'start:koa'] as const)('npm run %s', { timeout: 60_000 }, (script) => {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const children: ChildProcess[] = [];
  let cwd: string;

  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'example-app-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(cwd, { recursive: true });
  });

  /** Runs the script's file in an empty folder and environment, so that no .env of this machine counts. */
  function run(env: Record<string, string>) {
    const child = spawn(process.execPath, ['--import', tsx, join(root, manifest.scripts[script].replace('tsx ', ''))], {
      cwd,
      env: { PATH: process.env.PATH, TSX_TSCONFIG_PATH: join(root, 'tsconfig.json'), ...env },
    });
    children.push(child);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    const ended = once(child, 'close').then(([code]) => ({ ...output, code: code as number | null }));
    /** Resolves with the output once it has this text. */
    const said = (text: string) =>
      new Promise<string>((resolve, reject) => {
        child.stdout.on('data', () => {
          if (output.stdout.includes(text)) resolve(output.stdout);
        });
        void ended.then(({ stderr }) => {
          reject(new Error(`The app ended: ${stderr}`));
        });
      });
    return { child, ended, said };
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('starts the app with a local tenant, and ends at %s', async (signal) => {
    const port = await freePorts();
    const { child, ended, said } = run({ PORT: String(port) });
    const output = await said('Tenant  local');
    expect(output.split('\n')).toEqual([
      `App     http://127.0.0.1:${port}`,
      `Inbox   http://127.0.0.1:${port + 1}/inbox`,
      expect.stringMatching(/^Tenant {2}local: [^\n]{1,72}$/),
      '',
    ]);
    // Neither connections that are kept alive nor a request in progress may keep the app from ending.
    const page = await fetch(`http://127.0.0.1:${port}/login`);
    expect(await page.text()).toContain(`http://127.0.0.1:${port + 1}/inbox`);
    expect(await (await fetch(`http://127.0.0.1:${port + 1}/inbox`)).json()).toEqual([]);
    const poll = connect(port, '127.0.0.1').on('error', () => undefined);
    await once(poll, 'connect');
    poll.write('POST /login/mfa/answer HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n_csrf');

    child.kill(signal);
    expect(await ended).toEqual({ code: 0, stdout: output, stderr: '' });
    poll.destroy();
  });

  test('runs with the tenant of a .env file', async () => {
    const port = await freePorts();
    const lines = Object.entries({ ...complete, PORT: port }).map(([name, value]) => `${name}=${value}\n`);
    await writeFile(join(cwd, '.env'), lines.join(''));
    const { said } = run({});
    const output = await said('Links');
    expect(output).toContain('App     https://app.example.com ');
    expect(output).toContain('Tenant  acme.eu.auth0.com');
    expect(output).toContain('https://app.example.com/login/callback');
    expect(output).not.toContain('secret');
  });

  test('names missing settings, and ends with status 1', async () => {
    const { ended } = run({ AUTH0_DOMAIN: 'acme.eu.auth0.com' });
    const { code, stdout, stderr } = await ended;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Missing: AUTH0_CLIENT_ID, AUTH0_CLIENT_SECRET, SESSION_SECRET, BASE_URL\. [^\n]+\n$/);
  });

  test.each([
    ['the app', 0],
    ['the inbox', 1],
  ])('says that the port for %s is in use, and ends with status 1', async (_whose, offset) => {
    const port = await freePorts();
    const other = createServer();
    await once(other.listen(port + offset, '127.0.0.1'), 'listening');
    const { code, stdout, stderr } = await run({ PORT: String(port) }).ended;
    other.close();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^[^\n]+\n$/);
    expect(stderr).toContain(`Port ${port + offset} is in use`);
    expect(stderr).toContain('PORT');
  });
});

/** A free port with a free port after it, below the range from which systems pick a port. */
async function freePorts(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 30_000);
    const servers = [port, port + 1].map((each) => createServer().listen(each, '127.0.0.1'));
    const listening = await Promise.allSettled(servers.map((server) => once(server, 'listening')));
    for (const server of servers) server.close();
    if (listening.every(({ status }) => status === 'fulfilled')) return port;
  }
}
