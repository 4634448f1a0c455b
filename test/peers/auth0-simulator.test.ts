import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { browse } from './front.js';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const cert = file('../fixtures/localhost.cert.pem');
const key = file('../fixtures/localhost.key.pem');

// Theirs: the start, the exchange of a code (of any code: it sends none), the keys, /userinfo, all over TLS.
describe("against Simulacrum's auth0-simulator", () => {
  const home = mkdtempSync(join(tmpdir(), 'simulacrum-'));
  const agent = new Agent({ connect: { ca: readFileSync(cert) } });
  let domain = '';
  let simulator: ChildProcess;

  beforeAll(async () => {
    const certificates = join(home, '.simulacrum/certs');
    mkdirSync(certificates, { recursive: true });
    cpSync(cert, join(certificates, 'localhost.pem'));
    cpSync(key, join(certificates, 'localhost-key.pem'));
    const child = spawn(process.execPath, [file('auth0-simulator.cjs')], {
      env: { ...process.env, HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    simulator = child;
    const [port] = (await once(createInterface(child.stdout), 'line')) as [string];
    domain = `127.0.0.1:${port}`;
  });

  afterAll(async () => {
    await agent.close();
    const exit = once(simulator, 'exit');
    simulator.kill();
    await exit;
    rmSync(home, { recursive: true });
  });

  test('a code signs in', async () => {
    const browser = await browse(domain, { dispatcher: agent });
    await browser.post('/start').send({ email: 'Ada@Example.com' }).expect(200);
    const response = await browser.post('/code').send({ otp: '123456' });
    expect(response.body).toEqual({
      user: { id: 'email|1', name: 'Ada' },
      info: { connection: 'email', method: 'code' },
    });
    expect((await browser.get('/me')).body.user).toEqual({ id: 'email|1', name: 'Ada' });
  });

  test('an SMS is started', async () => {
    const browser = await browse(domain, { dispatcher: agent });
    const response = await browser.post('/start').send({ phone_number: '+44 20 7946 0000' }).expect(200);
    expect(response.body.pending).toMatchObject({ stage: 'code', connection: 'sms', to: '+•••0000' });
  });

  test('/userinfo adds to the profile', async () => {
    const browser = await browse(domain, { dispatcher: agent, fetchUserInfo: true });
    await browser.post('/start').send({ email: 'ada@example.com' });
    const response = await browser.post('/code').send({ otp: '123456' });
    expect(response.body.user).toEqual({ id: 'email|1', name: 'Ada' });
  });

  test('a user whom it does not know is refused', async () => {
    const browser = await browse(domain, { dispatcher: agent });
    await browser.post('/start').send({ email: 'grace@example.com' }).expect(200);
    const response = await browser.post('/code').send({ otp: '123456' });
    expect(response.status).toBe(502);
    expect(response.body.error).toMatchObject({ code: 'unexpected_response' });
    expect((await browser.get('/me')).body.user).toBeNull();
  });

  test('a certificate that nobody vouches for ends the call', async () => {
    const browser = await browse(domain);
    const response = await browser.post('/start').send({ email: 'ada@example.com' });
    expect(response.status).toBe(503);
    expect(response.body.error).toMatchObject({ code: 'transport_error' });
  });
});
