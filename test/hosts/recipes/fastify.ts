import passport from '@fastify/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticateOptions } from 'passport-auth0-passwordless';

/** In place of `passport.authenticate`: where Passport answers, waits until the answer is out. */
export function authenticate(name: string, options: AuthenticateOptions) {
  const hook = passport.authenticate(name, options);
  return async function (request: FastifyRequest, reply: FastifyReply) {
    const { statusCode } = reply;
    await hook.call(request.server, request, reply);
    if (reply.statusCode !== statusCode) return reply;
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
