import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import express from 'express';
import session from 'express-session';
import passport, { Passport } from 'passport';
import { PasswordlessStrategy, type StrategyOptions, type VerifyFunction } from 'passport-auth0-passwordless';
import { type LocalTenantOptions, startLocalTenant } from 'passport-auth0-passwordless/testing';
import request from 'supertest';
import { afterAll, onTestFinished } from 'vitest';
import { listening } from '../support/host.js';
import { root, writeBlocks } from './pages.js';

export const ada = 'ada@example.com';

/**
 * Writes the blocks of a page into a new folder inside the checkout, where the package's name means lib/, until the tests of
 * the file have run.
 */
export function extract(page: string, within = 'test/docs') {
  const folder = mkdtempSync(join(root, within, '.examples-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  writeBlocks(page, folder);
  // The pages share one process, and with it the instance that the module exports.
  Object.assign(passport, new Passport());
  return { folder, load: (file: string) => import(join(folder, file)) as Promise<unknown> };
}

interface Setup {
  tenant?: LocalTenantOptions;
  strategy?: Partial<StrategyOptions>;
  verify?: VerifyFunction;
}

/** A tenant and a strategy for it, closed when the test ends. */
export async function setUp({ tenant: tenantOptions, strategy: options, verify }: Setup = {}) {
  const tenant = await startLocalTenant(tenantOptions);
  const strategy = new PasswordlessStrategy(
    { ...tenant, resendCooldown: 0, ...options },
    verify ?? ((_tokens, { id, displayName: name }) => Promise.resolve({ id, name })),
  );
  onTestFinished(async () => {
    await strategy.auth0.close();
    await tenant.close();
  });
  return { tenant, strategy, code: (email = ada) => tenant.inbox.latest(email)?.code ?? '' };
}

/** The Express app around the routes of a page: sessions, bodies, and the strategy, if the page leaves that to the app. */
export function createApp(strategy?: PasswordlessStrategy): express.Express {
  if (strategy) {
    passport.use(strategy);
    passport.serializeUser((user, done) => {
      done(null, user);
    });
  }
  const sessions = session({ secret: 'test', resave: false, saveUninitialized: false });
  return express().use(sessions, express.urlencoded({ extended: false }), express.json());
}

/** Serves an app until the test ends; returns its origin. */
export async function serve(listener: RequestListener): Promise<string> {
  const { origin, close } = await listening(createServer(listener).listen(0, '127.0.0.1'));
  onTestFinished(async () => {
    await close();
  });
  return origin;
}

/** A browser that keeps its cookies and posts forms. */
export function browse(app: string | express.Express) {
  const agent = request.agent(app);
  const post = (path: string, fields = {}) => agent.post(path).type('form').send(fields);
  return {
    agent,
    get: (path: string) => agent.get(path),
    post,
    /** Posts a form; resolves to where the response leads. */
    submit: async (path: string, fields = {}): Promise<string | undefined> =>
      (await post(path, fields)).headers.location,
  };
}
