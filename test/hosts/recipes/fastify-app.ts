import cookie from '@fastify/cookie';
import formBody from '@fastify/formbody';
import passport from '@fastify/passport';
import session, { type FastifySessionOptions } from '@fastify/session';
import { fastify } from 'fastify';
import { isPasswordlessError, type PasswordlessStrategy, start, verify } from 'passport-auth0-passwordless';
import { answer, authenticate } from './fastify.js';

/** `sessions`: a `secret`, a `store`, and what else @fastify/session takes. */
export function createApp(strategy: PasswordlessStrategy, sessions: FastifySessionOptions) {
  passport.use(strategy);
  passport.registerUserSerializer((user) => Promise.resolve(user));
  passport.registerUserDeserializer((user) => Promise.resolve(user));

  const app = fastify({ logger: { level: 'error' } });
  app.register(formBody);
  app.register(cookie);
  app.register(session, { rolling: false, saveUninitialized: false, ...sessions });
  app.register(passport.initialize());
  app.register(passport.secureSession());
  app.setErrorHandler((error, request, reply) => {
    if (!isPasswordlessError(error)) return reply.send(error);
    if (error.status >= 500) request.log.error(error);
    const message = error.status < 500 ? error.message : 'Signing in does not work at the moment.';
    return reply.code(error.status).send({ code: error.code, message });
  });

  const name = strategy.name;
  const begin = authenticate(name, start({ pendingRedirect: '/login/code' }));
  const finish = authenticate(name, verify({ stage: 'code', failureRedirect: '/login/code', failureMessage: true }));
  app.post('/login', { preValidation: begin }, () => undefined);
  app.post('/login/code', { preValidation: finish }, (_request, reply) => reply.redirect('/'));
  app.post('/api/login/code', { preValidation: answer(name, verify({ stage: 'code' })) }, () => undefined);
  app.get('/login/code', (request) => strategy.pending(request));
  app.get('/', (request) => ({ user: request.user ?? null }));
  return app;
}
