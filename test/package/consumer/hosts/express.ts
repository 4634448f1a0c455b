// Express and Passport, as their own types have them.
import express, { type Request, type RequestHandler } from 'express';
import passport from 'passport';
import {
  type AuthInfo,
  type FailureInfo,
  mfaMiddleware,
  type MfaRequiredInfo,
  PasswordlessStrategy,
  start,
  verify,
} from 'passport-auth0-passwordless';

const strategy = new PasswordlessStrategy(
  {
    domain: 'acme.eu.auth0.com',
    clientID: 'id',
    clientSecret: 'secret',
    language: (req: Request) => req.acceptsLanguages()[0],
    forwardedFor: (req: Request) => req.ips[0],
    passReqToCallback: true,
  },
  (req: Request, _tokens, profile) => Promise.resolve({ id: profile.id, host: req.hostname }),
);
passport.use(strategy);
passport.use('staff', strategy);

export const app = express();
const begin = passport.authenticate(
  strategy.name,
  start({ pendingRedirect: '/login/code', appState: (req: Request) => ({ path: req.path }) }),
) as RequestHandler;
const finish = passport.authenticate(strategy, verify({ stage: 'code', successRedirect: '/' })) as RequestHandler;
app.post('/login', begin).post('/login/code', finish);
app.get('/login/code', async (req, res) => {
  res.json(await strategy.pending(req));
});

const answer: RequestHandler = (req, res, next) => {
  const authenticate = passport.authenticate(
    strategy.name,
    verify(),
    (error: unknown, user?: Express.User | false, info?: FailureInfo | MfaRequiredInfo | AuthInfo, status?: number) => {
      if (error) next(error);
      else if (user) req.logIn(user, next);
      else if (info && 'code' in info) res.status(status ?? 401).json({ code: info.code, message: info.message });
    },
  ) as RequestHandler;
  void authenticate(req, res, next);
};
app.post('/api/login/code', answer);

const mfa = mfaMiddleware(strategy);
app.get('/login/mfa', mfa.list(), (req, res) => {
  res.json({ mfa: (req as Request & { mfa?: unknown }).mfa });
});
app.post('/login/mfa/challenge', async (req, res) => {
  res.json(await strategy.mfa.challenge(req, { authenticatorId: 'sms|dev_1' }));
});
