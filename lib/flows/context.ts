import type { Auth0Client } from '../auth0/client.js';
import type { AuthenticateOptions } from '../authenticate-options.js';
import type { Settings } from '../settings.js';
import type { RequestLike } from '../request.js';
import type { PendingLogins } from '../transaction/pending-logins.js';
import type { Verifier } from '../verify.js';
import type { createAttempts } from './attempts.js';
import type { PushPolls } from './push-polls.js';

/** What every flow of one strategy works with. */
export interface Context {
  settings: Settings;
  auth0: Auth0Client;
  pendingLogins: PendingLogins;
  share: ReturnType<typeof createAttempts>;
  polls: PushPolls;
  verify: Verifier;
}

/** One request to a route. */
export interface Input {
  req: RequestLike;
  options: AuthenticateOptions;
}
