// Fastify and @fastify/passport, as their own types have them.
import passport from '@fastify/passport';
import fastify, { type FastifyRequest } from 'fastify';
import {
  type FailureInfo,
  mfaMiddleware,
  type MfaRequiredInfo,
  PasswordlessStrategy,
  start,
  type TransactionStore,
  verify,
} from 'passport-auth0-passwordless';

const store: TransactionStore = {
  load: (req: FastifyRequest) => req.hostname,
  save: (_req: FastifyRequest, _value) => undefined,
  clear: (_req: FastifyRequest) => undefined,
};
const strategy = new PasswordlessStrategy(
  {
    domain: 'acme.eu.auth0.com',
    clientID: 'id',
    clientSecret: 'secret',
    store,
    language: (req: FastifyRequest) => req.headers['accept-language'],
    forwardedFor: (req: FastifyRequest) => req.ips?.[0],
    passReqToCallback: true,
  },
  (req: FastifyRequest, _tokens, profile) => Promise.resolve({ id: profile.id, host: req.hostname }),
);
passport.use(strategy);
passport.use('staff', strategy);

type Returning = FastifyRequest<{ Querystring: { returnTo?: string } }>;

export const app = fastify();
const begin = start({ pendingRedirect: '/login/code', appState: (req: FastifyRequest) => ({ id: req.id }) });
app.post('/login', { preValidation: passport.authenticate(strategy.name, begin) }, () => undefined);
const returning = start({ appState: (req: Returning) => ({ returnTo: req.query.returnTo }) });
app.post('/login/again', { preValidation: passport.authenticate('staff', returning) }, () => undefined);
app.post(
  '/login/code',
  {
    preValidation: passport.authenticate(
      'auth0-passwordless',
      verify({ stage: 'code' }),
      async (req, reply, error, user, info, status) => {
        if (error) throw error;
        if (user) return req.logIn(user);
        // Unknown to the types of @fastify/passport.
        const { code, message } = info as FailureInfo | MfaRequiredInfo;
        return reply.code(status ?? 401).send({ code, message });
      },
    ),
  },
  () => undefined,
);
app.get('/login/code', (req) => strategy.pending(req));
const mfa = mfaMiddleware(strategy);
app.get('/login/mfa', { preHandler: mfa.list() }, (req) => (req as FastifyRequest & { mfa?: unknown }).mfa);
app.post('/login/mfa/challenge', (req) => strategy.mfa.challenge(req, { authenticatorId: 'sms|dev_1' }));
