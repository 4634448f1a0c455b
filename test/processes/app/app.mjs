// One process of an app that keeps its sessions in Redis. `../processes.ts` forks it and is told its port.
import { once } from 'node:events';
import process from 'node:process';
import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import {
  isPasswordlessError,
  mfaMiddleware,
  PasswordlessStrategy,
  resend,
  start,
  verify,
} from 'passport-auth0-passwordless';
import { createClient } from 'redis';
import { Agent } from 'undici';

const { REDIS_SOCKET: path, OPTIONS } = process.env;
const { hold, ...options } = JSON.parse(OPTIONS);
process.once('disconnect', () => process.exit());

// Has the exchange of a code wait until the test lets it go.
const holding = new Agent().compose((dispatch) => (call, handler) => {
  if (call.path !== '/oauth/token') return dispatch(call, handler);
  process.send('holds');
  void once(process, 'message').then(() => dispatch(call, handler));
  return true;
});

const strategy = new PasswordlessStrategy(
  { ...options, ...(hold && { dispatcher: holding }) },
  async (_tokens, profile) => ({ id: profile.id }),
);
passport.use(strategy);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const client = createClient({ socket: { path } });
await client.connect();

const answer = (options) => (req, res, next) =>
  passport.authenticate(strategy.name, options, (error, user, info, status) => {
    if (error) next(error);
    else if (!user) res.status(status).json({ failed: info });
    else req.logIn(user, (failure) => (failure ? next(failure) : res.json({ user, info })));
  })(req, res, next);
const pending = async (req, res) => res.json({ pending: (await strategy.pending(req)) ?? null });
const mfa = mfaMiddleware(strategy);
const result = (req, res) => res.json(req.mfa);

const app = express();
app.use(
  session({ store: new RedisStore({ client }), secret: 'test', resave: false, saveUninitialized: false }),
  passport.session(),
  express.json(),
);
app.post('/login', answer(start()), pending);
app.post('/link', answer(start({ send: 'link' })), pending);
app.post('/resend', answer(resend()), pending);
app.post('/code', answer(verify({ stage: 'code' })));
app.get('/login/callback', answer(verify()));
app.get('/mfa/list', mfa.list(), result);
app.post('/mfa/challenge', mfa.challenge(), result);
app.post('/mfa', answer(verify({ stage: 'mfa' })));
app.get('/pending', pending);
app.get('/me', (req, res) => res.json({ user: req.user ?? null }));
app.use((error, _req, res, _next) => {
  if (isPasswordlessError(error)) res.status(error.status).json({ error });
  else res.status(500).json({ error: String(error) });
});

const server = app.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
