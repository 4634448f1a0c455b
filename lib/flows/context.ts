import type { Auth0Client } from '../auth0/client.js';
import type { AuthenticateOptions } from '../authenticate-options.js';
import type { Settings } from '../settings.js';
import type { RequestLike } from '../request.js';
import type { PendingLogins } from '../transaction/pending-logins.js';
import type { Verifier } from '../verify.js';
import type { createAttempts } from './attempts.js';
import type { PushPolls } from './push-polls.js';
import type { SingleFlight } from './single-flight.js';

/** What every flow of one strategy works with. */
export interface Context {
  settings: Settings;
  auth0: Auth0Client;
  pendingLogins: PendingLogins;
  share: ReturnType<typeof createAttempts>;
  polls: PushPolls;
  /** Starts, resends, challenges and enrolments in progress. */
  sends: SingleFlight;
  verify: Verifier;
}

/** One request to a route. */
export interface Input {
  req: RequestLike;
  options: AuthenticateOptions;
  /** When it began, by `performance.now()`. */
  began: number;
}
