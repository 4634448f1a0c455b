import passport from '@fastify/passport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticateOptions } from 'passport-auth0-passwordless';

/** In place of `passport.authenticate`: waits until the answer is out, where Passport gave one. */
export function authenticate(name: string, options: AuthenticateOptions) {
  const hook = passport.authenticate(name, options);
  return async function (request: FastifyRequest, reply: FastifyReply) {
    await hook.call(request.server, request, reply);
    if (reply.statusCode !== 200) return reply;
  };
}
