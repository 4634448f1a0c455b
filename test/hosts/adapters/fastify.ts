import cookie from '@fastify/cookie';
import formBody from '@fastify/formbody';
import passport from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import session from '@fastify/session';
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify';
import { PasswordlessStrategy, type RequestLike } from 'passport-auth0-passwordless';
import {
  jsonRoutes,
  errorResponse,
  type Host,
  type HostSetup,
  mfaRoutes,
  otherPages,
  type Page,
  pagesRoutes,
  pendingPage,
} from '../../support/host.js';
import { answer, authenticate } from '../recipes/fastify.js';
import { SlowStore } from '../slow-stores.js';

const method = ['GET', 'POST'];

/** Fastify, with one of its session plugins. */
export function fastifyHost(name: string, sessions: Host['sessions'], keep: (app: FastifyInstance) => void): Host {
  const listen = async ({ options, verify, route, reached }: HostSetup) => {
    const strategy = new PasswordlessStrategy(options, verify);
    passport.use(strategy);
    passport.registerUserSerializer((user) => Promise.resolve(user));
    passport.registerUserDeserializer((user) => Promise.resolve(user));

    const app = fastify({ trustProxy: true, forceCloseConnections: true });
    app.register(formBody);
    keep(app);
    app.register(passport.initialize());
    app.register(passport.secureSession());
    app.setErrorHandler((error, _request, reply) => {
      const { status, body } = errorResponse(error);
      return reply.code(status).send(body);
    });

    for (const { path: url, options } of pagesRoutes(route)) {
      const handler = (request: FastifyRequest) => {
        reached(url);
        return { user: request.user, info: request.authInfo };
      };
      app.route({ method, url, preValidation: authenticate(strategy.name, options), handler });
    }
    const page = (read: Page) => (request: FastifyRequest) =>
      Promise.resolve(read(request as unknown as RequestLike, strategy));
    for (const { path: url, options } of jsonRoutes(route)) {
      const preValidation = answer(strategy.name, options);
      app.route({ method, url, preValidation, handler: page(pendingPage) });
    }
    for (const { path: url, handler: preHandler } of mfaRoutes(strategy)) {
      app.route({
        method,
        url,
        preHandler,
        handler: (request) => (request as { mfa?: unknown }).mfa,
      });
    }
    for (const { path, read } of otherPages) app.get(path, page(read));
    app.get('/me', (request) => ({ user: request.user ?? null }));

    const origin = await app.listen({ port: 0, host: '127.0.0.1' });
    return { strategy, origin, close: () => app.close() };
  };
  // Without a session @fastify/passport does not start, and without @fastify/formbody Fastify itself refuses a form.
  return { name, sessions, canForget: false, listen };
}

export const stored = () => ({ secret: 'test'.repeat(8), cookie: { secure: false }, store: new SlowStore() });

export const fastifyHosts = [
  fastifyHost('Fastify, @fastify/session', 'store', (app) => {
    app.register(cookie);
    app.register(session, { ...stored(), rolling: false, saveUninitialized: false });
  }),
  fastifyHost('Fastify, @fastify/secure-session', 'cookie', (app) => {
    app.register(secureSession, { key: Buffer.alloc(32, 1), cookie: { path: '/' } });
  }),
];
