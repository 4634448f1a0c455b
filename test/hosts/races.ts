import cookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import express from 'express';
import expressSession from 'express-session';
import type { VerifyFunction } from 'passport-auth0-passwordless';
import { expressHost } from '../support/express-host.js';
import { fastifyHost } from './adapters/fastify.js';
import { ada, setUp as setUpApp, type Setup } from '../support/app.js';
import { createTap } from '../support/tap.js';
import { RemoteStore } from './remote-store.js';
import type { Host } from '../support/host.js';

const secret = 'test'.repeat(8);

/** The hosts that keep sessions in a store which a request can ask. */
export const hosts: Record<string, (store: RemoteStore) => Host> = {
  'express-session': (store) =>
    expressHost('Express', express, 'store', () => [
      expressSession({ secret, store, resave: false, saveUninitialized: false }),
    ]),
  '@fastify/session': (store) =>
    fastifyHost('Fastify', 'store', (app) => {
      app.register(cookie);
      app.register(fastifySession, { secret, store, cookie: { secure: false }, rolling: false });
    }),
};

type RaceSetup = Pick<Setup, 'tenant' | 'verify'>;

/** A browser that has a session already, and an app whose calls to Auth0 and to its session store can be held. */
export async function setUp(host: (store: RemoteStore) => Host, setup: RaceSetup = {}) {
  const tap = createTap();
  const store = new RemoteStore(tap);
  let verified = 0;
  const verify: VerifyFunction = (...args) => {
    verified += 1;
    return setup.verify?.(...args) ?? Promise.resolve({ name: args[1].displayName });
  };
  const { dispatcher } = tap;
  const app = await setUpApp({ host: host(store), ...setup, strategy: { dispatcher }, verify });
  const browser = app.browser();
  const post = async (path: string, body: object = {}) => browser.post(path).send(body);
  const get = async (path: string) => browser.get(path);
  // Nothing to send to: Passport keeps the message, and so a session.
  await post('/pages/start');

  /** Sends a request and holds it at the next of this name; what is returned lets it go on. */
  async function held<T>(name: string, send: () => Promise<T>): Promise<() => Promise<T>> {
    const { arrived, open } = tap.hold(name);
    const answer = send();
    const early = answer.then(() => {
      throw new Error(`The answer came before ${name} was asked.`);
    });
    await Promise.race([arrived, early]);
    return () => {
      open();
      return answer;
    };
  }

  /** Holds them all there, and lets them go on together. */
  async function atOnce<T>(name: string, sends: (() => Promise<T>)[]): Promise<T[]> {
    const goOn: (() => Promise<T>)[] = [];
    for (const send of sends) goOn.push(await held(name, send));
    return Promise.all(goOn.map((each) => each()));
  }

  return {
    ...app,
    ...{ post, get, held, atOnce, store },
    exchanges: () => app.tenant.requests.filter(({ path }) => path === '/oauth/token').length,
    verified: () => verified,
    pending: async () => (await get('/pending')).body.pending as unknown,
    whoAmI: async () => (await get('/me')).body.user as unknown,
  };
}

export const withMfa: NonNullable<Setup['tenant']> = {
  mfa: 'always',
  mfaFactors: ['otp', 'phone', 'push-notification'],
};

/** The same where a second factor is pending: the code was right. */
export async function needFactor(host: (store: RemoteStore) => Host, ...factors: ('otp' | 'sms' | 'push')[]) {
  const users = [{ email: ada, phoneNumber: '+12025550123', factors: factors.map((type) => ({ type })) }];
  const app = await setUp(host, { tenant: { ...withMfa, users } });
  await app.post('/start', { email: ada });
  await app.post('/code', { otp: app.code() });
  const list = (await app.get('/mfa/list')).body as { id: string; channel?: string }[];
  return {
    ...app,
    challenge: (channel: string) =>
      app.post('/mfa/challenge', { authenticator_id: list.find((each) => each.channel === channel)?.id }),
  };
}
