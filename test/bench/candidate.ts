import { Passport, type AuthenticateOptions, type Strategy } from 'passport';

/** A way to sign in: what one file of `candidates/` or `peers/` exports. `origin` is the stub's. */
export type CreateCandidate = (origin: string) => Promise<Login> | Login;

/** One login, or one start; resolves to what came of it, or rejects. */
export type Login = () => Promise<unknown>;

let logins = 0;

/** Another code each time, since logins that come at once with the same one are one login. */
export function nextCode(): string {
  logins += 1;
  return String(100_000 + (logins % 900_000));
}

/**
 * Runs a strategy as a route of a web server does, without the server. Resolves to `req.user`.
 *
 * @param options Of `passport.authenticate`.
 */
export function throughPassport(strategy: Strategy, options: object = {}): (req: object) => Promise<unknown> {
  const { name = '' } = strategy;
  const passport = new Passport().use(strategy);
  const handler = passport.authenticate(name, { ...options, session: false } satisfies AuthenticateOptions) as Handler;
  return (req) =>
    new Promise((resolve, reject) => {
      const res = {
        setHeader() {},
        end(text: string) {
          reject(new Error(`${name}: ${text}`));
        },
      };
      handler(req, res, (error) => {
        if (error) reject(error);
        else resolve((req as { user?: unknown }).user);
      });
    });
}

type Handler = (req: object, res: object, next: (error?: unknown) => void) => void;
