import { generateKeyPairSync } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import type { FastifyInstance } from 'fastify';
import { MemoryStore, type Store } from 'express-session';
import type Koa from 'koa';
import type { PasswordlessStrategy } from 'passport-auth0-passwordless';
import request from 'supertest';
import { afterEach, expect, test, vi } from 'vitest';
import { extract } from './examples.js';

const { folder, load } = extract('docs/production.md');
afterEach(() => {
  vi.unstubAllEnvs();
});

test('each host uses the address that the one trusted proxy wrote', async () => {
  const { expressApp, koaApp, fastifyApp } = (await load('trust-proxy.ts')) as {
    expressApp: express.Express;
    koaApp: Koa;
    fastifyApp: FastifyInstance;
  };
  expressApp.get('/', (req, res) => res.send(req.ip));
  koaApp.use((ctx) => {
    ctx.body = ctx.ip;
  });
  fastifyApp.get('/', (req) => req.ip);
  await fastifyApp.ready();
  for (const app of [expressApp, koaApp.callback(), fastifyApp.server]) {
    // Anybody can have sent the first address.
    const call = request(app as never).get('/');
    expect((await call.set('x-forwarded-for', '198.51.100.1, 203.0.113.7')).text).toBe('203.0.113.7');
  }
  await fastifyApp.close();
});

test('the session cookie of the page is out of reach for other subdomains and for scripts', async () => {
  const { useSessions } = (await load('sessions.ts')) as { useSessions: (app: express.Express, store: Store) => void };
  const app = express();
  const store = new MemoryStore();
  expect(() => {
    useSessions(app, store);
  }).toThrow('SESSION_SECRET');
  vi.stubEnv('SESSION_SECRET', 's'.repeat(32));
  useSessions(app, store);
  app.get('/', (req, res) => {
    Object.assign(req.session, { seen: true });
    res.end();
  });
  const https = await request(app).get('/').set('x-forwarded-proto', 'https');
  expect(https.get('Set-Cookie')?.[0]).toMatch(/^__Host-session=.*; Path=\/; .*HttpOnly; Secure; SameSite=Lax$/);
  expect((await request(app).get('/')).get('Set-Cookie')).toBeUndefined();
});

test('the strategies of the page can be created, unless a transaction secret is too short', async () => {
  vi.stubEnv('AUTH0_DOMAIN', 'acme.eu.auth0.com');
  vi.stubEnv('AUTH0_CLIENT_ID', 'id');
  vi.stubEnv('AUTH0_CLIENT_SECRET', 'secret');
  vi.stubEnv('HTTPS_PROXY', 'http://127.0.0.1:8080');
  vi.stubEnv('TRANSACTION_SECRETS', `${'n'.repeat(64)} ${'o'.repeat(64)}`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyFile = join(folder, 'key.pem');
  writeFileSync(keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  vi.stubEnv('AUTH0_KEY_FILE', keyFile);
  for (const file of ['secrets.ts', 'private-key.ts', 'dispatcher.ts']) {
    const { strategy } = (await load(file)) as { strategy: PasswordlessStrategy };
    expect(strategy.name).toBe('auth0-passwordless');
  }
  vi.stubEnv('TRANSACTION_SECRETS', 'short');
  writeFileSync(join(folder, 'secrets-again.ts'), readFileSync(join(folder, 'secrets.ts')));
  await expect(load('secrets-again.ts')).rejects.toThrow('transactionSecret');
});
