// The strategy and the route options in Passport and Express as their own types have them.
import express, { type RequestHandler } from 'express';
import passport from 'passport';
import { PasswordlessStrategy, start, verify } from 'passport-auth0-passwordless';

const strategy = new PasswordlessStrategy(
  { domain: 'acme.eu.auth0.com', clientID: 'id', clientSecret: 'secret', language: (req) => String(req.query.ui) },
  (_tokens, profile) => Promise.resolve(profile),
);
passport.use(strategy);

export const app = express();
const begin = passport.authenticate(strategy.name, start({ pendingRedirect: '/login/code' })) as RequestHandler;
const finish = passport.authenticate(strategy, verify({ stage: 'code', successRedirect: '/' })) as RequestHandler;
app.post('/login', begin).post('/login/code', finish);
app.get('/login/code', async (req, res) => {
  res.json(await strategy.pending(req));
});
