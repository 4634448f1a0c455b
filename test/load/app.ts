import { subscribe } from 'node:diagnostics_channel';
import type { AddressInfo, Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import express from 'express';
import session, { MemoryStore } from 'express-session';
import passport from 'passport';
import {
  isPasswordlessError,
  PasswordlessStrategy,
  start,
  type StrategyOptions,
  verify,
} from 'passport-auth0-passwordless';
import { answerQuestions } from './process.js';

export interface AppQuestions {
  url: string;
  /** What the process holds once the logins are over, without their sessions. */
  held: Held;
  /** Closes everything, and tells what is left. */
  left: { resources: string[]; sockets: number };
}

export interface Held {
  /** Bytes in use after a forced collection. */
  heap: number;
  /** Timers that keep a process alive; unlike those of undici and Node, the deadline of a call does. */
  timers: number;
  /** Connections to the tenant: now, and the most there ever were at once. */
  sockets: { open: number; most: number };
  /** Requests to the tenant: all of them, and those not yet over. */
  calls: { made: number; underWay: number };
}

const sockets = new Set<Socket>();
let most = 0;
subscribe('undici:client:connected', (message) => {
  const { socket } = message as { socket: Socket };
  sockets.add(socket);
  most = Math.max(most, sockets.size);
  socket.once('close', () => sockets.delete(socket));
});
const calls = { made: 0, underWay: 0 };
subscribe('undici:request:create', () => {
  calls.made += 1;
  calls.underWay += 1;
});
for (const end of ['undici:request:trailers', 'undici:request:error']) {
  subscribe(end, () => {
    calls.underWay -= 1;
  });
}

const options = JSON.parse(process.env.OPTIONS ?? '') as StrategyOptions;
const strategy = new PasswordlessStrategy(
  // A browser whose start timed out asks again at once.
  { ...options, resendCooldown: 0 },
  (_tokens, profile) => Promise.resolve({ email: profile.emails[0]?.value }),
);
passport.use(strategy);
passport.serializeUser((user, done) => {
  done(null, user);
});
passport.deserializeUser((user: Express.User, done) => {
  done(null, user);
});

const store = new MemoryStore();
const app = express();
app.use(
  session({ store, secret: 'test', resave: false, saveUninitialized: false }),
  passport.session(),
  express.json(),
);
const on = (options: object) => passport.authenticate(strategy.name, options) as express.Handler;
const user: express.Handler = (req, res) => {
  res.json(req.user ?? null);
};
app.post('/login', on(start()), (_req, res) => {
  res.json(null);
});
app.post('/code', on(verify()), user);
app.get('/me', user);
app.use(((error: unknown, _req, res, _next) => {
  if (isPasswordlessError(error)) return void res.sendStatus(error.status);
  console.error(error);
  res.sendStatus(500);
}) satisfies express.ErrorRequestHandler);

const server = app.listen(0, '127.0.0.1', () => {
  answerQuestions<AppQuestions>({
    url: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async held() {
      // The sessions of those who signed in are the app's to keep.
      store.clear();
      for (let round = 0; round < 3; round += 1) {
        await setImmediate();
        globalThis.gc?.();
      }
      return {
        heap: process.memoryUsage().heapUsed,
        timers: process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length,
        sockets: { open: sockets.size, most },
        calls,
      };
    },
    async left() {
      await strategy.auth0.close();
      await new Promise((resolve) => server.close(resolve));
      // What is closed is gone a turn of the event loop later.
      await setImmediate();
      await setImmediate();
      // All but the channel to the parent process, and the output.
      const resources = process.getActiveResourcesInfo().filter((type) => !/^(Pipe|TTY)/.test(type));
      return { resources, sockets: sockets.size };
    },
  });
});
