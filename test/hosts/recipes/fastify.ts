import passport from '@fastify/passport';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AuthenticateOptions, start, verify } from 'passport-auth0-passwordless';

/** In place of `passport.authenticate`: where Passport answers, waits until the answer is out. */
export function authenticate(name: string, options: AuthenticateOptions) {
  const hook = passport.authenticate(name, options);
  return async function (request: FastifyRequest, reply: FastifyReply) {
    await hook.call(request.server, request, reply);
    if (reply.statusCode !== 200) return reply;
  };
}

/** A step that answers in JSON. The callback returns the reply. */
export function answer(name: string, options: AuthenticateOptions) {
  return passport.authenticate(name, options, async (request, reply, error, user, info, status = 401) => {
    if (error) throw error;
    if (!user) return reply.code(status).send(info);
    await request.logIn(user);
    return reply.send({ user, info });
  });
}

export function loginRoutes(app: FastifyInstance) {
  const on = (options: AuthenticateOptions) => ({ preValidation: authenticate('auth0-passwordless', options) });
  const nothing = () => undefined;
  app.post('/login', on(start({ pendingRedirect: '/login/code' })), nothing);
  app.post('/login/code', on(verify({ stage: 'code', failureRedirect: '/login/code' })), (_request, reply) =>
    reply.redirect('/'),
  );
  app.post('/api/login/code', { preValidation: answer('auth0-passwordless', verify({ stage: 'code' })) }, nothing);
}
